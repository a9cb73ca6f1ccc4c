package org.sipdispatch.transaction;

import java.util.function.Consumer;

/** A hash table from well-distributed long keys to objects, without boxing; linear probing. Not thread-safe. */
public final class LongMap<V> {
    private long[] keys;
    private Object[] values;
    private int mask;
    private int size;

    public LongMap(int expected) {
        allocate(Integer.highestOneBit(Math.max(16, expected) * 2 - 1));
    }

    private void allocate(int slots) {
        keys = new long[slots];
        values = new Object[slots];
        mask = slots - 1;
    }

    public int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    public V get(long key) {
        return (V) values[slot(key)];
    }

    /** The slot that holds the key, or the empty slot for it. */
    private int slot(long key) {
        int at = (int) key & mask;
        while (values[at] != null && keys[at] != key) {
            at = at + 1 & mask;
        }
        return at;
    }

    public void put(long key, V value) {
        int at = slot(key);
        boolean added = values[at] == null;
        keys[at] = key;
        values[at] = value;
        if (added && ++size * 2 > mask) {
            grow();
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        Object[] oldValues = values;
        allocate(oldKeys.length * 2);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != null) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                values[at] = oldValues[i];
            }
        }
    }

    public void remove(long key) {
        int hole = slot(key);
        if (values[hole] == null) {
            return;
        }
        size--;
        values[hole] = null;
        // Move displaced entries into the hole; otherwise a search would stop at it.
        for (int at = hole + 1 & mask; values[at] != null; at = at + 1 & mask) {
            int home = (int) keys[at] & mask;
            if ((at - home & mask) >= (at - hole & mask)) {
                keys[hole] = keys[at];
                values[hole] = values[at];
                values[at] = null;
                hole = at;
            }
        }
    }

    /** Passes each object to the action, which must not change the table. */
    @SuppressWarnings("unchecked")
    public void forEach(Consumer<V> action) {
        for (Object value : values) {
            if (value != null) {
                action.accept((V) value);
            }
        }
    }

    void clear() {
        if (size > 0) {
            java.util.Arrays.fill(values, null);
            size = 0;
        }
    }
}
