package org.sipdispatch.sets;

import java.util.List;

/** What the algorithms by load and latency read. */
public record LoadContext(DestinationFacts facts, LoadSettings settings) {
    /** Nothing is measured. */
    public static final LoadContext NONE = new LoadContext(DestinationFacts.NONE, new LoadSettings(4, List.of()));
}
