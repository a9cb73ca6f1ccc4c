package org.sipdispatch.destination;

import org.sipdispatch.sets.Destination;

/**
 * A change of a destination's state as operators see it.
 *
 * @param partition its partition; empty if the destination is not defined
 * @param set the number of its set
 * @param uri its URI as defined; empty if the destination is not defined
 * @param fromBusy whether it was busy before
 * @param toBusy whether it is busy now
 * @param atMs when the new state began, in milliseconds since 1970
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
        StatusVersion version) {

    /**
     * The event between two statuses; null if they do not differ in state or busy.
     *
     * @param definition null if the destination is not defined
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

    /** The event as a sentence for the log. */
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
