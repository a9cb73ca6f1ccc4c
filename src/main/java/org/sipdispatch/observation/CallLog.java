package org.sipdispatch.observation;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The destinations whose calls in flight a lane has changed last, by their places in its table. A reader that remembers
 * how far it has read learns which counts it has to read again. Written on the lane's thread after the count; readable on
 * any thread.
 */
final class CallLog {
    /** How many changes are kept: a power of two. */
    static final int KEPT = 4096;

    private final AtomicIntegerArray places = new AtomicIntegerArray(KEPT);
    private final AtomicLong written = new AtomicLong();

    /** On the lane's thread. */
    void note(int place) {
        long at = written.getPlain();
        places.lazySet((int) at & KEPT - 1, place);
        written.lazySet(at + 1);
    }

    /** How many changes there have been. */
    long written() {
        return written.get();
    }

    /** The place of this change, counted from 0; that of a later one if it is no longer kept. */
    int place(long number) {
        return places.get((int) number & KEPT - 1);
    }
}
