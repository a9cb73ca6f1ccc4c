package org.sipdispatch.proxy;

import org.sipdispatch.sip.ByteWriter;

/** The base64 encoding of keyed hashes in Vias, tags and Record-Routes. */
final class RouteToken {
    static final int DIGITS = 11;

    private RouteToken() {}

    static boolean is(byte[] bytes, int start, int end, long seal) {
        return end - start == DIGITS && ByteWriter.isBase64(bytes, start, seal, DIGITS);
    }
}
