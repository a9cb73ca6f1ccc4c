package org.sipdispatch.proxy;

import java.util.Arrays;

/**
 * The transactions that a lane has just refused because of overload. A caller that waited too long has sent its request
 * twice, and both are in the queue: if the second were relayed after the first was refused, the callee would ring for a
 * caller that has given up. Remembers the last ones only, without a promise, in a table of fixed size. Not thread-safe.
 */
final class ShedTransactions {
    private static final int SLOTS = 1 << 16;

    /** Null until the first one. */
    private long[] keys;

    /** Forgets all. */
    void clear() {
        if (keys != null) {
            Arrays.fill(keys, 0);
        }
    }

    void add(long key) {
        if (keys == null) {
            keys = new long[SLOTS];
        }
        keys[slot(key)] = key;
    }

    boolean contains(long key) {
        return keys != null && key != 0 && keys[slot(key)] == key;
    }

    private static int slot(long key) {
        return (int) (key ^ key >>> 32) & SLOTS - 1;
    }
}
