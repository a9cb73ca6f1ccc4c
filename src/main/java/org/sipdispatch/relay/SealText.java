package org.sipdispatch.relay;

import org.sipdispatch.sip.ByteSink;

/** How a seal is written in our Record-Route. */
final class SealText {
    static final int DIGITS = 11;

    private SealText() {}

    static boolean is(byte[] bytes, int start, int end, long seal) {
        return end - start == DIGITS && ByteSink.isBase64(bytes, start, seal, DIGITS);
    }
}
