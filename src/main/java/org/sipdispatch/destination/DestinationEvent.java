package org.sipdispatch.destination;

import org.sipdispatch.sets.Destination;

/**
 * What people see of a destination has changed.
 *
 * @param partition its partition; empty where the destination is not defined
 * @param set its set's number
 * @param uri as it is written down; empty where the destination is not defined
 * @param fromBusy whether it was busy before
 * @param toBusy whether it is busy now
 * @param atMs in milliseconds since 1970
 * @param version orders the events of one destination
 */
public record DestinationEvent(
        String id,
        String partition,
        int set,
        String uri,
        DestinationState from,
        boolean fromBusy,
        DestinationState to,
        boolean toBusy,
        String who,
        String why,
        long atMs,
        Version version) {

    /**
     * The event that leads from one status to the next; null if nothing is to be seen of it.
     *
     * @param definition null if it is not defined
     */
    public static DestinationEvent between(String id, Definition definition, Status old, Status next) {
        if (old.state() == next.state() && old.busy() == next.busy()) {
            return null;
        }
        Destination destination = definition == null ? null : definition.destination();
        return new DestinationEvent(
                id,
                destination == null ? "" : destination.partition(),
                destination == null ? 0 : destination.set(),
                destination == null ? "" : destination.uri(),
                old.state(),
                old.busy(),
                next.state(),
                next.busy(),
                next.who(),
                next.why(),
                next.sinceMs(),
                next.version());
    }

    /** As a sentence for the log. */
    public String sentence() {
        String reason = why.isEmpty() ? "" : ": " + why;
        String whole = "destination " + id + " is " + shown(to, toBusy) + ", was " + shown(from, fromBusy) + ", by "
                + who + reason;
        return whole.replaceAll("\\p{Cntrl}", "?");
    }

    private static String shown(DestinationState state, boolean busy) {
        return busy ? state.text() + " and busy" : state.text();
    }
}
