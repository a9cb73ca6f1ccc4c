package org.sipdispatch.definitions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.orders.OutcomeUnknownException;

/**
 * What became of a reload, or of another change of the definitions.
 *
 * @param revision of the definitions that hold now; -1 where the node that reads does not know whether the change was made
 * @param changes a line for each destination that came, went or changed
 * @param warnings rows that were skipped or mended
 * @param error why nothing was applied, or would be; empty if all went well
 */
public record ReloadOutcome(long revision, List<String> changes, List<String> warnings, String error)
        implements WireMessage {
    private static final long UNKNOWN = -1;
    private static final int MOST_LINES = 1000;
    private static final int MOST_BYTES = 400 * 1024;

    /** Nothing was changed. */
    static ReloadOutcome refused(long revision, String error) {
        return new ReloadOutcome(revision, List.of(), List.of(), error);
    }

    /** Of a change that may or may not have been made. */
    static ReloadOutcome unknown(String expected) {
        return new ReloadOutcome(UNKNOWN, List.of(), List.of(), OutcomeUnknownException.told(expected));
    }

    /** Whether it is not known what became of it. */
    public boolean isUnknown() {
        return revision == UNKNOWN;
    }

    /** One that fits a frame: what is too much is only counted. */
    static ReloadOutcome brief(long revision, List<String> changes, List<String> warnings, String error) {
        return new ReloadOutcome(revision, first(changes), first(warnings), error);
    }

    /** Why rows that cannot be used refuse a reload; empty if there are none. */
    static String refusal(List<String> skipped) {
        if (skipped.isEmpty()) {
            return "";
        }
        return "rows: " + skipped.size() + " that cannot be used (expected: none, or an order to skip them); "
                + String.join("; ", first(skipped));
    }

    private static List<String> first(List<String> lines) {
        List<String> first = new ArrayList<>();
        int bytes = 0;
        for (String line : lines) {
            bytes += line.getBytes(StandardCharsets.UTF_8).length;
            if (first.size() == MOST_LINES || bytes > MOST_BYTES) {
                first.add("... and " + (lines.size() - first.size()) + " more");
                break;
            }
            first.add(line);
        }
        return List.copyOf(first);
    }
}
