package org.sipdispatch.manage;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.sipdispatch.operations.OperationException;

/** Limits the number of clients that follow events at the same time. Thread-safe. */
final class EventClients {
    static final int MOST = 200;

    /** The time limit for the start of a stream. If the client disconnects first, the response is never streamed. */
    static final Duration LONGEST_START = Duration.ofSeconds(10);

    /** A client's permission to follow events. */
    final class ClientSlot {
        private final long takenNanos = nanoTime.getAsLong();
        private boolean streaming;

        private boolean isAbandoned() {
            return !streaming && nanoTime.getAsLong() - takenNanos > LONGEST_START.toNanos();
        }

        /** The stream starts. Refused if it starts after the time limit and other clients have taken all slots. */
        void start() {
            synchronized (slots) {
                if (!slots.contains(this)) {
                    add(this);
                }
                streaming = true;
            }
        }

        void release() {
            synchronized (slots) {
                slots.remove(this);
            }
        }
    }

    private final LongSupplier nanoTime;
    private final Set<ClientSlot> slots = new HashSet<>();

    /** {@code nanoTime}: a monotonic clock such as {@link System#nanoTime}. */
    EventClients(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Takes a slot for a new stream. Refused if all slots are taken. */
    ClientSlot take() {
        ClientSlot slot = new ClientSlot();
        add(slot);
        return slot;
    }

    private void add(ClientSlot slot) {
        synchronized (slots) {
            if (slots.size() >= MOST) {
                slots.removeIf(ClientSlot::isAbandoned);
            }
            if (slots.size() >= MOST) {
                throw new OperationException(
                        OperationException.RefusalReason.UNAVAILABLE,
                        "events: " + MOST + " clients (expected: fewer; try another node)");
            }
            slots.add(slot);
        }
    }
}
