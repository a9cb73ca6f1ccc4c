package org.sipdispatch.proxy;

import org.sipdispatch.destination.Observation;
import org.sipdispatch.observation.DestinationCounters.DestinationCounter;
import org.sipdispatch.observation.ObservationBatcher;
import org.sipdispatch.routing.FailureMarks;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.transaction.SendFailure;

/**
 * Decides which destinations have failed one request. A destination with several addresses has failed if no address is
 * left and at least one failure was its own fault.
 */
final class FailureAttribution {
    private final ObservationBatcher observations;
    private final FailureMarks marks;
    private final boolean inDialog;
    /** The destination that failed at one address and has another one to try. */
    private ObservationBatcher.Tally failedAtOneAddress;

    /**
     * {@code inDialog}: a request of a dialog has a fixed target, so that its outcome is not an observation of
     * destinations.
     */
    FailureAttribution(ObservationBatcher observations, RelayPolicy policy, boolean inDialog) {
        this.observations = observations;
        this.marks = policy.marks();
        this.inDialog = inDialog;
    }

    /** Whether the outcome counts as an observation of destinations. */
    boolean isObserved() {
        return !inDialog;
    }

    /** No message can be sent to the current destination. */
    void hasNoHop(FailoverSequence candidates, SendFailure why) {
        if (candidates.current() != null && why.isDestinationFault()) {
            candidates.tally().counters().add(DestinationCounter.UNREACHABLE);
            if (isObserved()) {
                observations.failed(candidates.tally(), strikes(503), true, 503);
            }
        }
    }

    /**
     * The destination failed the request at one address. If that is a target, it has failed by itself.
     *
     * @param tally the tally of the destination or target; null if the address belongs to no destination
     * @param silent whether the address sent no response at all
     * @param another whether the destination has another address to try
     */
    void failed(ObservationBatcher.Tally tally, int code, boolean silent, boolean another) {
        boolean isOfTarget = tally != null && tally.isOfTarget();
        if (another && !isOfTarget) {
            failedAtOneAddress = tally;
        } else if (tally != null && isObserved()) {
            observations.failed(tally, strikes(code), silent, code);
        }
    }

    /**
     * This node could not send to the address, so that the destination's other addresses decide whether it has failed.
     */
    void notTried(ObservationBatcher.Tally tally, boolean another) {
        if (!another && failedAtOneAddress != null && failedAtOneAddress == tally) {
            failed(tally, 503, true, false);
        }
    }

    private int strikes(int code) {
        return switch (marks.of(code)) {
            case OFF -> 0;
            case PROBING -> 1;
            case INACTIVE -> Observation.HOLD;
        };
    }
}
