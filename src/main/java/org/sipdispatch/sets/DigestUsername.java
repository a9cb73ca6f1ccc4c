package org.sipdispatch.sets;

import java.util.Locale;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;

/** The user in a request's digest credentials (RFC 3261 section 22). */
public final class DigestUsername {
    private DigestUsername() {}

    /** Reads the user from Proxy-Authorization, else from Authorization, up to its {@code @}; null if there is none. */
    public static String user(SipRequest request) {
        String text = request.text(HeaderName.PROXY_AUTHORIZATION);
        if (text == null) {
            text = request.text(HeaderName.AUTHORIZATION);
        }
        if (text == null || !text.toLowerCase(Locale.ROOT).startsWith("digest")) {
            return null;
        }
        String name = username(text);
        // OpenSIPS splits user and domain only if the name is longer than two characters.
        int at = name == null || name.length() <= 2 ? -1 : name.indexOf('@');
        return at < 0 ? name : name.substring(0, at);
    }

    private static String username(String credentials) {
        int at = "digest".length();
        while (at < credentials.length()) {
            int nameStart = at;
            while (at < credentials.length() && credentials.charAt(at) != '=') {
                at++;
            }
            String name = credentials.substring(nameStart, at).strip();
            at++;
            while (at < credentials.length() && Character.isWhitespace(credentials.charAt(at))) {
                at++;
            }
            int valueStart = at;
            boolean quoted = at < credentials.length() && credentials.charAt(at) == '"';
            at = quoted ? closingQuote(credentials, at + 1) : comma(credentials, at);
            if (name.equalsIgnoreCase("username")) {
                int end = Math.min(at, credentials.length());
                return quoted
                        ? credentials.substring(valueStart + 1, end)
                        : credentials.substring(valueStart, end).strip();
            }
            at = comma(credentials, at) + 1;
        }
        return null;
    }

    private static int closingQuote(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at;
    }

    private static int comma(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) != ',') {
            at++;
        }
        return at;
    }
}
