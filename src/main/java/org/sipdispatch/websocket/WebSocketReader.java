package org.sipdispatch.websocket;

import java.util.Arrays;

/**
 * Reads the frames that a client sends, in pieces of any size, and joins the fragments of messages: RFC 6455 section 5.
 * Confined to its connection.
 */
public final class WebSocketReader {
    /** The result of {@link #next()}. */
    public enum Event {
        /** More bytes are needed. */
        MORE,
        /** A whole message, see {@link WebSocketReader#payload}. */
        MESSAGE,
        /** A ping, to be answered with the same payload. */
        PING,
        PONG,
        /** The client closes the connection, see {@link WebSocketReader#closeReason}. */
        CLOSE,
        /** What follows cannot be read, see {@link WebSocketReader#closeReason}. */
        FAILED
    }

    private static final byte[] NOTHING = {};
    private static final int SHORT_HEADER = 2;
    private static final int MASK_BYTES = 4;
    private static final int RESERVED = 0x70;

    private final int maxMessageSize;
    private final byte[] header = new byte[14];
    private byte[] chunk = NOTHING;
    private int at;

    private int headerFilled;
    /** The length of the header of this frame; its last bytes are the mask. 0 until the whole header has arrived. */
    private int headerLength;

    private int opcode;
    private long rest;
    private int masked;

    private byte[] message = NOTHING;
    private int messageFilled;
    /** The opcode of the message whose fragments arrive; 0 for none. */
    private int messageOpcode;

    private final byte[] control = new byte[WebSocketFrame.MOST_CONTROL];
    private int controlFilled;

    private byte[] payload = NOTHING;
    private CloseReason closeReason;
    private boolean failed;
    private boolean over;

    /** {@code maxMessageSize}: the largest message, in bytes; larger ones fail when their size is known. */
    public WebSocketReader(int maxMessageSize) {
        this.maxMessageSize = maxMessageSize;
    }

    /** Adds received bytes; call {@link #next()} before until it returns MORE. The array is the reader's from now on. */
    public void add(byte[] bytes) {
        chunk = bytes;
        at = 0;
    }

    /** The payload of the last message, ping or pong. */
    public byte[] payload() {
        return payload;
    }

    /** Why the connection is closed, after CLOSE and FAILED. */
    public CloseReason closeReason() {
        return closeReason;
    }

    /** Whether a part of a frame or of a message has arrived. */
    public boolean isMidMessage() {
        return headerFilled > 0 || messageOpcode != 0;
    }

    /** The bytes that the reader holds. */
    public int held() {
        return message.length;
    }

    /** The next event; nothing follows CLOSE and FAILED. */
    public Event next() {
        while (!over && at < chunk.length) {
            if (headerLength == 0) {
                if (!readHeader()) {
                    break;
                }
            } else {
                readPayload();
            }
            if (headerLength > 0 && rest == 0) {
                Event event = endOfFrame();
                if (event != null) {
                    return event;
                }
            }
        }
        chunk = NOTHING;
        at = 0;
        if (failed) {
            failed = false;
            return Event.FAILED;
        }
        return Event.MORE;
    }

    /** Reads bytes of the header; false if it is not complete or not valid. */
    private boolean readHeader() {
        int wanted = headerFilled < SHORT_HEADER ? SHORT_HEADER : lengthOfHeader();
        while (headerFilled < wanted && at < chunk.length) {
            header[headerFilled++] = chunk[at++];
            if (headerFilled == SHORT_HEADER) {
                if (!checkStart()) {
                    return false;
                }
                wanted = lengthOfHeader();
            }
        }
        if (headerFilled < wanted) {
            return false;
        }
        rest = length();
        masked = 0;
        headerLength = wanted;
        return checkLength();
    }

    private int lengthOfHeader() {
        int length = header[1] & 0x7f;
        int extended = length == WebSocketFrame.LENGTH_16 ? 2 : length == WebSocketFrame.LENGTH_64 ? 8 : 0;
        return SHORT_HEADER + extended + MASK_BYTES;
    }

    private boolean checkStart() {
        boolean fin = (header[0] & WebSocketFrame.FIN) != 0;
        opcode = header[0] & 0x0f;
        int length = header[1] & 0x7f;
        if ((header[0] & RESERVED) != 0) {
            return fail("a reserved bit is set, and no extension was agreed on");
        }
        if ((header[1] & WebSocketFrame.MASKED) == 0) {
            return fail("a frame of a client is not masked");
        }
        return switch (opcode) {
            case WebSocketFrame.CONTINUATION ->
                messageOpcode != 0 || fail("a continuation frame without a message before it");
            case WebSocketFrame.TEXT, WebSocketFrame.BINARY ->
                messageOpcode == 0 || fail("a new message before the last fragment of another");
            case WebSocketFrame.CLOSE, WebSocketFrame.PING, WebSocketFrame.PONG ->
                fin && length <= WebSocketFrame.MOST_CONTROL
                        || fail("a control frame is fragmented or longer than 125 bytes");
            default -> fail("opcode " + opcode + " is reserved");
        };
    }

