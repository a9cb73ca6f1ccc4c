package org.sipdispatch.destination;

import org.sipdispatch.sets.Destination;

/**
 * What traffic on one node showed of a destination within a short period.
 *
 * @param succeeded the number of requests that it answered successfully
 * @param failed the number of requests that failed, whether a rule marks the failure or not
 * @param strikes consecutive failures since the last success that a rule marks; they count as failed pings. {@link
 *     #HOLD} if a rule holds the destination
 * @param silent whether the last failure was a timeout or an unreachable address, whose cause may be this node's own
 *     path
 * @param code the status code of the last failure; 408 for a timeout, 503 for an unreachable address; 0 if there was
 *     none
 * @param target the target that the requests were sent to, see {@link org.sipdispatch.sets.Target#name()}; empty if the
 *     destination has none. Not sent to other nodes: {@link DestinationActor.ObserveTarget} has it
 */
public record Observation(
        Destination destination, int succeeded, int failed, int strikes, boolean silent, int code, String target)
        implements WireMessage {
    public Observation {
        // As read from another node.
        target = target == null ? "" : target;
    }

    /** An observation of a destination without targets. */
    public Observation(Destination destination, int succeeded, int failed, int strikes, boolean silent, int code) {
        this(destination, succeeded, failed, strikes, silent, code, "");
    }

    /** The same without marked failures. */
    public Observation withoutStrikes() {
        return new Observation(destination, succeeded, failed, 0, silent, code, target);
    }

    Observation at(String name) {
        return new Observation(destination, succeeded, failed, strikes, silent, code, name);
    }

    /**
     * The number of strikes by which a rule holds the destination. A node of an earlier release takes it for more
     * strikes than any threshold.
     */
    public static final int HOLD = Integer.MAX_VALUE;

    /** Whether a rule holds the destination because of the last failures. */
    public boolean holds() {
        return strikes == HOLD;
    }

    /** Whether the destination answers, according to this observation. */
    boolean isAlive() {
        return succeeded > 0 && strikes == 0;
    }

    /** The last failure, in a few words. */
    String summary() {
        if (silent) {
            return code == 408 ? "no reply" : "unreachable";
        }
        return code == 0 ? "successes" : "reply " + code;
    }
}
