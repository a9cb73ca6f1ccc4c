package org.sipdispatch.relay;

import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteSink;

/** How a seal is written in our Record-Route. */
final class SealText {
    static final int DIGITS = 11;

    private SealText() {}

    static boolean is(byte[] bytes, int start, int end, long seal) {
        if (end - start != DIGITS) {
            return false;
        }
        byte[] expected = new ByteSink(DIGITS).putBase64(seal, DIGITS).bytes();
        return Ascii.equals(bytes, start, end, Ascii.text(expected, 0, DIGITS));
    }
}
