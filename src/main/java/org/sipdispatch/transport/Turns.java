package org.sipdispatch.transport;

import java.util.ArrayDeque;
import java.util.Deque;

/** What goes one after the other, few at most waiting. Thread-safe. */
final class Turns {
    private final int mostWaiting;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean taken;

    Turns(int mostWaiting) {
        this.mostWaiting = mostWaiting;
    }

    /**
     * Takes a turn: now, or when those before have ended.
     *
     * @param work begins what {@link #end} is to be told the end of
     * @return false if too many wait already
     */
    boolean take(Runnable work) {
        synchronized (this) {
            if (taken) {
                return waiting.size() < mostWaiting && waiting.add(work);
            }
            taken = true;
        }
        work.run();
        return true;
    }

    /** The turn has ended; the next one begins. */
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
