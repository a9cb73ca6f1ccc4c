package org.sipdispatch.observation;

import java.net.InetSocketAddress;
import java.util.Arrays;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.SendFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts messages that could not be sent. Logs failures that are not a destination's fault, for each cause one line per
 * interval, because any sender can cause them.
 */
public final class SendFailures {
    private static final Logger LOG = LoggerFactory.getLogger(SendFailures.class);
    private static final long LOG_INTERVAL_MS = 10_000;

    private final LaneCounters counters;
    private final EventClock clock;
    private final long[] nextLogMs = new long[SendFailure.values().length];
    /** The number of failures since the last log line, without the logged one. */
    private final long[] suppressed = new long[SendFailure.values().length];

    public SendFailures(LaneCounters counters, EventClock clock) {
        this.counters = counters;
        this.clock = clock;
        Arrays.fill(nextLogMs, clock.nowMs());
    }

    /**
     * A message could not be sent.
     *
     * @param target the target address or URI
     */
    public void add(SendFailure why, Object target, int bytes) {
        counters.add(LaneCounter.SEND_FAILURES);
        counters.add(why);
        if (!why.isDestinationFault()) {
            log(why, target, bytes);
        }
    }

    private void log(SendFailure why, Object target, int bytes) {
        int at = why.ordinal();
        if (clock.nowMs() < nextLogMs[at]) {
            suppressed[at]++;
            return;
        }
        nextLogMs[at] = clock.nowMs() + LOG_INTERVAL_MS;
        LOG.warn(
                "a message of {} bytes to {} could not be sent: {}{}",
                bytes,
                text(target),
                why.description(),
                LogText.moreSince(suppressed[at]));
        suppressed[at] = 0;
    }

    private static String text(Object target) {
        return target instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : LogText.cleaned(String.valueOf(target));
    }
}
