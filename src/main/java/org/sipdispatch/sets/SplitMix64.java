package org.sipdispatch.sets;

/** Distributes similar numbers over all 64-bit numbers. */
final class SplitMix64 {
    /** 2^64 divided by the golden ratio: by this the generator advances from number to number. */
    static final long STEP = 0x9e3779b97f4a7c15L;

    private SplitMix64() {}

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    static long mix(long value) {
        long z = value + STEP;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
