package org.sipdispatch.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The thread of a lane that reads the lane's UDP sockets itself, from a selector of its own. Akka IO waits for TCP on
 * another thread; what it finds arrives as tasks, which end the wait for the UDP sockets.
 */
final class DirectExecutor extends LaneExecutor {
    /** Reads a UDP socket. */
    interface Reader {
        /** Datagrams have arrived; {@code buffer} is large enough for each of them. Does not wait. */
        void read(ByteBuffer buffer);
    }

    private static final int MOST_BYTES = 65_536;

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_BYTES);
    private final Consumer<SelectionKey> ready = this::read;
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

    /** Reads this channel from now on. Called by tasks only. */
    void register(DatagramChannel channel, Reader reader) throws IOException {
        channel.register(selector, SelectionKey.OP_READ, reader);
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

    private void read(SelectionKey key) {
        // The wait is over; a wake-up would only let the next one end at once.
        waiting = false;
        ((Reader) key.attachment()).read(buffer);
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
