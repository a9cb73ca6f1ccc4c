package org.sipdispatch.limits;

import org.sipdispatch.sets.LimitValues;

/**
 * A limit, and what one node uses of it.
 *
 * @param name as {@link CallLimits#name}
 * @param values the limits in the whole cluster
 * @param calls the calls in flight through this node
 * @param elsewhere the answered calls of other nodes, also of nodes that do not run any more
 * @param free how many more this node may have without asking the others
 * @param refused the calls that were refused here since the start, or sent to another destination
 */
public record LimitUse(
        String name, CallLimits.Kind kind, LimitValues values, int calls, int elsewhere, int free, long refused) {
    /** Between the id of a destination and a resource; no id has it (RFC 3261 section 25.1). */
    static final String RESOURCE = " / ";

    static final String SOURCE = "source:";

    /** The id of the destination; null if it is a limit of a source. */
    public String destination() {
        return switch (kind) {
            case DESTINATION -> name;
            case CAPACITY -> name.substring(0, name.indexOf(RESOURCE));
            case SOURCE -> null;
        };
    }

    /** The resource of a capacity, or the name of a source; empty if it is a destination's own limit. */
    public String part() {
        return part(name, kind);
    }

    /** The same for limits with this name. */
    public static String part(String name, CallLimits.Kind kind) {
        return switch (kind) {
            case DESTINATION -> "";
            case CAPACITY -> name.substring(name.indexOf(RESOURCE) + RESOURCE.length());
            case SOURCE -> name.substring(SOURCE.length());
        };
    }
}
