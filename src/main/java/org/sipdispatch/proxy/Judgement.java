package org.sipdispatch.proxy;

import org.sipdispatch.observation.DestinationCounters.Count;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.transaction.SendFailure;

/**
 * Which destinations have failed one request. One with several addresses has failed when none of them is left, and at
 * least one of them failed by its own fault.
 */
final class Judgement {
    private final ObservationBatcher observations;
    private final boolean marks;
    private final boolean inDialog;
    /** Of the destination that has failed at an address and has another one to try. */
    private ObservationBatcher.Tally toBlame;

    /** {@code inDialog}: a request of a dialog has no choice, so nothing is evidence for or against destinations. */
    Judgement(ObservationBatcher observations, RelayPolicy policy, boolean inDialog) {
        this.observations = observations;
        this.marks = policy.marksProbing();
        this.inDialog = inDialog;
    }

    /** Whether what happens is evidence for or against destinations. */
    boolean isJudging() {
        return !inDialog;
    }

    /** No message can be sent to the destination that is being tried. */
    void hasNoHop(FailoverSequence candidates, SendFailure why) {
        if (candidates.current() != null && why.isDestinations()) {
            candidates.tally().counters().add(Count.UNREACHABLE);
            if (isJudging()) {
                observations.failed(candidates.tally(), marks, true, 503);
            }
        }
    }

    /**
     * The destination has failed the request at one address.
     *
     * @param tally the destination's; null if the address belongs to none
     * @param silent whether nothing came from it at all
     * @param another whether it has one more address to try
     */
    void failed(ObservationBatcher.Tally tally, int code, boolean silent, boolean another) {
        if (another) {
            toBlame = tally;
        } else if (tally != null && isJudging()) {
            observations.failed(tally, marks, silent, code);
        }
    }

    /** This node could not send to that address, which leaves it to the other ones whether the destination has failed. */
    void notTried(ObservationBatcher.Tally tally, boolean another) {
        if (!another && toBlame != null && toBlame == tally) {
            failed(tally, 503, true, false);
        }
    }
}
