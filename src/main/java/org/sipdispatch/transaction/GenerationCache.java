package org.sipdispatch.transaction;

/**
 * A bounded cache with 64-bit keys and two generations. It keeps decisions that are stored nowhere else: the hop of a
 * stateless transaction, so that its retransmissions, CANCEL and ACK take the same path even if destination states
 * change, and the destination of a dialog. When the young table is full or has reached its age, it becomes the old
 * table and the previous old table is dropped. Not thread-safe.
 */
public final class GenerationCache<V> {
    private final int capacity;
    private final long generationMs;
    private LongMap<V> young;
    private LongMap<V> old;
    private final Runnable onEarlyEviction;
    private long rotateAtMs;

    /**
     * Creates an empty cache.
     *
     * @param entries the capacity of each table
     * @param generationMs the age at which a table becomes old; unless the capacity is exceeded, an entry is kept for
     *     once to twice this time, in milliseconds
     */
    public GenerationCache(int entries, long generationMs, long nowMs) {
        this(entries, generationMs, nowMs, () -> {});
    }

    /** {@code early}: run when entries are dropped before their time because the capacity is exceeded. */
    public GenerationCache(int entries, long generationMs, long nowMs, Runnable early) {
        this.onEarlyEviction = early;
        capacity = entries;
        this.generationMs = generationMs;
        young = new LongMap<>(1024);
        old = new LongMap<>(1024);
        rotateAtMs = nowMs + generationMs;
    }

    /** The cached value; null if there is none. */
    public V get(long key) {
        V value = young.get(key);
        return value == null ? old.get(key) : value;
    }

    public void put(long key, V value, long nowMs) {
        if (young.size() >= capacity || nowMs >= rotateAtMs) {
            if (nowMs < rotateAtMs && old.size() > 0) {
                onEarlyEviction.run();
            }
            LongMap<V> forgotten = old;
            old = young;
            young = forgotten;
            young.clear();
            rotateAtMs = nowMs + generationMs;
        }
        young.put(key, value);
    }

    public void remove(long key) {
        young.remove(key);
        old.remove(key);
    }
}
