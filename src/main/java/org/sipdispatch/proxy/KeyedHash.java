package org.sipdispatch.proxy;

import org.sipdispatch.sip.ByteWriter;

/** The base64 encoding of keyed hashes in Vias, tags and Record-Routes. */
final class KeyedHash {
    static final int DIGITS = 11;

    private KeyedHash() {}

    static boolean is(byte[] bytes, int start, int end, long hash) {
        return end - start == DIGITS && ByteWriter.isBase64(bytes, start, hash, DIGITS);
    }
}
