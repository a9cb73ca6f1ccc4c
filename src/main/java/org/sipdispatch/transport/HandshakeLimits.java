package org.sipdispatch.transport;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * The limits of the TLS handshakes that clients begin on a lane: how many are open at a time and how many begin in a
 * second, in all and from one source, an IPv4 address or the first 64 bits of an IPv6 address. One thread only.
 */
final class HandshakeLimits {
    private static final int MOST_IDLE_SOURCES = 1_000;

    /** A handshake that has begun. */
    final class HandshakePermit {
        private final Source source;
        private boolean ended;

        private HandshakePermit(Source source) {
            this.source = source;
        }

        /** The handshake has ended in any way. */
        void end() {
            if (!ended) {
                ended = true;
                open--;
                source.open--;
            }
        }
    }

    /** The handshakes that one source has begun. */
    private static final class Source {
        private int open;
        private final Rate rate = new Rate();
    }

    /** The number of handshakes in the current second. */
    private static final class Rate {
        private long second = Long.MIN_VALUE;
        private int begun;

        private boolean isAt(int most, long nowMs) {
            return nowMs / 1_000 == second && begun >= most;
        }

        private void add(long nowMs) {
            if (nowMs / 1_000 != second) {
                second = nowMs / 1_000;
                begun = 0;
            }
            begun++;
        }
    }

    private final TlsLimitSettings settings;
    private final Limits limits;
    private final Map<Long, Source> sources = new HashMap<>();
    private final Rate rate = new Rate();
    private int open;

    HandshakeLimits(TlsLimitSettings settings, Limits limits) {
        this.settings = settings;
        this.limits = limits;
    }

    /** Admits a handshake; null if a limit is reached. */
    HandshakePermit begin(InetAddress address, long nowMs) {
        long prefix = SocketAddresses.source(address);
        Source known = sources.get(prefix);
        Limit reached = reached(known, nowMs);
        if (reached != null) {
            limits.hit(
                    reached,
                    LaneInlet.monotonicMs(),
                    () -> "one from " + address.getHostAddress() + " was refused, with " + open + " open, "
                            + (known == null ? 0 : known.open) + " of them from there");
            return null;
        }
        Source source = known == null ? added(prefix, nowMs) : known;
        open++;
        source.open++;
        source.rate.add(nowMs);
        rate.add(nowMs);
        return new HandshakePermit(source);
    }

    private Source added(long prefix, long nowMs) {
        Source source = new Source();
        forgetIdle(nowMs);
        sources.put(prefix, source);
        return source;
    }

    private Limit reached(Source source, long nowMs) {
        if (source != null && source.open >= settings.maxHandshakesOfSource()) {
            return Limit.HANDSHAKES_OF_SOURCE;
        } else if (source != null && source.rate.isAt(settings.handshakesPerSecondOfSource(), nowMs)) {
            return Limit.HANDSHAKE_RATE_OF_SOURCE;
        } else if (open >= settings.maxHandshakes()) {
            return Limit.HANDSHAKES;
        }
        return rate.isAt(settings.handshakesPerSecond(), nowMs) ? Limit.HANDSHAKE_RATE : null;
    }

    private void forgetIdle(long nowMs) {
        if (sources.size() < MOST_IDLE_SOURCES) {
            return;
        }
        Iterator<Source> each = sources.values().iterator();
        while (each.hasNext()) {
            Source one = each.next();
            if (one.open == 0 && one.rate.second != nowMs / 1_000) {
                each.remove();
            }
        }
    }
}
