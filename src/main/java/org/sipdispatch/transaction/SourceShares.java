package org.sipdispatch.transaction;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Accounts for a limited resource per source address. An IPv6 source is its /64 prefix, because one host may use every
 * address of it. Each entry is fixed or released; released entries may be evicted. Sources are ranked by the order of
 * magnitude of their released amount, so that one of the largest is found in constant time. Not thread-safe.
 *
 * @param <T> the type of the objects that hold the resource
 */
public final class SourceShares<T> {
    private static final int RANKS = Long.SIZE;
    private static final int NONE = -1;
    /** How many sources of the highest rank are compared. */
    private static final int MOST_COMPARED = 16;

    /** The share of one source. */
    public static final class SourceShare<T> {
        private final InetAddress source;
        private final long key;
        private long released;
        private long fixed;
        private long fixedCount;
        private int rank = NONE;
        private SourceShare<T> previous;
        private SourceShare<T> next;
        private ResourceHolder<T> oldest;
        private ResourceHolder<T> newest;

        private SourceShare(InetAddress source, long key) {
            this.source = source;
            this.key = key;
        }

        /** The first address seen with this key. */
        public InetAddress source() {
            return source;
        }

        /** The released amount, which may be evicted. */
        public long released() {
            return released;
        }

        /** The fixed amount, which cannot be evicted. */
        public long fixed() {
            return fixed;
        }

        /** The number of fixed entries. */
        public long fixedCount() {
            return fixedCount;
        }

        /** The released entry that was released or used least recently; null if there is none. */
        public ResourceHolder<T> oldest() {
            return oldest;
        }
    }

    /** An object that holds some of the resource. */
    public static final class ResourceHolder<T> {
        private T value;
        private SourceShare<T> share;
        private boolean fixed;
        private long weight;
        private ResourceHolder<T> older;
        private ResourceHolder<T> newer;

        private ResourceHolder(T thing, SourceShare<T> share) {
            this.value = thing;
            this.share = share;
        }

        public T value() {
            return value;
        }

        /** Another object holds the resource from now on. */
        public void pass(T to) {
            value = to;
        }

        public long weight() {
            return weight;
        }

        /** Whether the entry is accounted for; false after it was removed. */
        public boolean isHeld() {
            return share != null;
        }

        /** The source's share; null after the entry was removed. */
        public SourceShare<T> share() {
            return share;
        }
    }

    private final LongMap<SourceShare<T>> shares = new LongMap<>(64);
    /** The first and the last source of each rank, in the order in which they entered it. */
    private final SourceShare<T>[] first = ranks();

    private final SourceShare<T>[] last = ranks();
    /** A random multiplier, so that an attacker cannot choose addresses whose keys collide. */
    private final long hashMultiplier = new SecureRandom().nextLong() | 1;

    private long released;
    private long fixed;
    private long fixedCount;
    private int size;

    @SuppressWarnings("unchecked")
    private static <T> SourceShare<T>[] ranks() {
        return (SourceShare<T>[]) new SourceShare<?>[RANKS];
    }

    /** The released amount of all sources. */
    public long released() {
        return released;
    }

    /** The fixed amount of all sources. */
    public long fixed() {
        return fixed;
    }

    /** The number of fixed entries of all sources. */
    public long fixedCount() {
        return fixedCount;
    }

    /** The number of released entries of all sources. */
    public int size() {
        return size;
    }

    /** The share of a source; null if it holds nothing. */
    public SourceShare<T> find(InetAddress source) {
        return shares.get(key(source));
    }

    private SourceShare<T> of(InetAddress source) {
        long key = key(source);
        SourceShare<T> share = shares.get(key);
        if (share == null) {
            share = new SourceShare<>(source, key);
            shares.put(key, share);
        }
        return share;
    }

    private long key(InetAddress source) {
        long key = SocketAddresses.source(source) * hashMultiplier;
        return key ^ key >>> 32;
    }

    /** Adds a fixed entry to a source. */
    public ResourceHolder<T> addFixed(InetAddress source, T thing, long weight) {
        ResourceHolder<T> entry = new ResourceHolder<>(thing, of(source));
        entry.fixed = true;
        entry.share.fixedCount++;
        fixedCount++;
        setWeight(entry, weight);
        return entry;
    }

