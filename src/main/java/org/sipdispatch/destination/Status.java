package org.sipdispatch.destination;

/**
 * What the whole cluster knows of a destination. Immutable; the operations on it are the domain's state machine, with
 * the time as an argument.
 *
 * @param version orders what is known
 * @param held an operator has taken it out: no evidence changes that
 * @param probing it was found dead and is pinged until it answers
 * @param busy it is alive but takes no new calls
 * @param failures consecutive failures, 0 to the threshold
 * @param successes consecutive successes since it was found dead, 0 to the success threshold
 * @param removed it is defined no longer
 * @param sinceMs when its shown state began, in milliseconds since 1970
 * @param who who changed it: {@code probe}, {@code traffic}, {@code table}, or an operator
 * @param why what for, in a few words
 */
public record Status(
        Version version,
        boolean held,
        boolean probing,
        boolean busy,
        int failures,
        int successes,
        boolean removed,
        long sinceMs,
        String who,
        String why)
        implements WireMessage {

    /** What operators see, in the words of OpenSIPS. */
    public DestinationState state() {
        if (held) {
            return DestinationState.INACTIVE;
        }
        return probing ? DestinationState.PROBING : DestinationState.ACTIVE;
    }

    /** Whether new requests may go there. */
    public boolean takesTraffic() {
        return state().takesTraffic() && !busy;
    }
}
