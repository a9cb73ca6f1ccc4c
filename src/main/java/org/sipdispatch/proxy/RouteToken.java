package org.sipdispatch.proxy;

import org.sipdispatch.sip.ByteWriter;

/** How a seal is written in our Record-Route. */
final class RouteToken {
    static final int DIGITS = 11;

    private RouteToken() {}

    static boolean is(byte[] bytes, int start, int end, long seal) {
        return end - start == DIGITS && ByteWriter.isBase64(bytes, start, seal, DIGITS);
    }
}
