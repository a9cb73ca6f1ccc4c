package org.sipdispatch.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Checks whether bytes are UTF-8 (RFC 3629). */
final class Utf8 {
    private Utf8() {}

    static boolean isValid(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] < 0) {
                return decodes(bytes, i, end);
            }
        }
        return true;
    }

    private static boolean decodes(byte[] bytes, int start, int end) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, end - start));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
