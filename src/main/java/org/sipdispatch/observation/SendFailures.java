package org.sipdispatch.observation;

import java.net.InetSocketAddress;
import java.util.Arrays;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.SendFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what could not be sent, and tells the operator of what no destination is to blame for: one line for each cause
 * at intervals, since anyone can send what cannot be carried.
 */
public final class SendFailures {
    private static final Logger LOG = LoggerFactory.getLogger(SendFailures.class);
    private static final long TELL_EVERY_MS = 10_000;

    private final LaneCounters counters;
    private final EventClock clock;
    private final long[] tellAgainAtMs = new long[SendFailure.values().length];
    /** How many there were since the last line about them, that one left out. */
    private final long[] untold = new long[SendFailure.values().length];

    public SendFailures(LaneCounters counters, EventClock clock) {
        this.counters = counters;
        this.clock = clock;
        Arrays.fill(tellAgainAtMs, clock.nowMs());
    }

    /**
     * A message could not be sent.
     *
     * @param target where to: an address or a URI
     */
    public void add(SendFailure why, Object target, int bytes) {
        counters.add(Counter.SEND_FAILURES);
        counters.add(why);
        if (!why.isDestinations()) {
            tell(why, target, bytes);
        }
    }

    private void tell(SendFailure why, Object target, int bytes) {
        int at = why.ordinal();
        if (clock.nowMs() < tellAgainAtMs[at]) {
            untold[at]++;
            return;
        }
        tellAgainAtMs[at] = clock.nowMs() + TELL_EVERY_MS;
        LOG.warn(
                "a message of {} bytes to {} could not be sent: {} ({} more since the last such line)",
                bytes,
                text(target),
                why.description(),
                untold[at]);
        untold[at] = 0;
    }

    private static String text(Object target) {
        return target instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : LogText.cleaned(String.valueOf(target));
    }
}
