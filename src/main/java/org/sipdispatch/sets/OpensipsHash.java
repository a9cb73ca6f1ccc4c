package org.sipdispatch.sets;

import org.sipdispatch.sip.ByteWriter;

/**
 * The hash of the OpenSIPS dispatcher: 4-byte words are folded by shift and exclusive or, added up, and mixed once.
 * Each key is grouped into words separately; the result 0 is replaced by 1. {@code abcd} gives 1834959896, the empty
 * key 1.
 */
final class OpensipsHash {
    private final boolean signedBytes;
    private final ByteWriter recorded;
    private int sum;

    /**
     * {@code signedBytes}: treat bytes above 127 as negative, as OpenSIPS does on x86 but not on ARM. {@code recorded}:
     * receives a copy of all hashed bytes; null for none.
     */
    OpensipsHash(boolean signedBytes, ByteWriter recorded) {
        this.signedBytes = signedBytes;
        this.recorded = recorded;
    }

    OpensipsHash begin() {
        sum = 0;
        if (recorded != null) {
            recorded.clear();
        }
        return this;
    }

    OpensipsHash add(byte[] key, int start, int end) {
        if (recorded != null) {
            recorded.put(key, start, end);
        }
        int at = start;
        for (; end - at >= 4; at += 4) {
            mix((value(key[at]) << 24) + (value(key[at + 1]) << 16) + (value(key[at + 2]) << 8) + value(key[at + 3]));
        }
        int tail = 0;
        for (; at < end; at++) {
            tail = tail * 256 + value(key[at]);
        }
        mix(tail);
        return this;
    }

    private int value(byte b) {
        return signedBytes ? b : b & 0xff;
    }

    private void mix(int word) {
        sum += word ^ word >>> 3;
    }

    /** The hash as an unsigned 32-bit number, never 0. */
    int value() {
        int hash = sum + (sum >>> 11) + (sum >>> 13) + (sum >>> 23);
        return hash == 0 ? 1 : hash;
    }
}
