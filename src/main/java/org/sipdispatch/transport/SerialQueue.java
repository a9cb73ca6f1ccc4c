package org.sipdispatch.transport;

import java.util.ArrayDeque;
import java.util.Deque;

/** Runs tasks one at a time, with a bounded queue. Thread-safe. */
final class SerialQueue {
    private final int mostWaiting;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean taken;

    SerialQueue(int mostWaiting) {
        this.mostWaiting = mostWaiting;
    }

    /**
     * Runs a task now, or after the tasks before it have ended.
     *
     * @param work starts the task; {@link #end} must be called when it has ended
     * @return false if the queue is full
     */
    boolean submit(Runnable work) {
        synchronized (this) {
            if (taken) {
                return waiting.size() < mostWaiting && waiting.add(work);
            }
            taken = true;
        }
        work.run();
        return true;
    }

    /** Ends the current task and starts the next one. */
    void end() {
        Runnable next;
        synchronized (this) {
            next = waiting.poll();
            taken = next != null;
        }
        if (next != null) {
            next.run();
        }
    }
}
