package org.sipdispatch.proxy;

import java.time.Duration;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.routing.KnownSets;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sets.CalmViews;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.RetryAfter;
import org.sipdispatch.sip.SipResponse;

/**
 * Destinations rest after a 503 with Retry-After (RFC 3261 section 21.5.4). Such a response is not a failure: the
 * destination works, and has said when it takes requests again.
 *
 * @param isOn whether Retry-After is heeded
 */
record RestingDestinations(Rests rests, LaneCounters counters, KnownSets sets, boolean isOn) {
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final long SECOND_MS = 1_000;

    /**
     * Makes the destination rest if the response asks for it.
     *
     * @param destination null for none
     * @return whether the response asks for a rest
     */
    boolean rests(Destination destination, SipResponse response) {
        long seconds = isOn && destination != null && response.status() == SERVICE_UNAVAILABLE
                ? RetryAfter.seconds(response)
                : 0;
        if (seconds > 0) {
            counters.add(LaneCounter.RESTS);
            rests.rest(destination, seconds);
        }
        return seconds > 0;
    }

    /**
     * The response to a request for which no destination is usable, or none is left: 503 with the time until the first
     * of the rule's destinations has rested, if they rest. A later request would be answered with 503 too, so RFC 3261
     * section 16.7 step 6 permits it.
     *
     * @param rule null for a request of a dialog
     * @param otherwise the response if another destination of the rule is usable, or if none rests
     */
    LocalReply reply(Rule rule, IncomingRequest arrival, LocalReply otherwise) {
        LocalReply resting = explained(rule, arrival);
        if (resting == null) {
            return otherwise;
        }
        counters.add(LaneCounter.REFUSED_AT_REST);
        return resting;
    }

    /** The same response without counting it; null if another destination of the rule is usable, or if none rests. */
    LocalReply explained(Rule rule, IncomingRequest arrival) {
        long soonestMs = isOn && rule != null ? soonestMs(rule, arrival) : CalmViews.NONE_RESTS;
        if (soonestMs == CalmViews.NONE_RESTS || soonestMs == CalmViews.USABLE) {
            return null;
        }
        Duration wait = Duration.ofSeconds((soonestMs + SECOND_MS - 1) / SECOND_MS);
        return new LocalReply(SERVICE_UNAVAILABLE, "Service Unavailable", wait);
    }

    private long soonestMs(Rule rule, IncomingRequest arrival) {
        long soonestMs = CalmViews.NONE_RESTS;
        try {
            for (SetChoice choice : rule.plan().choices(arrival.facts(sets))) {
                // USABLE is the smallest value.
                soonestMs = Math.min(soonestMs, rests.remainingMs(choice.set()));
            }
            return soonestMs;
        } catch (SettingException invalid) {
            // The selection has reported it.
            return CalmViews.NONE_RESTS;
        }
    }
}
