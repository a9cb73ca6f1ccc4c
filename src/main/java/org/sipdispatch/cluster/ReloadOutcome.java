package org.sipdispatch.cluster;

import java.util.List;
import org.sipdispatch.destination.WireMessage;

/**
 * What became of a reload.
 *
 * @param revision of the definitions that hold now
 * @param changes a line for each destination that came, went or changed
 * @param warnings rows that were skipped or mended
 * @param error why nothing was applied; empty if all went well
 */
public record ReloadOutcome(long revision, List<String> changes, List<String> warnings, String error)
        implements WireMessage {}
