package org.sipdispatch.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The thread of a lane that waits for the lane's UDP sockets itself, in a selector of its own. Akka IO waits for TCP on
 * another thread; what it finds arrives as tasks, which end the wait for the UDP sockets.
 */
final class DirectExecutor extends LaneExecutor {
    private final Selector selector;
    private final Consumer<SelectionKey> ready = this::tell;
    private volatile boolean waiting;

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

    @Override
    void select() {
        waiting = true;
        try {
            if (hasWork()) {
                selector.selectNow(ready);
            } else {
                selector.select(ready);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            waiting = false;
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
