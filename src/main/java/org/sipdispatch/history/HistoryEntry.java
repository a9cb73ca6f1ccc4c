package org.sipdispatch.history;

/**
 * One line of the cluster's history.
 *
 * @param id its place in the history, from 1, without gaps; 0 before it has one
 * @param atMs when it happened, in milliseconds since 1970
 * @param destination the destination's id; empty for what is about all or none
 * @param state what the destination is since then, Active, Inactive or Probing; empty for an order
 * @param busy whether it lives but takes no new calls
 * @param what {@code status} for a change, {@code removed}, or the verb of an order such as {@code hold}
 * @param who {@code probe}, {@code traffic}, {@code table}, or the operator and the address he came from
 * @param why in a few words; for an order also what became of it
 * @param version of the destination's status; empty for an order
 * @param node the address of the node that did it; empty where that is not known
 * @param superseded whether a newer version of the destination was in the history before this came; it is kept for the
 *     record and is not what the destination is
 */
public record HistoryEntry(
        long id,
        long atMs,
        Kind kind,
        String destination,
        String state,
        boolean busy,
        String what,
        String who,
        String why,
        String version,
        String node,
        boolean superseded) {
    /** What a superseded one is told as, in place of {@code status} or {@code removed}. */
    public static final String SUPERSEDED = "superseded";

    /** What it is a line of. */
    public enum Kind {
        /** A destination changed. */
        STATUS,
        /** An operator gave an order. */
        ORDER
    }
}
