package org.sipdispatch.proxy;

import java.time.Duration;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.routing.KnownSets;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.TrafficViews;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.RetryAfter;
import org.sipdispatch.sip.SipResponse;

/**
 * Destinations are in backoff after a 503 with Retry-After (RFC 3261 section 21.5.4). Such a response is not a failure:
 * the destination works, and has said when it takes requests again.
 *
 * @param isOn whether Retry-After is heeded
 */
record DestinationBackoff(Backoffs backoffs, LaneCounters counters, KnownSets sets, boolean isOn) {
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final long SECOND_MS = 1_000;

    /**
     * Begins the backoff of the destination if the response asks for it.
     *
     * @param destination null for none
     * @return whether the response asks for it
     */
    boolean begins(Destination destination, SipResponse response) {
        long seconds = isOn && destination != null && response.status() == SERVICE_UNAVAILABLE
                ? RetryAfter.seconds(response)
                : 0;
        if (seconds > 0) {
            counters.add(LaneCounter.BACKOFFS);
            backoffs.begin(destination, seconds);
        }
        return seconds > 0;
    }

    /**
     * The response to a request for which no destination is usable, or none is left: 503 with the time until the first
     * backoff of the rule's destinations ends. A later request would be answered with 503 too, so RFC 3261 section 16.7
     * step 6 permits it.
     *
     * @param rule null for a request of a dialog
     * @param otherwise the response if another destination of the rule is usable, or if none is in backoff
     */
    LocalReply reply(Rule rule, IncomingRequest arrival, LocalReply otherwise) {
        LocalReply refusal = explained(rule, arrival);
        if (refusal == null) {
            return otherwise;
        }
        counters.add(LaneCounter.REFUSED_IN_BACKOFF);
        return refusal;
    }

    /**
     * The same response without counting it; null if another destination of the rule is usable, or if none is in
     * backoff.
     */
    LocalReply explained(Rule rule, IncomingRequest arrival) {
        long soonestMs = isOn && rule != null ? soonestMs(rule, arrival) : TrafficViews.NO_BACKOFF;
        if (soonestMs == TrafficViews.NO_BACKOFF || soonestMs == TrafficViews.USABLE) {
            return null;
        }
        Duration wait = Duration.ofSeconds((soonestMs + SECOND_MS - 1) / SECOND_MS);
        return new LocalReply(SERVICE_UNAVAILABLE, "Service Unavailable", wait);
    }

    private long soonestMs(Rule rule, IncomingRequest arrival) {
        long soonestMs = TrafficViews.NO_BACKOFF;
        try {
            for (SetChoice choice : rule.plan().choices(arrival.facts(sets))) {
                // USABLE is the smallest value.
                soonestMs = Math.min(soonestMs, backoffs.remainingMs(choice.set()));
            }
            return soonestMs;
        } catch (SettingException invalid) {
            // The selection has reported it.
            return TrafficViews.NO_BACKOFF;
        }
    }
}
