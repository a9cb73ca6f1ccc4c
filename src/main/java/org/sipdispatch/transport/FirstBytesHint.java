package org.sipdispatch.transport;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Guesses the protocol of a connection's first bytes, for hints in the log. */
final class FirstBytesHint {
    /** A record of the type handshake, of SSL 3.0 or later (RFC 8446 section 5.1). */
    private static final byte[] TLS_HANDSHAKE = {0x16, 0x03};

    private static final Pattern HTTP = Pattern.compile("[A-Z]{3,7} [^ ]+ HTTP/1\\.[01]\r?\n");
    /**
     * A request, a response, or the keep-alive before one (RFC 5626); the signature of version 2 begins with the same
     * bytes.
     */
    private static final Pattern SIP = Pattern.compile("[A-Za-z]+ (?i:sips?|tel):|SIP/2\\.0 |\r\n(?:\r\n)?+(?!\\x00)");

    private FirstBytesHint() {}

    /** {@code TLS}, {@code HTTP} or {@code SIP}; empty for anything else. */
    static String kind(byte[] first) {
        if (first.length >= 2 && first[0] == TLS_HANDSHAKE[0] && first[1] == TLS_HANDSHAKE[1]) {
            return "TLS";
        }
        String text = new String(first, StandardCharsets.ISO_8859_1);
        if (HTTP.matcher(text).lookingAt()) {
            return "HTTP";
        }
        return SIP.matcher(text).lookingAt() ? "SIP" : "";
    }
}
