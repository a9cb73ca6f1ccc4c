package org.sipdispatch.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hides the password of {@code user:password@} (RFC 3986 section 3.2.1) in texts for messages. */
public final class UserInfo {
    /** One URI or URL, also one with a mistyped start such as {@code mysql//user:password@host}. */
    private static final Pattern IN_URL =
            Pattern.compile("(?is)((?:(?:jdbc|mysql|mariadb|postgres|postgresql|h2|file|sips?|tel|https?|udp|tcp):)*+"
                    + "(?:[\\w+.-]*:?//+|/)?+[^:@]*:)(.*)(@.*)");

    /** A word within a message. The greedy end allows an at sign within the password. */
    private static final Pattern IN_TEXT = Pattern.compile("([^\\s:/@'\"]*:)(?!(?:\\w+:)?//)[^\\s]+@");

    private UserInfo() {}

    /** The text, a URI or URL, without its password. */
    public static String withoutPassword(String url) {
        Matcher matcher = IN_URL.matcher(url);
        return matcher.matches() ? matcher.group(1) + "***" + matcher.group(3) : url;
    }

    /** The password within a URI or URL; null if there is none. */
    public static String password(String url) {
        Matcher matcher = IN_URL.matcher(url);
        return matcher.matches() && !matcher.group(2).isEmpty() ? matcher.group(2) : null;
    }

    /** A message without the password of any {@code user:password@} in it. */
    public static String hideAll(String message) {
        return IN_TEXT.matcher(message).replaceAll("$1***@");
    }
}
