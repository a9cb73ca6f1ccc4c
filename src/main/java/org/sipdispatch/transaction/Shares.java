package org.sipdispatch.transaction;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Who holds how much of something scarce, by source address; an IPv6 source is its /64, of which one host may use every
 * address. What was released may be given up when room is needed. Sources are kept by the magnitude of what they have
 * released, so that one of the largest is found at once. Not thread-safe.
 *
 * @param <T> what is held
 */
public final class Shares<T> {
    private static final int RANKS = Long.SIZE;
    private static final int NONE = -1;
    /** How many of the highest rank are compared. */
    private static final int MOST_COMPARED = 16;

    /** What one source holds. */
    public static final class Share<T> {
        private final InetAddress source;
        private final long key;
        private long released;
        private long fixed;
        private long fixedCount;
        private int rank = NONE;
        private Share<T> before;
        private Share<T> after;
        private Entry<T> oldest;
        private Entry<T> newest;

        private Share(InetAddress source, long key) {
            this.source = source;
            this.key = key;
        }

        /** The address that was seen first. */
        public InetAddress source() {
            return source;
        }

        /** What it holds that may be given up. */
        public long released() {
            return released;
        }

        /** What it holds that cannot be given up. */
        public long fixed() {
            return fixed;
        }

        /** How many things that is. */
        public long fixedCount() {
            return fixedCount;
        }

        /** What was released or used longest ago; null if there is nothing. */
        public Entry<T> oldest() {
            return oldest;
        }
    }

    /** Something that is held. */
    public static final class Entry<T> {
        private final T thing;
        private Share<T> share;
        private boolean fixed;
        private long weight;
        private Entry<T> older;
        private Entry<T> newer;

        private Entry(T thing, Share<T> share) {
            this.thing = thing;
            this.share = share;
        }

        public T thing() {
            return thing;
        }

        public long weight() {
            return weight;
        }

        /** Whether it is held; false as soon as it was removed. */
        public boolean isHeld() {
            return share != null;
        }

        /** Its source's share; null if it is not held. */
        public Share<T> share() {
            return share;
        }
    }

    private final LongMap<Share<T>> shares = new LongMap<>(64);
    /** The first and the last of each rank, in the order in which they came into it. */
    private final Share<T>[] first = ranks();

    private final Share<T>[] last = ranks();
    /** Keys are spread by it, so that nobody can choose addresses that fall together. */
    private final long spread = new SecureRandom().nextLong() | 1;

    private long released;
    private long fixed;
    private long fixedCount;
    private int size;

    @SuppressWarnings("unchecked")
    private static <T> Share<T>[] ranks() {
        return (Share<T>[]) new Share<?>[RANKS];
    }

    /** What is held that may be given up. */
    public long released() {
        return released;
    }

    /** What is held that cannot be given up. */
    public long fixed() {
        return fixed;
    }

    /** How many things that is. */
    public long fixedCount() {
        return fixedCount;
    }

    /** How many things are held that may be given up. */
    public int size() {
        return size;
    }

    /** What a source holds; null if nothing. */
    public Share<T> find(InetAddress source) {
        return shares.get(key(source));
    }

    private Share<T> of(InetAddress source) {
        long key = key(source);
        Share<T> share = shares.get(key);
        if (share == null) {
            share = new Share<>(source, key);
            shares.put(key, share);
        }
        return share;
    }

    private long key(InetAddress source) {
        long key = prefix(source) * spread;
        return key ^ key >>> 32;
    }

    /** The hash code of an IPv4 address is the address. */
    private static long prefix(InetAddress source) {
        if (source instanceof Inet4Address) {
            return source.hashCode() & 0xFFFF_FFFFL | 0xFFFF_FFFFL << 32;
        }
        byte[] bytes = source.getAddress();
        long prefix = 0;
        for (int i = 0; i < 8; i++) {
            prefix = prefix << 8 | bytes[i] & 0xFF;
        }
        return prefix;
    }

