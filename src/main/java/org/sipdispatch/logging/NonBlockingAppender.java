package org.sipdispatch.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands lines to another appender on a thread of its own, through a queue with a bound ({@code queueSize}, in lines). A
 * thread that logs never waits for where the log goes: when the queue is full its line is dropped and counted, and a line in
 * the log says how many were, every ten seconds at most. Named in {@code conf/logback.xml}.
 */
public final class NonBlockingAppender extends AsyncAppender {
    private static final long REPORT_EVERY_NANOS = 10_000_000_000L;
    private static final int LEAST_FREE_FOR_REPORT = 2;
    private static final AtomicLong DROPPED = new AtomicLong();

    /** Null as long as nothing was logged; most commands log nothing. */
    private static volatile LoggerContext started;

    private long reported = DROPPED.get();
    private long reportDueNanos = System.nanoTime();

    /** Made by Logback. */
    public NonBlockingAppender() {
        setNeverBlock(true);
        // By itself AsyncAppender drops INFO before the queue is full, and counts nothing.
        setDiscardingThreshold(0);
    }

    /** How many lines all appenders of this process have dropped. */
    public static long dropped() {
        return DROPPED.get();
    }

    /** Writes what waits, for a second at most, and ends the log; to be called last in the process. */
    public static void flush() {
        LoggerContext context = started;
        if (context != null) {
            context.stop();
        }
    }

    @Override
    public void start() {
        super.start();
        started = (LoggerContext) getContext();
    }

    /** Synchronized so that the room that is seen is still there; the thread that writes does not take this lock. */
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
