package org.sipdispatch.observation;

import java.net.InetSocketAddress;
import org.sipdispatch.transaction.EventClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs messages that are not valid SIP and cannot be answered: one line per interval, because any sender can cause
 * them. Keep-alives, which have up to four bytes, are not logged.
 */
public final class DroppedMessages {
    private static final Logger LOG = LoggerFactory.getLogger(DroppedMessages.class);
    private static final long LOG_INTERVAL_MS = 60_000;
    private static final int LONGEST_KEEP_ALIVE = 4;

    private final EventClock clock;
    private long nextLogMs;
    /** The number of dropped messages since the last log line. */
    private long suppressed;

    public DroppedMessages(EventClock clock) {
        this.clock = clock;
        nextLogMs = clock.nowMs();
    }

    /** {@code reason}: what is wrong with the message. */
    public void add(String reason, InetSocketAddress sender, int bytes) {
        if (bytes <= LONGEST_KEEP_ALIVE) {
            return;
        }
        if (clock.nowMs() < nextLogMs) {
            suppressed++;
            return;
        }
        nextLogMs = clock.nowMs() + LOG_INTERVAL_MS;
        LOG.warn(
                "a message of {} bytes from {}:{} is not valid SIP and was not answered: {}{}",
                bytes,
                sender.getAddress().getHostAddress(),
                sender.getPort(),
                reason,
                LogText.moreSince(suppressed));
        suppressed = 0;
    }
}
