package org.sipdispatch.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The thread of a lane that waits for the lane's UDP sockets itself, in a selector of its own. Akka IO waits for TCP on
 * another thread; what it finds arrives as tasks, which end the wait for the UDP sockets.
 */
final class DirectExecutor extends LaneExecutor {
    private static final long NANOS_OF_MS = 1_000_000;
    /** Part of the interval: a thread that is awake anyway ticks as much earlier, and need not wake for that. */
    private static final int EARLY_PART = 4;
    /** The longest time between two ticks, in intervals. */
    static final int INTERVALS_WHILE_IDLE = 5;

    private final Selector selector;
    private final Consumer<SelectionKey> ready = this::tell;
    private volatile boolean waiting;
    /** Null for none. */
    private Runnable tick;

    private BooleanSupplier isIdle;
    private long tickNanos;
    private long nextTickNanos;

    DirectExecutor(ThreadFactory threads, LongSupplier nanoClock) {
        super(threads, nanoClock);
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void executeSelection(Runnable task) {
        throw new UnsupportedOperationException("Akka IO has no UDP sockets with transport.udp = direct");
    }

    /**
     * Waits for this channel from now on. Called by tasks only.
     *
     * @param whenReady runs on this thread, again and again as long as datagrams wait
     */
    void register(DatagramChannel channel, Runnable whenReady) throws IOException {
        channel.register(selector, SelectionKey.OP_READ, whenReady);
    }

    /** Closes a channel, so that its port is free when this returns. Called by tasks only. */
    void close(DatagramChannel channel) throws IOException {
        channel.close();
        // The selector keeps the descriptor open until it has noticed.
        selector.selectNow(unread -> {});
    }

    /**
     * Runs {@code what} at this interval from now on, or up to a quarter of it earlier; null ends that. A timer on
     * another thread would have to wake this one. Called by tasks only.
     *
     * @param idle whether the interval may be {@value #INTERVALS_WHILE_IDLE} times as long; asked before each wait, so
     *     that each task may change it
     */
    void tickEvery(Duration interval, BooleanSupplier idle, Runnable what) {
        tick = what;
        isIdle = idle;
        tickNanos = interval.toNanos();
        nextTickNanos = nanoTime() + tickNanos;
    }

    @Override
    void select() {
        waiting = true;
        try {
            selectUntilTick();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            waiting = false;
        }
        long nowNanos = nanoTime();
        if (tick != null && dueNanos() - nowNanos <= tickNanos / EARLY_PART) {
            // One that is early does not make the next one earlier.
            nextTickNanos = tickNanos + (nextTickNanos - nowNanos > 0 ? nextTickNanos : nowNanos);
            tick.run();
        }
    }

    private long dueNanos() {
        return isIdle.getAsBoolean() ? nextTickNanos + (INTERVALS_WHILE_IDLE - 1) * tickNanos : nextTickNanos;
    }

    private void selectUntilTick() throws IOException {
        long nanos = tick == null ? Long.MAX_VALUE : dueNanos() - nanoTime();
        if (hasWork() || nanos <= 0) {
            selector.selectNow(ready);
        } else if (tick == null) {
            selector.select(ready);
        } else {
            selector.select(ready, (nanos + NANOS_OF_MS - 1) / NANOS_OF_MS);
        }
    }

    private void tell(SelectionKey key) {
        // The wait is over; a wake-up would only let the next one end at once.
        waiting = false;
        ((Runnable) key.attachment()).run();
    }

    @Override
    void wakeUp() {
        if (waiting) {
            selector.wakeup();
        }
    }

    @Override
    void close() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