    private long length() {
        int length = header[1] & 0x7f;
        if (length < WebSocketFrame.LENGTH_16) {
            return length;
        }
        long extended = 0;
        for (int i = SHORT_HEADER; i < headerFilled - MASK_BYTES; i++) {
            extended = extended << Byte.SIZE | header[i] & 0xff;
        }
        return extended;
    }

    private boolean checkLength() {
        int extended = headerLength - SHORT_HEADER - MASK_BYTES;
        boolean shortest = extended == 0
                || extended == 2 && rest >= WebSocketFrame.LENGTH_16
                || extended == 8 && rest >= 1 << Short.SIZE;
        if (!shortest) {
            return fail("the length of a frame is not in its shortest form");
        }
        if (opcode < WebSocketFrame.CLOSE && rest > maxMessageSize - messageFilled) {
            return fail(CloseReason.TOO_BIG, "a message is larger than " + maxMessageSize + " bytes");
        }
        if (opcode == WebSocketFrame.TEXT || opcode == WebSocketFrame.BINARY) {
            messageOpcode = opcode;
        } else if (opcode >= WebSocketFrame.CLOSE) {
            controlFilled = 0;
        }
        return true;
    }

    private boolean fail(String text) {
        return fail(CloseReason.PROTOCOL_ERROR, text);
    }

    private boolean fail(int code, String text) {
        over = true;
        failed = true;
        message = NOTHING;
        closeReason = new CloseReason(code, text);
        return false;
    }

    private void readPayload() {
        int count = (int) Math.min(rest, chunk.length - at);
        byte[] target = control;
        int start = controlFilled;
        if (opcode < WebSocketFrame.CLOSE) {
            start = messageFilled;
            target = bufferFor(count);
            messageFilled += count;
        } else {
            controlFilled += count;
        }
        int mask = headerLength - MASK_BYTES;
        for (int i = 0; i < count; i++) {
            target[start + i] = (byte) (chunk[at + i] ^ header[mask + (masked + i) % MASK_BYTES]);
        }
        masked = (masked + count) % MASK_BYTES;
        at += count;
        rest -= count;
    }

    /** Grows with what arrives, not with what a header announces. */
    private byte[] bufferFor(int count) {
        int needed = messageFilled + count;
        if (needed > message.length) {
            int grown = message.length == 0 ? needed : Math.max(needed, Math.min(message.length * 2, maxMessageSize));
            message = Arrays.copyOf(message, grown);
        }
        return message;
    }

    /** The result at the end of this frame; null if the next frame is awaited. */
    private Event endOfFrame() {
        boolean fin = (header[0] & WebSocketFrame.FIN) != 0;
        headerFilled = 0;
        headerLength = 0;
        if (opcode >= WebSocketFrame.CLOSE) {
            payload = Arrays.copyOf(control, controlFilled);
            return switch (opcode) {
                case WebSocketFrame.PING -> Event.PING;
                case WebSocketFrame.PONG -> Event.PONG;
                default -> close();
            };
        }
        return fin ? endOfMessage() : null;
    }

    private Event endOfMessage() {
        boolean invalid = messageOpcode == WebSocketFrame.TEXT && !Utf8.isValid(message, 0, messageFilled);
        messageOpcode = 0;
        if (invalid) {
            fail(CloseReason.NOT_UTF8, "a text is not UTF-8");
            return null;
        }
        payload = messageFilled == message.length ? message : Arrays.copyOf(message, messageFilled);
        message = NOTHING;
        messageFilled = 0;
        return Event.MESSAGE;
    }

    /** Returns null if the frame is not valid. */
    private Event close() {
        if (controlFilled == 0) {
            return closed(new CloseReason(CloseReason.NO_STATUS, ""));
        }
        int code = controlFilled == 1 ? 0 : (control[0] & 0xff) << Byte.SIZE | control[1] & 0xff;
        if (!CloseReason.mayBeSent(code)) {
            fail("the status code of a Close frame is not valid");
            return null;
        }
        if (!Utf8.isValid(control, 2, controlFilled)) {
            fail(CloseReason.NOT_UTF8, "the reason in a Close frame is not UTF-8");
            return null;
        }
        return closed(new CloseReason(code, ""));
    }

    private Event closed(CloseReason why) {
        over = true;
        closeReason = why;
        return Event.CLOSE;
    }
}
