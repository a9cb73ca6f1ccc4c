package org.sipdispatch.freeswitch;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address and the login of an event socket of FreeSWITCH. {@link #toString} omits user and password, so that no
 * message shows them.
 *
 * @param user empty for a login with the password alone
 * @param host a name or an IP address, in lower case; an IPv6 address without brackets
 */
public record EventSocketUrl(String user, String password, String host, int port) {
    /** The form of the text. */
    public static final String FORM = "fs://[user]:password@host[:8021]";

    private static final String SCHEME = "fs://";
    private static final int STANDARD_PORT = 8021;
    private static final int LARGEST_PORT = 65535;
    private static final int LONGEST = 1000;
    /** The login is one line, so it contains no control characters. A user may be {@code name@domain}. */
    private static final Pattern URL = Pattern.compile(
            "fs://([^\\s\\p{Cntrl}:/]*):([^\\s\\p{Cntrl}]+)@(\\[[0-9a-f:.]+]|[\\w.-]+)(?::(\\d{1,5}))?/?",
            Pattern.CASE_INSENSITIVE);

    /** Whether a weight is meant to be such a URL, correct or not. */
    public static boolean isOne(String text) {
        return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }

    /** Reads a URL; null if it does not have the {@link #FORM}. */
    public static EventSocketUrl parse(String text) {
        Matcher url = URL.matcher(text);
        if (text.length() > LONGEST || !url.matches()) {
            return null;
        }
        int port = url.group(4) == null ? STANDARD_PORT : Integer.parseInt(url.group(4));
        String host = url.group(3).replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
        return port == 0 || port > LARGEST_PORT ? null : new EventSocketUrl(url.group(1), url.group(2), host, port);
    }

    /** A text that {@link #isOne}, without any part that may be a password. */
    public static String masked(String text) {
        int at = text.lastIndexOf('@');
        return SCHEME + "***" + (at < 0 ? "" : text.substring(at));
    }

    /** The complete URL, which {@link #parse} reads. Not for messages. */
    public String withPassword() {
        return SCHEME + user + ":" + password + "@" + hostPort();
    }

    private String hostPort() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return SCHEME + hostPort();
    }
}
