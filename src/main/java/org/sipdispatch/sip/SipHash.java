package org.sipdispatch.sip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a short keyed hash that cannot be predicted without the secret. Ranges
 * are added one after the other. The length of each range is added too, so that "ab","c" and "a","bc" differ. Reused;
 * not thread-safe.
 */
public final class SipHash {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;
    private long v0;
    private long v1;
    private long v2;
    private long v3;
    private long word;
    private int filled;
    private int total;

    private SipHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
        reset();
    }

    /** Creates a hash that is keyed with a secret of any length. */
    public static SipHash of(String secret) {
        byte[] bytes = Ascii.bytes(secret);
        long low = new SipHash(0x5349502d64697370L, 1)
                .reset()
                .add(bytes, 0, bytes.length)
                .value();
        long high = new SipHash(0x5349502d64697370L, 2)
                .reset()
                .add(bytes, 0, bytes.length)
                .value();
        return new SipHash(low, high);
    }

    /** For the published test vectors. */
    static SipHash ofKeys(long key0, long key1) {
        return new SipHash(key0, key1);
    }

    /** Resets the hash to the state before the first {@code add}. */
    public SipHash reset() {
        v0 = key0 ^ 0x736f6d6570736575L;
        v1 = key1 ^ 0x646f72616e646f6dL;
        v2 = key0 ^ 0x6c7967656e657261L;
        v3 = key1 ^ 0x7465646279746573L;
        word = 0;
        filled = 0;
        total = 0;
        return this;
    }

    public SipHash add(byte[] bytes, int start, int end) {
        feed(bytes, start, end);
        return add(end - start);
    }

    /** Adds the lowest 16 bits of a number. */
    public SipHash add(int number) {
        feed(number & 0xffffL, Short.BYTES);
        return this;
    }

    void feed(byte[] bytes, int start, int end) {
        int at = start;
        int shift = filled;
        for (; end - at >= 8; at += 8) {
            long next = (long) WORDS.get(bytes, at);
            compress(word | next << shift);
            word = shift == 0 ? 0 : next >>> 64 - shift;
        }
        total += at - start;
        long rest = 0;
        for (int i = end - 1; i >= at; i--) {
            rest = rest << 8 | bytes[i] & 0xffL;
        }
        feed(rest, end - at);
    }

    /** Adds the lowest {@code count} bytes of a word, 0 to 7; the others must be 0. */
    private void feed(long bytes, int count) {
        total += count;
        word |= bytes << filled;
        int sum = filled + count * Byte.SIZE;
        if (sum >= Long.SIZE) {
            compress(word);
            sum -= Long.SIZE;
            word = sum == 0 ? 0 : bytes >>> count * Byte.SIZE - sum;
        }
        filled = sum;
    }

    private void compress(long m) {
        v3 ^= m;
        round();
        round();
        v0 ^= m;
    }

    private void round() {
        v0 += v1;
        v2 += v3;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v1;
        v0 += v3;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 = Long.rotateLeft(v2, 32);
    }

    /** The hash of everything added since {@link #reset}. Call {@link #reset} before the next use. */
    public long value() {
        compress(word | (long) total << 56);
        v2 ^= 0xff;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }
}
