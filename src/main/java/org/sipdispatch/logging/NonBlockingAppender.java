package org.sipdispatch.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An asynchronous appender with a bounded queue ({@code queueSize}, in lines) that never blocks the logging thread.
 * When the queue is full it drops and counts the line; a log line reports the number of dropped lines, at most every
 * ten seconds. Configured in {@code conf/logback.xml}.
 */
public final class NonBlockingAppender extends AsyncAppender {
    private static final long REPORT_EVERY_NANOS = 10_000_000_000L;
    private static final int LEAST_FREE_FOR_REPORT = 2;
    private static final AtomicLong DROPPED = new AtomicLong();

    private long reported = DROPPED.get();
    private long reportDueNanos = System.nanoTime();

    /** Called by Logback. */
    public NonBlockingAppender() {
        setNeverBlock(true);
        // By default AsyncAppender drops INFO lines before the queue is full, and does not count them.
        setDiscardingThreshold(0);
    }

    /** The number of lines that all appenders of this process have dropped. */
    public static long dropped() {
        return DROPPED.get();
    }

    @Override
    public void start() {
        super.start();
        LogEnd.set(((LoggerContext) getContext())::stop);
    }

    /** Synchronized so that the checked capacity is still available; the writer thread does not take this lock. */
    @Override
    protected synchronized void append(ILoggingEvent event) {
        if (getRemainingCapacity() == 0) {
            DROPPED.incrementAndGet();
            return;
        }
        if (DROPPED.get() > reported
                && getRemainingCapacity() >= LEAST_FREE_FOR_REPORT
                && System.nanoTime() - reportDueNanos >= 0) {
            report();
        }
        super.append(event);
    }

    private void report() {
        long sum = DROPPED.get();
        Logger logger = ((LoggerContext) getContext()).getLogger(NonBlockingAppender.class);
        String text = "{} lines of the log were dropped, since it could not be written fast enough";
        super.append(new LoggingEvent(
                NonBlockingAppender.class.getName(), logger, Level.WARN, text, null, new Object[] {sum - reported}));
        reported = sum;
        reportDueNanos = System.nanoTime() + REPORT_EVERY_NANOS;
    }
}
