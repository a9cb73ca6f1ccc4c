package org.sipdispatch.transaction;

import java.util.function.LongConsumer;

/**
 * A hashed timing wheel (Varghese and Lauck, 1987): setting or cancelling a timer takes constant time, regardless of
 * the number of timers. Time is an argument; the resolution is one tick. Not thread-safe.
 */
public final class TimerWheel {
    /** The length of a tick in milliseconds. */
    public static final int TICK_MS = 20;

    /** How many ticks {@link #isIdleFor} looks ahead at most. */
    public static final int MOST_AHEAD = 8;

    private static final int SLOTS = 4096;

    /** A timer that can be set, cancelled and set again. */
    public abstract static class Timer {
        private Timer previous;
        private Timer next;
        private long dueTick;

        /** Called when the timer is due; it is no longer set then. */
        protected abstract void fire(long nowMs);

        public boolean isSet() {
            return next != null;
        }
    }

    private static final class WheelSlot extends Timer {
        @Override
        protected void fire(long nowMs) {}
    }

    private final WheelSlot[] slots = new WheelSlot[SLOTS];
    private final WheelSlot due = new WheelSlot();
    private long tick;
    /** No timer is due at an earlier tick. */
    private long soonestTick;

    private int size;

    public TimerWheel(long nowMs) {
        tick = nowMs / TICK_MS;
        soonestTick = tick + MOST_AHEAD + 1;
        close(due);
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new WheelSlot();
            close(slots[i]);
        }
    }

    /** Creates a timer that calls {@code action} with the time at which it fires. */
    public static Timer timer(LongConsumer action) {
        return new Timer() {
            @Override
            protected void fire(long nowMs) {
                action.accept(nowMs);
            }
        };
    }

    private static boolean isEmpty(WheelSlot slot) {
        return ((Timer) slot).next == slot;
    }

    private static void close(WheelSlot slot) {
        ((Timer) slot).next = slot;
        ((Timer) slot).previous = slot;
    }

    /** Sets a timer; cancels it first if it is already set. */
    public void set(Timer timer, long dueMs) {
        cancel(timer);
        timer.dueTick = Math.max(tick + 1, (dueMs + TICK_MS - 1) / TICK_MS);
        Timer slot = slots[(int) (timer.dueTick % SLOTS)];
        timer.previous = slot.previous;
        timer.next = slot;
        slot.previous.next = timer;
        slot.previous = timer;
        soonestTick = Math.min(soonestTick, timer.dueTick);
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
        if (tick >= target) {
            return;
        }
        while (tick < target) {
            tick++;
            fireSlot(slots[(int) (tick % SLOTS)], nowMs);
        }
        soonestTick = tick + 1;
        while (soonestTick <= tick + MOST_AHEAD && isEmpty(slots[(int) (soonestTick % SLOTS)])) {
            soonestTick++;
        }
    }

    /**
     * Whether no timer is due within so many ticks after the last {@link #advance}. False also if such a timer was
     * cancelled since.
     *
     * @param ticks up to {@value #MOST_AHEAD}
     */
    public boolean isIdleFor(int ticks) {
        return soonestTick > tick + ticks;
    }

    /**
     * Fires the due timers of a slot. A timer that fires may set or cancel any other timer, so that the slot's timers
     * are moved to {@link #due} first and removed from there one by one. Timers of a later revolution of the wheel go
     * back to the slot.
     */
    private void fireSlot(WheelSlot slot, long nowMs) {
        if (isEmpty(slot)) {
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
            // If a timer throws an exception, the remaining ones fire at the next tick.
            while (((Timer) due).next != due) {
                putBack(((Timer) due).next);
            }
        }
    }

    private void putBack(Timer timer) {
        set(timer, timer.dueTick * TICK_MS);
    }
}
