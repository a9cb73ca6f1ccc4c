package org.sipdispatch.limits;

import java.util.concurrent.atomic.AtomicLong;

/**
 * This node's share of a limit of calls in flight, and its calls. Both are one number, so that no call takes a place that
 * is given back at the same time. There may be more calls than places: those that cannot be refused any more, and after
 * the limit was lowered. Thread-safe.
 */
final class CallShare {
    private static final int SHARE_BITS = 32;

    /** The share in the upper half, the calls in the lower one; both at least 0. */
    private final AtomicLong state = new AtomicLong();

    private static int share(long state) {
        return (int) (state >>> SHARE_BITS);
    }

    private static int used(long state) {
        return (int) state;
    }

    private static long of(int share, int used) {
        return (long) share << SHARE_BITS | used;
    }

    /** Takes a place of the share; false if none is free. */
    boolean take() {
        while (true) {
            long before = state.get();
            if (used(before) >= share(before)) {
                return false;
            } else if (state.compareAndSet(before, before + 1)) {
                return true;
            }
        }
    }

    /** Adds a call if there are fewer than {@code most}, regardless of the share. */
    boolean takeBelow(int most) {
        while (true) {
            long before = state.get();
            if (used(before) >= most) {
                return false;
            } else if (state.compareAndSet(before, before + 1)) {
                return true;
            }
        }
    }

    /** Adds a call that cannot be refused any more. */
    void force() {
        state.incrementAndGet();
    }

    /** A call has ended. */
    void giveBack() {
        state.decrementAndGet();
    }

    /**
     * Adds places.
     *
     * @param reported how many places the calls had when the node asked for more: if the share is smaller than the number of
     *     calls, it becomes as large first, but not larger than this
     */
    void add(int places, int reported) {
        if (places > 0) {
            state.updateAndGet(before -> {
                int calls = Math.max(share(before), Math.min(used(before), reported));
                return of(calls + places, used(before));
            });
        }
    }

    /** Makes the share as large as the number of calls plus {@code most} free places, if it is larger; returns the share. */
    int keepFree(int most) {
        while (true) {
            long before = state.get();
            int wanted = (int) Math.min(share(before), (long) used(before) + most);
            if (wanted == share(before) || state.compareAndSet(before, of(wanted, used(before)))) {
                return wanted;
            }
        }
    }

    /** Makes the share empty; the calls remain. */
    void clear() {
        state.updateAndGet(before -> of(0, used(before)));
    }

    /** The number of calls in flight. */
    int used() {
        return used(state.get());
    }

    int share() {
        return share(state.get());
    }

    int free() {
        long now = state.get();
        return Math.max(0, share(now) - used(now));
    }
}
