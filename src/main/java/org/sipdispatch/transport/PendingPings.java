package org.sipdispatch.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.proxy.RelayLane;

/** The pings that lanes have been asked to send: the caller of each gets exactly one result. Thread-safe. */
final class PendingPings {
    private static final PingResult NO_EVIDENCE = new PingResult(PingResult.PingOutcome.NO_EVIDENCE, 0, 0);

    private final Set<PingCallback> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private final class PingCallback implements Consumer<PingResult> {
        private final Consumer<PingResult> then;
        private final AtomicBoolean completed = new AtomicBoolean();

        PingCallback(Consumer<PingResult> then) {
            this.then = then;
        }

        @Override
        public void accept(PingResult result) {
            open.remove(this);
            if (completed.compareAndSet(false, true)) {
                then.accept(result);
            }
        }
    }

    /**
     * Registers a ping; returns the callback for the lane, or null if the lanes have stopped and {@code then} was
     * called.
     */
    Consumer<PingResult> register(Consumer<PingResult> then) {
        PingCallback one = new PingCallback(then);
        open.add(one);
        if (closed) {
            one.accept(NO_EVIDENCE);
            return null;
        }
        return one;
    }

    /** Must be called after the lanes have stopped. */
    void close() {
        closed = true;
        open.forEach(one -> one.accept(NO_EVIDENCE));
    }

    /** An exception must not leave a ping without a result. */
    static void send(RelayLane relay, Ping ping, long orderedPauses, Consumer<PingResult> then, long nowMs) {
        try {
            relay.ping(ping, orderedPauses, then, nowMs);
        } catch (RuntimeException e) {
            then.accept(NO_EVIDENCE);
            throw e;
        }
    }
}
