package org.sipdispatch.relay;

import org.sipdispatch.relay.DestinationCounters.Count;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.sets.Destination;

/**
 * Which destinations have failed one request. One with several addresses has failed when none of them is left, and at
 * least one of them failed by its own fault.
 */
final class Judgement {
    private final Lane lane;
    private final boolean marks;
    private final boolean inDialog;
    /** The one whose destination has failed at an address and has another one to try. */
    private ClientTransaction toBlame;

    /** {@code inDialog}: a request of a dialog has no choice, so nothing is evidence for or against destinations. */
    Judgement(Lane lane, RelayPolicy policy, boolean inDialog) {
        this.lane = lane;
        this.marks = policy.marksProbing();
        this.inDialog = inDialog;
    }

    /** Whether what happens is evidence for or against destinations. */
    boolean isJudging() {
        return !inDialog;
    }

    /** No message can be sent to the destination that is being tried. */
    void hasNoHop(Candidates candidates, SendFailure why, int bytes) {
        Destination current = candidates.current();
        lane.failures.add(why, current == null ? "the next hop" : current.uri(), bytes);
        if (current != null && why.isDestinations()) {
            candidates.tally().counters().add(Count.UNREACHABLE);
            if (isJudging()) {
                lane.evidence.failed(candidates.tally(), marks, true, 503);
            }
        }
    }

    /** The destination has failed the request at that address; {@code another}: it has one more to try. */
    void failed(ClientTransaction client, int code, boolean silent, boolean another) {
        if (another) {
            toBlame = client;
        } else {
            client.fails(marks, silent, code);
        }
    }

    /** This node could not send to that address, which leaves it to the other ones whether the destination has failed. */
    void notTried(ClientTransaction client, boolean another) {
        if (!another && toBlame != null && toBlame.isOfSameDestination(client)) {
            client.fails(marks, true, 503);
        }
    }
}
