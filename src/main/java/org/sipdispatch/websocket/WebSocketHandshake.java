package org.sipdispatch.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/**
 * The opening handshake of one connection, the part of the server: RFC 6455 section 4.2, with the sub-protocol
 * {@code sip} of RFC 7118. Any path is accepted. Confined to its connection.
 */
public final class WebSocketHandshake {
    /**
     * How a handshake ended.
     *
     * @param response the HTTP response to send
     * @param failure why the client is refused; null if it is accepted
     * @param detail what is wrong with the request; empty if the client is accepted
     * @param rest the bytes after the request: the first frames
     */
    public record Outcome(byte[] response, WebSocketFailure failure, String detail, byte[] rest) {}

    private static final int MOST_HEAD = 8192;
    private static final byte[] END = {'\r', '\n', '\r', '\n'};
    private static final byte[] NOTHING = {};
    /** RFC 6455 section 1.3. */
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private static final String PROTOCOL = "sip";
    private static final String VERSION = "13";
    private static final int KEY_BYTES = 16;

    private final Set<String> origins;
    private byte[] head = NOTHING;
    private int filled;

    /** {@code origins}: the accepted values of Origin, in lower case; empty for any, and for clients without one. */
    public WebSocketHandshake(Set<String> origins) {
        this.origins = origins;
    }

    /** The bytes that wait for the rest of the request. */
    public int held() {
        return head.length;
    }

    /** Adds received bytes; null as long as the request is not complete. */
    public Outcome add(byte[] bytes) {
        int searched = Math.max(0, filled - END.length + 1);
        if (filled + bytes.length > head.length) {
            head = Arrays.copyOf(head, filled + bytes.length);
        }
        System.arraycopy(bytes, 0, head, filled, bytes.length);
        filled += bytes.length;
        if (!isToken(head[0])) {
            return refused(WebSocketFailure.BAD_REQUEST, "it does not begin with an HTTP method");
        }
        int end = endOfHead(searched);
        if (end > MOST_HEAD || end < 0 && filled > MOST_HEAD) {
            return refused(WebSocketFailure.HEAD_TOO_LARGE, "it has more than " + MOST_HEAD + " bytes");
        }
        return end < 0 ? null : answer(end);
    }

    /** The outcome if the request has not arrived in time. */
    public static Outcome late() {
        return refused(WebSocketFailure.HANDSHAKE_TIMEOUT, "it took too long");
    }

    /** The position after the empty line; -1 if it has not arrived. */
    private int endOfHead(int from) {
        for (int i = from; i + END.length <= filled; i++) {
            if (Arrays.equals(head, i, i + END.length, END, 0, END.length)) {
                return i + END.length;
            }
        }
        return -1;
    }

    private Outcome answer(int end) {
        HttpHead request = HttpHead.parse(new String(head, 0, end - END.length, StandardCharsets.ISO_8859_1));
        byte[] rest = Arrays.copyOfRange(head, end, filled);
        head = NOTHING;
        filled = 0;
        if (request.problem() != null) {
            return refused(WebSocketFailure.BAD_REQUEST, request.problem());
        }
        Outcome refusal = refusal(request);
        return refusal == null ? accepted(request, rest) : refusal;
    }

    private Outcome refusal(HttpHead request) {
        if (!request.method().equals("GET")) {
            return refused(WebSocketFailure.WRONG_METHOD, request.method() + " (expected: GET)");
        }
        if (request.has("content-length") && !request.only("content-length").equals("0")
                || request.has("transfer-encoding")) {
            return refused(WebSocketFailure.BAD_REQUEST, "it has a body");
        }
        if (request.only("host").isEmpty()) {
            return refused(WebSocketFailure.BAD_REQUEST, "Host (expected: exactly one)");
        }
        if (!request.lists("upgrade", "websocket") || !request.lists("connection", "upgrade")) {
            return refused(WebSocketFailure.NO_UPGRADE, "(expected: Upgrade: websocket, and Connection: Upgrade)");
        }
        if (!request.only("sec-websocket-version").equals(VERSION)) {
            return refused(
                    WebSocketFailure.WRONG_VERSION,
                    "Sec-WebSocket-Version: " + shown(request.only("sec-websocket-version")) + " (expected: " + VERSION
                            + ")");
        }
        if (!isKey(request.only("sec-websocket-key"))) {
            return refused(
                    WebSocketFailure.BAD_REQUEST, "Sec-WebSocket-Key (expected: 16 bytes in base64, exactly once)");
        }
        return refusalOfClient(request);
    }

    private Outcome refusalOfClient(HttpHead request) {
        String origin = request.only("origin");
        if (!origins.isEmpty() && !origins.contains(HttpHead.lowerCase(origin))) {
            return refused(
                    WebSocketFailure.WRONG_ORIGIN,
                    "Origin: " + shown(origin) + " (expected: one of transport.websocket.origins)");
        }
        return request.lists("sec-websocket-protocol", PROTOCOL)
                ? null
                : refused(
                        WebSocketFailure.WRONG_SUBPROTOCOL,
                        "Sec-WebSocket-Protocol: " + shown(request.all("sec-websocket-protocol")) + " (expected: sip)");
    }

    private static String shown(String value) {
        return value.isEmpty() ? "nothing" : value;
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isToken(byte one) {
        return one >= 'A' && one <= 'Z' || one >= 'a' && one <= 'z';
    }

    private static Outcome accepted(HttpHead request, byte[] rest) {
        String text = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(request.only("sec-websocket-key")) + "\r\n"
                + "Sec-WebSocket-Protocol: " + PROTOCOL + "\r\n\r\n";
        return new Outcome(text.getBytes(StandardCharsets.ISO_8859_1), null, "", rest);
    }

    /** The value of Sec-WebSocket-Accept for a key: RFC 6455 section 1.3. */
    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    private static Outcome refused(WebSocketFailure why, String detail) {
        String text = "the request is refused: " + HttpHead.printable(detail) + "\n";
        String more =
                switch (why) {
                    case WRONG_METHOD -> "Allow: GET\r\n";
                    case NO_UPGRADE, WRONG_VERSION ->
                        "Upgrade: websocket\r\nSec-WebSocket-Version: " + VERSION + "\r\n";
                    default -> "";
                };
        String connection = why == WebSocketFailure.NO_UPGRADE || why == WebSocketFailure.WRONG_VERSION
                ? "Upgrade, close"
                : "close";
        String response = "HTTP/1.1 " + why.status() + "\r\n" + more + "Connection: " + connection
                + "\r\nContent-Type: text/plain\r\nContent-Length: " + text.length() + "\r\n\r\n" + text;
        return new Outcome(response.getBytes(StandardCharsets.ISO_8859_1), why, HttpHead.printable(detail), NOTHING);
    }
}
