package org.sipdispatch.destination;

import org.sipdispatch.sets.Destination;

/**
 * What traffic showed of a destination within a short time, on one node.
 *
 * @param succeeded how many requests it answered well
 * @param failed how many it failed, marked or not
 * @param strikes failures in a row since the last success, of rules that mark them; they count as failed pings
 * @param silent whether the last failure was silence or an unreachable address, which may be this node's own path
 * @param code what the last failure was; 408 for silence, 503 for an unreachable address; 0 if there was none
 */
public record Observation(Destination destination, int succeeded, int failed, int strikes, boolean silent, int code)
        implements WireMessage {

    /** Whether it answers, as far as this shows. */
    boolean showsLife() {
        return succeeded > 0 && strikes == 0;
    }

    /** The last failure in a few words. */
    String told() {
        if (silent) {
            return code == 408 ? "no reply" : "unreachable";
        }
        return code == 0 ? "successes" : "reply " + code;
    }
}
