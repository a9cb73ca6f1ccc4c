package org.sipdispatch.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.proxy.RelayLane;

/** The pings that lanes were told to send: each one's sender is told once what became of it, whatever happens. */
final class OpenPings {
    private static final PingResult NO_EVIDENCE = new PingResult(PingResult.Kind.NO_EVIDENCE, 0, 0);

    private final Set<Open> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private final class Open implements Consumer<PingResult> {
        private final Consumer<PingResult> then;
        private final AtomicBoolean told = new AtomicBoolean();

        Open(Consumer<PingResult> then) {
            this.then = then;
        }

        @Override
        public void accept(PingResult result) {
            open.remove(this);
            if (told.compareAndSet(false, true)) {
                then.accept(result);
            }
        }
    }

    /** Whom a lane is to tell; null if no lane sends any more, and then {@code then} was told so. */
    Consumer<PingResult> begin(Consumer<PingResult> then) {
        Open one = new Open(then);
        open.add(one);
        if (closed) {
            one.accept(NO_EVIDENCE);
            return null;
        }
        return one;
    }

    /** To be called when the lanes have ended. */
    void close() {
        closed = true;
        open.forEach(one -> one.accept(NO_EVIDENCE));
    }

    /** A fault must not leave a ping without an answer. */
    static void send(RelayLane relay, Ping ping, Consumer<PingResult> then, long nowMs) {
        try {
            relay.ping(ping, then, nowMs);
        } catch (RuntimeException e) {
            then.accept(new PingResult(PingResult.Kind.NO_EVIDENCE, 0, 0));
            throw e;
        }
    }
}