    /** Makes an entry evictable. The least recently released or used entries are evicted first. */
    public void release(ResourceHolder<T> entry) {
        if (entry.share != null && entry.fixed) {
            long weight = entry.weight;
            setWeight(entry, 0);
            entry.fixed = false;
            entry.share.fixedCount--;
            fixedCount--;
            append(entry);
            size++;
            setWeight(entry, weight);
        }
    }

    /** Adds a released entry to a source. */
    public ResourceHolder<T> add(InetAddress source, T thing, long weight) {
        ResourceHolder<T> entry = addFixed(source, thing, weight);
        release(entry);
        return entry;
    }

    /** Sets the weight of an entry. */
    public void setWeight(ResourceHolder<T> entry, long weight) {
        long more = weight - entry.weight;
        SourceShare<T> share = entry.share;
        if (share == null) {
            return;
        }
        entry.weight = weight;
        if (entry.fixed) {
            share.fixed += more;
            fixed += more;
        } else {
            share.released += more;
            released += more;
            rank(share);
        }
    }

    private void rank(SourceShare<T> share) {
        int rank = share.oldest == null ? NONE : RANKS - 1 - Long.numberOfLeadingZeros(Math.max(1, share.released));
        if (rank != share.rank) {
            leaveRank(share);
            enterRank(share, rank);
        }
    }

    /** Marks a released entry as the most recently used of its source. */
    public void touch(ResourceHolder<T> entry) {
        if (entry.share != null && !entry.fixed && entry.share.newest != entry) {
            unlink(entry);
            append(entry);
        }
    }

    /** Removes an entry. Does nothing if it was removed before. */
    public void remove(ResourceHolder<T> entry) {
        SourceShare<T> share = entry.share;
        if (share == null) {
            return;
        }
        if (entry.fixed) {
            share.fixedCount--;
            fixedCount--;
        } else {
            unlink(entry);
            size--;
        }
        setWeight(entry, 0);
        entry.share = null;
        if (share.oldest == null && share.fixedCount == 0) {
            shares.remove(share.key);
        }
    }

    /** One of the sources with the largest released amounts; null if there is none. */
    public SourceShare<T> largest() {
        for (int rank = RANKS - 1; rank >= 0; rank--) {
            if (first[rank] != null) {
                return largestFrom(first[rank]);
            }
        }
        return null;
    }

    /** Up to 16 of the sources with the largest released amounts, approximately in descending order. */
    public List<SourceShare<T>> largestOnes() {
        List<SourceShare<T>> ones = new ArrayList<>(MOST_COMPARED);
        for (int rank = RANKS - 1; rank >= 0; rank--) {
            for (SourceShare<T> one = first[rank]; one != null && ones.size() < MOST_COMPARED; one = one.next) {
                ones.add(one);
            }
        }
        return ones;
    }

    private static <T> SourceShare<T> largestFrom(SourceShare<T> one) {
        SourceShare<T> largest = one;
        SourceShare<T> next = one.next;
        for (int i = 1; i < MOST_COMPARED && next != null; i++) {
            largest = next.released > largest.released ? next : largest;
            next = next.next;
        }
        return largest;
    }

    private void append(ResourceHolder<T> entry) {
        SourceShare<T> share = entry.share;
        entry.older = share.newest;
        entry.newer = null;
        if (share.newest == null) {
            share.oldest = entry;
        } else {
            share.newest.newer = entry;
        }
        share.newest = entry;
    }

    private void unlink(ResourceHolder<T> entry) {
        SourceShare<T> share = entry.share;
        if (entry.older == null) {
            share.oldest = entry.newer;
        } else {
            entry.older.newer = entry.newer;
        }
        if (entry.newer == null) {
            share.newest = entry.older;
        } else {
            entry.newer.older = entry.older;
        }
        // Otherwise a removed entry, while the collector has not found it, would keep all newer ones.
        entry.older = null;
        entry.newer = null;
    }

    private void leaveRank(SourceShare<T> share) {
        if (share.rank == NONE) {
            return;
        }
        if (share.previous == null) {
            first[share.rank] = share.next;
        } else {
            share.previous.next = share.next;
        }
        if (share.next == null) {
            last[share.rank] = share.previous;
        } else {
            share.next.previous = share.previous;
        }
    }

    private void enterRank(SourceShare<T> share, int rank) {
        share.rank = rank;
        share.previous = rank == NONE ? null : last[rank];
        share.next = null;
        if (rank == NONE) {
            return;
        }
        if (share.previous == null) {
            first[rank] = share;
        } else {
            share.previous.next = share;
        }
        last[rank] = share;
    }
}
