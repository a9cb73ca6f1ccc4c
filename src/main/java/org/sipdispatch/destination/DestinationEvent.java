package org.sipdispatch.destination;

/**
 * What people see of a destination has changed.
 *
 * @param fromBusy whether it was busy before
 * @param toBusy whether it is busy now
 * @param atMs in milliseconds since 1970
 * @param version orders the events of one destination
 */
public record DestinationEvent(
        String id,
        DestinationState from,
        boolean fromBusy,
        DestinationState to,
        boolean toBusy,
        String who,
        String why,
        long atMs,
        Version version) {

    /** The event that leads from one status to the next; null if nothing is to be seen of it. */
    public static DestinationEvent between(String id, Status old, Status next) {
        if (old.state() == next.state() && old.busy() == next.busy()) {
            return null;
        }
        return new DestinationEvent(
                id,
                old.state(),
                old.busy(),
                next.state(),
                next.busy(),
                next.who(),
                next.why(),
                next.sinceMs(),
                next.version());
    }
}
