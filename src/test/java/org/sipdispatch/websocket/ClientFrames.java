package org.sipdispatch.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Writes frames as a client does, masked with the key of the examples in RFC 6455 section 5.7. */
final class ClientFrames {
    private static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private ClientFrames() {}

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    /** {@code first}: the bits FIN and RSV, and the opcode. */
    static byte[] frame(int first, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(14 + payload.length).put((byte) first);
        if (payload.length < 126) {
            out.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            out.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            out.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        out.put(KEY);
        for (int i = 0; i < payload.length; i++) {
            out.put((byte) (payload[i] ^ KEY[i % 4]));
        }
        byte[] frame = new byte[out.position()];
        out.flip().get(frame);
        return frame;
    }

    static byte[] frame(int first, String payload) {
        return frame(first, payload.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
