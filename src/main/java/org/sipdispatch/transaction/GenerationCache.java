package org.sipdispatch.transaction;

/**
 * Remembers for a while, by 64-bit keys, what was decided and nothing else remembers: where a stateless transaction
 * went, so that its retransmissions, CANCEL and ACK go the same way even if states change in between; and which
 * destination took a dialog. Two tables of bounded size: when the young one is full or old enough it becomes the old
 * one, and the old one is forgotten. Not thread-safe.
 */
public final class GenerationCache<V> {
    private final int capacity;
    private final long generationMs;
    private LongMap<V> young;
    private LongMap<V> old;
    private final Runnable early;
    private long rotateAtMs;

    /**
     * Makes room.
     *
     * @param entries how many each table holds
     * @param generationMs how long an entry is remembered at least, unless too many come: between once and twice that
     */
    public GenerationCache(int entries, long generationMs, long nowMs) {
        this(entries, generationMs, nowMs, () -> {});
    }

    /** {@code early}: is told when entries are forgotten before that time since too many come. */
    public GenerationCache(int entries, long generationMs, long nowMs, Runnable early) {
        this.early = early;
        capacity = entries;
        this.generationMs = generationMs;
        young = new LongMap<>(1024);
        old = new LongMap<>(1024);
        rotateAtMs = nowMs + generationMs;
    }

    /** What was remembered; null if nothing. */
    public V get(long key) {
        V value = young.get(key);
        return value == null ? old.get(key) : value;
    }

    public void put(long key, V value, long nowMs) {
        if (young.size() >= capacity || nowMs >= rotateAtMs) {
            if (nowMs < rotateAtMs && old.size() > 0) {
                early.run();
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
