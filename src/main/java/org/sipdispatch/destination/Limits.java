package org.sipdispatch.destination;

import org.sipdispatch.settings.StatusCodes;

/**
 * Where the states of a destination end.
 *
 * @param threshold how many failures in a row take it out
 * @param successThreshold how many good pings in a row bring it back
 * @param good the reply codes beside 200 that show life
 * @param busy the reply codes that show life, but no room for new calls; they win over {@code good}
 */
public record Limits(int threshold, int successThreshold, StatusCodes good, StatusCodes busy) {
    Evidence evidence(PingResult result) {
        return switch (result.kind()) {
            case REPLIED -> ofReply(result.code());
            case SILENT, UNREACHABLE, NOT_SENT -> Evidence.BAD;
            case NO_EVIDENCE -> Evidence.NONE;
        };
    }

    /** A node that cannot send says nothing of a destination to others. */
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
