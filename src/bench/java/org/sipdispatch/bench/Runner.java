package org.sipdispatch.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Runs the load in one of two ways. A closed loop shows how much a proxy can do, a paced one how long a message takes. */
final class Runner {
    /** Below this, waiting for the selector may take longer than until the next exchange is due. */
    private static final long SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(1_500);

    private static final long BEFORE_FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final LoadPlan plan;
    private final Sockets sockets;
    private final Caller caller;
    private final Callee callee;
    private long next;

    /**
     * What one run did.
     *
     * @param seconds from its beginning to the end of the last exchange that was not lost
     * @param startSeconds from its beginning to the start of the last exchange
     * @param repeated the requests that callers repeated
     * @param latestNanos the longest time by which the load was late itself; part of the latencies
     */
    record Run(Exchanges exchanges, double seconds, double startSeconds, long repeated, long latestNanos) {}

    Runner(LoadPlan plan, Sockets sockets) throws IOException {
        this.plan = plan;
        this.sockets = sockets;
        caller = new Caller(plan, sockets);
        callee = new Callee(plan, sockets);
        // Exchanges of an earlier process may still be known to the proxy.
        next = System.currentTimeMillis() << 20;
    }

    private Exchanges begin(int count) {
        Exchanges exchanges = new Exchanges(next, count);
        next += count;
        caller.begin(exchanges);
        callee.begin(exchanges);
        return exchanges;
    }

    /** Keeps a constant number of exchanges open: each begins when an earlier one has ended. */
    Run closed(int count) throws IOException {
        Exchanges exchanges = begin(count);
        long begin = System.nanoTime();
        while (exchanges.started() < count || exchanges.open() > 0) {
            for (int i = 0;
                    i < Endpoint.BURST && exchanges.started() < count && exchanges.open() < plan.window();
                    i++) {
                caller.start(System.nanoTime());
            }
            sockets.poll(1);
            caller.repeat();
            exchanges.expire(plan.timeoutNanos());
            if (exchanges.lost() >= plan.window() && exchanges.completed() + exchanges.refused() == 0) {
                throw new IOException("no response from " + LoadText.hostPort(plan.proxy())
                        + " (expected: a proxy that relays to the callees)");
            }
        }
        double seconds = exchanges.seconds(begin);
        return new Run(exchanges, seconds, seconds, caller.repeated(), 0);
    }

    /**
     * Begins exchanges at a constant rate, even if earlier ones have not ended. An exchange that begins late because the
     * load or the proxy was busy counts from the time at which it was due: otherwise a slow proxy would slow its own
     * load down, and its worst times would not be measured.
     *
     * @param perSecond exchanges per second
     */
    Run paced(double perSecond, int count) throws IOException {
        Exchanges exchanges = begin(count);
        double interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
        long begin = System.nanoTime() + BEFORE_FIRST_NANOS;
        long latest = 0;
        double startSeconds = 0;
        while (exchanges.started() < count || exchanges.open() > 0) {
            long due = due(begin, interval, exchanges.started());
            for (int i = 0; i < Endpoint.BURST && exchanges.started() < count && due - System.nanoTime() <= 0; i++) {
                latest = Math.max(latest, System.nanoTime() - due);
                caller.start(due);
                due = due(begin, interval, exchanges.started());
            }
            if (exchanges.started() == count && startSeconds == 0) {
                exchanges.allStarted();
                startSeconds = (System.nanoTime() - begin) / 1e9;
            }
            caller.repeat();
            sockets.poll(waitMs(exchanges.started() < count ? due - System.nanoTime() : Long.MAX_VALUE));
            exchanges.expire(plan.timeoutNanos());
        }
        return new Run(exchanges, exchanges.seconds(begin), startSeconds, caller.repeated(), latest);
    }

    private static long due(long begin, double interval, int index) {
        return begin + (long) (interval * index);
    }

    /** The selector waits for whole milliseconds only. */
    private static long waitMs(long nanos) {
        return nanos == Long.MAX_VALUE
                ? 1
                : nanos < SPIN_NANOS ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos - SPIN_NANOS / 2);
    }
}
