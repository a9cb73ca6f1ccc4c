package org.sipdispatch.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the frames of a server, which are not masked: RFC 6455 section 5. */
public final class WebSocketFrame {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    static final int FIN = 0x80;
    static final int MASKED = 0x80;
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;

    /** The largest payload of a control frame, in bytes. */
    static final int MOST_CONTROL = 125;

    private static final int MOST_REASON = MOST_CONTROL - 2;

    private WebSocketFrame() {}

    /** The header of a frame with a whole SIP message: of type text if it is UTF-8, else binary (RFC 7118 section 5). */
    public static byte[] headerOf(byte[] message) {
        return header(Utf8.isValid(message, 0, message.length) ? TEXT : BINARY, message.length);
    }

    public static byte[] ping() {
        return header(PING, 0);
    }

    /** {@code payload}: that of the ping, 125 bytes at most. */
    public static byte[] pong(byte[] payload) {
        return frame(PONG, payload);
    }

    /** A Close frame; without a status code for {@link CloseReason#NO_STATUS}. A longer text is cut. */
    public static byte[] close(CloseReason why) {
        if (why.code() == CloseReason.NO_STATUS) {
            return header(CLOSE, 0);
        }
        byte[] text = why.text().getBytes(StandardCharsets.US_ASCII);
        int length = Math.min(text.length, MOST_REASON);
        return frame(
                CLOSE,
                ByteBuffer.allocate(2 + length)
                        .putShort((short) why.code())
                        .put(text, 0, length)
                        .array());
    }

    private static byte[] frame(int opcode, byte[] payload) {
        byte[] header = header(opcode, payload.length);
        byte[] frame = Arrays.copyOf(header, header.length + payload.length);
        System.arraycopy(payload, 0, frame, header.length, payload.length);
        return frame;
    }

    private static byte[] header(int opcode, int length) {
        byte first = (byte) (FIN | opcode);
        if (length < LENGTH_16) {
            return new byte[] {first, (byte) length};
        }
        return length < 1 << Short.SIZE
                ? ByteBuffer.allocate(4)
                        .put(first)
                        .put((byte) LENGTH_16)
                        .putShort((short) length)
                        .array()
                : ByteBuffer.allocate(10)
                        .put(first)
                        .put((byte) LENGTH_64)
                        .putLong(length)
                        .array();
    }
}
