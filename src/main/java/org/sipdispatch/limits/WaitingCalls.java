package org.sipdispatch.limits;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls that wait for a place or token from the allocator. Each tries again once when it is resumed. Thread-safe. */
final class WaitingCalls {
    private record WaitingCall(Runnable again, long sinceNanos) {}

    private final Queue<WaitingCall> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    void add(Runnable again, long nowNanos) {
        size.incrementAndGet();
        calls.add(new WaitingCall(again, nowNanos));
    }

    int size() {
        return size.get();
    }

    /** Resumes those that have waited longest. */
    void resume(int most) {
        for (int i = 0; i < most; i++) {
            WaitingCall call = calls.poll();
            if (call == null) {
                return;
            }
            resume(call);
        }
    }

    private void resume(WaitingCall call) {
        size.decrementAndGet();
        call.again.run();
    }

    void resumeAll() {
        resume(Integer.MAX_VALUE);
    }

    /** Whether one of them began to wait before this time. */
    boolean isOlderThan(long nanos) {
        WaitingCall first = calls.peek();
        return first != null && first.sinceNanos - nanos < 0;
    }
}
