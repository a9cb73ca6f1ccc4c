package org.sipdispatch.transaction;

import java.util.function.LongConsumer;

/**
 * A hashed timing wheel (Varghese and Lauck, 1987): setting and cancelling a timer takes a few assignments, at any
 * number of timers. Time is an argument; resolution is one tick. Not thread-safe.
 */
public final class TimerWheel {
    /** How long a tick is, in milliseconds. */
    public static final int TICK_MS = 20;

    private static final int SLOTS = 4096;

    /** A timer that can be set, cancelled and set again. */
    public abstract static class Timer {
        private Timer previous;
        private Timer next;
        private long dueTick;

        /** Called when its time has come; it is no longer set then. */
        protected abstract void fire(long nowMs);

        public boolean isSet() {
            return next != null;
        }
    }

    private static final class Slot extends Timer {
        @Override
        protected void fire(long nowMs) {}
    }

    private final Slot[] slots = new Slot[SLOTS];
    private final Slot due = new Slot();
    private long tick;
    private int size;

    public TimerWheel(long nowMs) {
        tick = nowMs / TICK_MS;
        close(due);
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Slot();
            close(slots[i]);
        }
    }

    /** A timer that runs a piece of code with the time at which it fires. */
    public static Timer timer(LongConsumer action) {
        return new Timer() {
            @Override
            protected void fire(long nowMs) {
                action.accept(nowMs);
            }
        };
    }

    private static void close(Slot slot) {
        ((Timer) slot).next = slot;
        ((Timer) slot).previous = slot;
    }

    /** Sets a timer, anew if it is set already. */
    public void set(Timer timer, long dueMs) {
        cancel(timer);
        timer.dueTick = Math.max(tick + 1, (dueMs + TICK_MS - 1) / TICK_MS);
        Timer slot = slots[(int) (timer.dueTick % SLOTS)];
        timer.previous = slot.previous;
        timer.next = slot;
        slot.previous.next = timer;
        slot.previous = timer;
        size++;
    }

    public void cancel(Timer timer) {
        if (timer.next != null) {
            timer.previous.next = timer.next;
            timer.next.previous = timer.previous;
            timer.next = null;
            timer.previous = null;
            size--;
        }
    }

    int size() {
        return size;
    }

    /** Fires all timers that are due. */
    public void advance(long nowMs) {
        long target = nowMs / TICK_MS;
        while (tick < target) {
            tick++;
            fireSlot(slots[(int) (tick % SLOTS)], nowMs);
        }
    }

    /**
     * A timer that fires may set or cancel any other, so the slot is emptied into {@link #due} first and taken from
     * there one by one; those of a later turn of the wheel go back.
     */
    private void fireSlot(Slot slot, long nowMs) {
        if (((Timer) slot).next == slot) {
            return;
        }
        Timer first = ((Timer) slot).next;
        Timer last = ((Timer) slot).previous;
        ((Timer) due).next = first;
        ((Timer) due).previous = last;
        first.previous = due;
        last.next = due;
        close(slot);
        try {
            while (((Timer) due).next != due) {
                Timer timer = ((Timer) due).next;
                if (timer.dueTick <= tick) {
                    cancel(timer);
                    timer.fire(nowMs);
                } else {
                    putBack(timer);
                }
            }
        } finally {
            // Should one of them fail, the others fire at the next tick.
            while (((Timer) due).next != due) {
                putBack(((Timer) due).next);
            }
        }
    }

    private void putBack(Timer timer) {
        set(timer, timer.dueTick * TICK_MS);
    }
}
