package org.sipdispatch.history;

/**
 * An entry of the cluster's history.
 *
 * @param id its number in the history, from 1, without gaps; 0 before it is stored
 * @param atMs when it happened, in milliseconds since 1970
 * @param destination the destination's id; empty for an order about all or no destinations
 * @param state the new state of the destination, Active, Inactive or Probing; empty for an order
 * @param busy whether the destination is reachable but takes no new calls
 * @param what {@code status} for a change, {@code removed}, or the verb of an order such as {@code hold}
 * @param who {@code probe}, {@code traffic}, {@code table}, or the operator and the client's address
 * @param why the reason in a few words; for an order also its outcome
 * @param version of the destination's status; empty for an order
 * @param node the address of the node that decided; empty if it is not known
 * @param superseded whether the history already held a newer version of the destination when this entry was written;
 *     such an entry is kept for the record and does not show the current state
 */
public record HistoryEntry(
        long id,
        long atMs,
        HistoryEntryType type,
        String destination,
        String state,
        boolean busy,
        String what,
        String who,
        String why,
        String version,
        String node,
        boolean superseded) {
    /** The value shown for {@link #what} of a superseded entry, in place of {@code status} or {@code removed}. */
    public static final String SUPERSEDED = "superseded";

    public enum HistoryEntryType {
        /** A change of a destination's status. */
        STATUS,
        /** An order of an operator. */
        ORDER
    }
}
