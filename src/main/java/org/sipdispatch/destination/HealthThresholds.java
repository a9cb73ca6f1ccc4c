package org.sipdispatch.destination;

import org.sipdispatch.settings.StatusCodes;

/**
 * The thresholds and response codes that decide a destination's state.
 *
 * @param threshold consecutive failures after which it becomes Probing
 * @param successThreshold consecutive successful pings after which it becomes Active again
 * @param good response codes other than 200 that count as success
 * @param busy response codes of a destination that works but accepts no new calls; they take precedence over
 *     {@code good}
 */
record HealthThresholds(int threshold, int successThreshold, StatusCodes good, StatusCodes busy) {
    ProbeOutcome evidence(PingResult result) {
        return switch (result.outcome()) {
            case REPLIED -> ofReply(result.code());
            case SILENT, UNREACHABLE, NOT_SENT -> ProbeOutcome.BAD;
            case NO_EVIDENCE -> ProbeOutcome.NONE;
        };
    }

    /** A node that cannot send the ping says nothing about the destination to others. */
    ProbeOutcome evidence(PeerProbeResult opinion) {
        boolean sent = opinion.result().outcome() != PingResult.PingOutcome.NOT_SENT;
        return sent ? evidence(opinion.result()) : ProbeOutcome.NONE;
    }

    boolean isAlive(PingResult result) {
        ProbeOutcome evidence = evidence(result);
        return evidence == ProbeOutcome.GOOD || evidence == ProbeOutcome.BUSY;
    }

    private ProbeOutcome ofReply(int code) {
        if (code == 200) {
            return ProbeOutcome.GOOD;
        }
        if (busy.contains(code)) {
            return ProbeOutcome.BUSY;
        }
        return good.contains(code) ? ProbeOutcome.GOOD : ProbeOutcome.BAD;
    }
}
