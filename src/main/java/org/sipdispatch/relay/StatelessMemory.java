package org.sipdispatch.relay;

/**
 * Remembers for a while what was decided for a transaction that nothing else remembers, so that its retransmissions,
 * CANCEL and ACK go the same way even if states change in between. Two tables of bounded size: when the young one is
 * full or old enough it becomes the old one, and the old one is forgotten. Not thread-safe.
 */
final class StatelessMemory {
    private final int capacity;
    private final long generationMs;
    private LongMap<Object> young;
    private LongMap<Object> old;
    private long rotateAtMs;

    /**
     * Makes room.
     *
     * @param entries how many each table holds
     * @param generationMs how long an entry is remembered at least, unless too many come: between once and twice that
     */
    StatelessMemory(int entries, long generationMs, long nowMs) {
        capacity = entries;
        this.generationMs = generationMs;
        young = new LongMap<>(1024);
        old = new LongMap<>(1024);
        rotateAtMs = nowMs + generationMs;
    }

    /** What was remembered; null if nothing. */
    Object get(long key) {
        Object value = young.get(key);
        return value == null ? old.get(key) : value;
    }

    void put(long key, Object value, long nowMs) {
        if (young.size() >= capacity || nowMs >= rotateAtMs) {
            LongMap<Object> forgotten = old;
            old = young;
            young = forgotten;
            young.clear();
            rotateAtMs = nowMs + generationMs;
        }
        young.put(key, value);
    }
}
