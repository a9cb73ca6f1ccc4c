package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.Parameters;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.sip.Via;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.SendFailure;

/**
 * The hops of destinations that are overloaded and have asked for fewer requests: the client's part of RFC 7339, with
 * the algorithm {@code loss}. The share that a destination asks for is that of all requests of this lane, but only new
 * ones that are not urgent are kept from it, as section 5.10.1 permits: what belongs to a dialog costs the destination
 * less than its failure. Not thread-safe.
 */
final class OverloadedHops {
    private static final String OFFER = ";oc;oc-algo=\"loss\"";

    /** The default of RFC 7339 section 4.3. */
    private static final int USUAL_MS = 500;
    /** A destination that asks once for a longer time and is restarted would get nothing for hours. */
    private static final int LONGEST_MS = 60_000;
    /** How long the number of an answer that ends an overload is known, because earlier answers may arrive later. */
    private static final int ENDED_MS = 5_000;

    private static final int CLEAN_MS = 1_000;
    private static final int WHOLE = 100;
    /** Requests of dialogs are made up for by this many new ones at most. */
    private static final int MOST_OWED = 10 * WHOLE;

    private static final long NO_NUMBER = -1;
    private static final long MOST_SECONDS = 999_999_999_999L;
    private static final int FRACTION_DIGITS = 5;

    /** What one hop has asked for. */
    private static final class Share {
        private int percent;
        private long untilMs;
        private long number = NO_NUMBER;
        /** Hundredths of requests that should have been kept and were not. */
        private int owed;
    }

    private final boolean isOn;
    private final UrgentRequests urgent;
    private final EventClock clock;
    private final Map<InetSocketAddress, Share> shares = new HashMap<>();
    private long nextCleanMs;

    OverloadedHops(OverloadSettings settings, EventClock clock) {
        isOn = settings.asksDestinations();
        urgent = new UrgentRequests(settings);
        this.clock = clock;
    }

    /** The parameters of our Via that offer overload control, each with its semicolon; empty for none. */
    String offer() {
        return isOn ? OFFER : "";
    }

    /** Learns what a response from this hop asks for, if anything; its topmost Via is ours. */
    void learn(NextHop hop, SipResponse response) {
        if (!isOn) {
            return;
        }
        int percent = number(response, "oc", -1, WHOLE);
        int validMs = percent < 0 ? -1 : number(response, "oc-validity", USUAL_MS, Integer.MAX_VALUE);
        if (validMs >= 0 && isLoss(response.topVia())) {
            set(hop.remote(), validMs > 0 ? percent : 0, Math.min(validMs, LONGEST_MS), sequence(response.topVia()));
        }
    }

    /**
     * The value of a parameter of the topmost Via; {@code absent} without it, -1 if it is no number or above
     * {@code most}.
     */
    private static int number(SipResponse response, String name, int absent, int most) {
        long range = response.topVia().parameter(name);
        return range == Parameters.ABSENT
                ? absent
                : (int) Ascii.parseNumber(response.bytes(), Parameters.start(range), Parameters.end(range), most);
    }

    private static boolean isLoss(Via via) {
        String algorithm = via.parameterText("oc-algo");
        return algorithm == null || algorithm.replace("\"", "").equalsIgnoreCase("loss");
    }

    /** The number of an answer, a decimal fraction, as a whole number; {@link #NO_NUMBER} if it has none. */
    private static long sequence(Via via) {
        String text = via.parameterText("oc-seq");
        if (text == null) {
            return NO_NUMBER;
        }
        byte[] bytes = Ascii.bytes(text);
        int point = text.indexOf('.') < 0 ? bytes.length : text.indexOf('.');
        long number = Ascii.parseNumber(bytes, 0, point, MOST_SECONDS);
        for (int i = 1; i <= FRACTION_DIGITS && number >= 0; i++) {
            int digit = point + i < bytes.length ? bytes[point + i] - '0' : 0;
            number = digit < 0 || digit > 9 ? NO_NUMBER : number * 10 + digit;
        }
        return number;
    }

    /** A number that is known already renews nothing (RFC 7339 section 5.4). */
    private void set(InetSocketAddress remote, int percent, int validMs, long number) {
        Share known = current(remote);
        boolean isNews = known == null ? percent > 0 : number == NO_NUMBER || number > known.number;
        if (isNews) {
            Share share = known == null ? new Share() : known;
            share.percent = percent;
            share.untilMs = clock.nowMs() + (percent > 0 ? validMs : ENDED_MS);
            share.number = Math.max(share.number, number);
            share.owed = percent > 0 ? share.owed : 0;
            shares.put(remote, share);
        }
    }

    /** Null if the hop has asked for nothing, or that is no longer valid. */
    private Share current(InetSocketAddress remote) {
        Share share = shares.get(remote);
        return share == null || clock.nowMs() >= share.untilMs ? null : share;
    }

    /**
     * Counts a request to this hop.
     *
     * @param mayKeep whether it may be kept from the hop
     * @return whether to send it
     */
    boolean admits(NextHop hop, boolean mayKeep) {
        Share share = shares.isEmpty() ? null : current(hop.remote());
        if (share == null) {
            return true;
        }
        share.owed = Math.min(MOST_OWED, share.owed + share.percent);
        if (!mayKeep || share.owed < WHOLE) {
            return true;
        }
        share.owed -= WHOLE;
        return false;
    }

    /**
     * Counts this new request to the first of these hops. Returns null, or the reason why it must not be sent there.
     */
    SendFailure obstacle(List<NextHop> hops, SipRequest request) {
        if (hops.isEmpty()) {
            return NoNextHop.why(hops);
        }
        return admits(hops.get(0), mayKeep(request)) ? null : SendFailure.OVERLOADED;
    }

    /** Whether a new request may be kept from a hop. */
    boolean mayKeep(SipRequest request) {
        return isOn && !urgent.has(request);
    }

    /** Forgets what is no longer valid. Call this at each tick. */
    void tick() {
        if (!shares.isEmpty() && clock.nowMs() >= nextCleanMs) {
            nextCleanMs = clock.nowMs() + CLEAN_MS;
            shares.values().removeIf(share -> clock.nowMs() >= share.untilMs);
        }
    }
}
