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
public record Limits(int threshold, int successThreshold, StatusCodes good, StatusCodes busy) {
    Evidence evidence(PingResult result) {
        return switch (result.kind()) {
            case REPLIED -> ofReply(result.code());
            case SILENT, UNREACHABLE, NOT_SENT -> Evidence.BAD;
            case NO_EVIDENCE -> Evidence.NONE;
        };
    }

    /** A node that cannot send the ping says nothing about the destination to others. */
    Evidence evidence(Opinion opinion) {
        boolean sent = opinion.result().kind() != PingResult.Kind.NOT_SENT;
        return sent ? evidence(opinion.result()) : Evidence.NONE;
    }

    boolean showsLife(PingResult result) {
        Evidence evidence = evidence(result);
        return evidence == Evidence.GOOD || evidence == Evidence.BUSY;
    }

    private Evidence ofReply(int code) {
        if (code == 200) {
            return Evidence.GOOD;
        }
        if (busy.contains(code)) {
            return Evidence.BUSY;
        }
        return good.contains(code) ? Evidence.GOOD : Evidence.BAD;
    }
}
