package org.sipdispatch.e2e;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.sipdispatch.sip.SipResponse;

/** Callers that continuously send requests to the sets that the test examines. */
final class BackgroundCallers implements AutoCloseable {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    /** Requests with that algorithm to that set, on that lane. */
    record Habit(String set, String algorithm, int lane) {}

    private final TestUserAgent caller = TestUserAgent.udp();
    private final AtomicInteger answered = new AtomicInteger();
    private final Thread thread;
    private volatile boolean closed;

    /** {@code requests} builds the requests. The sender does not matter to the node, which responds to the Via. */
    BackgroundCallers(int port, PickProbe requests, List<Habit> habits) {
        thread = TestUserAgent.daemon("crowd", () -> {
            for (int i = 0; !closed; i++) {
                Habit habit = habits.get(i % habits.size());
                String mode = i % 3 == 0 ? "stateful" : "stateless";
                String text = requests.request(
                                habit.lane,
                                "MESSAGE",
                                mode,
                                "sip:crowd" + i % 11 + "@example.org",
                                "X-Set: " + habit.set,
                                "X-Alg: " + habit.algorithm,
                                "X-Flags: F")
                        .replaceFirst("UDP [^;]*", "UDP " + caller.hostPort());
                caller.send(NodeProcess.at(port), text);
                answered.addAndGet(takeAnswers());
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        });
    }

    private int takeAnswers() {
        int count = caller.seen(one -> one.sip() instanceof SipResponse response && response.status() == 200)
                .size();
        caller.drop(one -> true);
        return count;
    }

    /** How many of its requests were answered with 200. */
    int answered() {
        return answered.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        caller.close();
    }
}