    /** A source holds something more, which cannot be given up. */
    public Entry<T> fix(InetAddress source, T thing, long weight) {
        Entry<T> entry = new Entry<>(thing, of(source));
        entry.fixed = true;
        entry.share.fixedCount++;
        fixedCount++;
        weigh(entry, weight);
        return entry;
    }

    /** From now on it may be given up, those that were released or used longer ago first. */
    public void release(Entry<T> entry) {
        if (entry.share != null && entry.fixed) {
            long weight = entry.weight;
            weigh(entry, 0);
            entry.fixed = false;
            entry.share.fixedCount--;
            fixedCount--;
            append(entry);
            size++;
            weigh(entry, weight);
        }
    }

    /** A source holds something more, which may be given up. */
    public Entry<T> add(InetAddress source, T thing, long weight) {
        Entry<T> entry = fix(source, thing, weight);
        release(entry);
        return entry;
    }

    /** It weighs so much now. */
    public void weigh(Entry<T> entry, long weight) {
        long more = weight - entry.weight;
        Share<T> share = entry.share;
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

    private void rank(Share<T> share) {
        int rank = share.oldest == null ? NONE : RANKS - 1 - Long.numberOfLeadingZeros(Math.max(1, share.released));
        if (rank != share.rank) {
            leaveRank(share);
            enterRank(share, rank);
        }
    }

    /** It was used just now: of what may be given up it comes last. */
    public void touch(Entry<T> entry) {
        if (entry.share != null && !entry.fixed && entry.share.newest != entry) {
            cut(entry);
            append(entry);
        }
    }

    /** It is not held any longer; nothing happens if it was not. */
    public void remove(Entry<T> entry) {
        Share<T> share = entry.share;
        if (share == null) {
            return;
        }
        if (entry.fixed) {
            share.fixedCount--;
            fixedCount--;
        } else {
            cut(entry);
            size--;
        }
        weigh(entry, 0);
        entry.share = null;
        if (share.oldest == null && share.fixedCount == 0) {
            shares.remove(share.key);
        }
    }

    /** One of the sources that have most that may be given up; null if there is none. */
    public Share<T> largest() {
        for (int rank = RANKS - 1; rank >= 0; rank--) {
            if (first[rank] != null) {
                return largestFrom(first[rank]);
            }
        }
        return null;
    }

    /** Some of those that have most that may be given up, about in that order; 16 at most. */
    public List<Share<T>> largestOnes() {
        List<Share<T>> ones = new ArrayList<>(MOST_COMPARED);
        for (int rank = RANKS - 1; rank >= 0; rank--) {
            for (Share<T> one = first[rank]; one != null && ones.size() < MOST_COMPARED; one = one.after) {
                ones.add(one);
            }
        }
        return ones;
    }

    private static <T> Share<T> largestFrom(Share<T> one) {
        Share<T> largest = one;
        Share<T> next = one.after;
        for (int i = 1; i < MOST_COMPARED && next != null; i++) {
            largest = next.released > largest.released ? next : largest;
            next = next.after;
        }
        return largest;
    }

    private void append(Entry<T> entry) {
        Share<T> share = entry.share;
        entry.older = share.newest;
        entry.newer = null;
        if (share.newest == null) {
            share.oldest = entry;
        } else {
            share.newest.newer = entry;
        }
        share.newest = entry;
    }

    private void cut(Entry<T> entry) {
        Share<T> share = entry.share;
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
    }

    private void leaveRank(Share<T> share) {
        if (share.rank == NONE) {
            return;
        }
        if (share.before == null) {
            first[share.rank] = share.after;
        } else {
            share.before.after = share.after;
        }
        if (share.after == null) {
            last[share.rank] = share.before;
        } else {
            share.after.before = share.before;
        }
    }

    private void enterRank(Share<T> share, int rank) {
        share.rank = rank;
        share.before = rank == NONE ? null : last[rank];
        share.after = null;
        if (rank == NONE) {
            return;
        }
        if (share.before == null) {
            first[rank] = share;
        } else {
            share.before.after = share;
        }
        last[rank] = share;
    }
}
