package org.sipdispatch.definitions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.orders.OrderOutcomeUnknownException;
import org.sipdispatch.settings.SettingException;

/**
 * The outcome of a reload or another change of the definitions.
 *
 * @param revision revision of the definitions now in force; -1 if it is not known whether the change was made, or it
 *     was made in the source only
 * @param changes a line for each destination that was added, removed or changed
 * @param warnings a line for each row that was skipped or corrected
 * @param error why nothing was, or would be, applied; empty on success
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

    /** The error of a source that could not be read. */
    static String errorOf(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return cause instanceof SettingException ? cause.getMessage() : cause.toString();
    }

    /** The outcome of a change that may or may not have been made. */
    static ReloadOutcome unknown(String expected) {
        return new ReloadOutcome(UNKNOWN, List.of(), List.of(), OrderOutcomeUnknownException.unknownOutcome(expected));
    }

    /** The outcome of a change of a row that is in the source, but not in the definitions; {@code why} not. */
    static ReloadOutcome partly(String why) {
        return new ReloadOutcome(
                UNKNOWN,
                List.of(),
                List.of(),
                "order: the table is changed, the definitions are not (expected: both; the same order or a reload"
                        + " applies the change); " + why);
    }

    /** The same with more warnings. */
    public ReloadOutcome plus(List<String> more) {
        return more.isEmpty()
                ? this
                : new ReloadOutcome(
                        revision,
                        changes,
                        Stream.concat(warnings.stream(), more.stream()).toList(),
                        error);
    }

    /** Whether the change may or may not have been made, or was made in the source only. */
    public boolean isUnknown() {
        return revision == UNKNOWN;
    }

    /** An outcome that fits a remoting frame: surplus lines are only counted. */
    static ReloadOutcome brief(long revision, List<String> changes, List<String> warnings, String error) {
        return new ReloadOutcome(revision, first(changes), first(warnings), error);
    }

    /** The error of a reload with unusable rows; empty if there are none. */
    static String refusal(List<String> skipped) {
        if (skipped.isEmpty()) {
            return "";
        }
        return "rows: " + skipped.size() + " that cannot be used (expected: none, or an order to skip them such as"
                + " sip-dispatcher reload --skip-bad-rows); "
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
