package org.sipdispatch.migrate;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Converts POSIX extended regular expressions to Java's, for the operator {@code =~} of OpenSIPS and Kamailio, which
 * searches anywhere in the text and ignores case.
 */
final class PosixPattern {
    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private PosixPattern(String source) {
        this.source = source;
    }

    /**
     * The converted expression, without the flag for ignoring case; null if Java would interpret a part differently.
     */
    static String java(String posix) {
        PosixPattern pattern = new PosixPattern(posix);
        while (pattern.at < posix.length()) {
            if (!pattern.next()) {
                return null;
            }
        }
        try {
            return Pattern.compile(pattern.out.toString()).pattern();
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    private boolean next() {
        char c = source.charAt(at);
        if (c == '[') {
            return bracket();
        }
        if (c == '\\') {
            boolean plain = at + 1 < source.length() && !Character.isLetterOrDigit(source.charAt(at + 1));
            out.append(source, at, Math.min(at + 2, source.length()));
            at += 2;
            return plain;
        }
        boolean strange = c == '(' && source.startsWith("(?", at) || "*+?}".indexOf(c) >= 0 && isDoubled();
        out.append(c);
        at++;
        return !strange && c > ' ' && c < 0x7f;
    }

    /** A pattern for exactly this text. */
    static String quoted(String text) {
        return text.replaceAll("([\\\\.\\[\\](){}*+?^$|])", "\\\\$1");
    }

    /** In Java two consecutive quantifiers are possessive or reluctant. */
    private boolean isDoubled() {
        return at + 1 < source.length() && "*+?".indexOf(source.charAt(at + 1)) >= 0;
    }

    private boolean bracket() {
        int from = at + 1;
        int first = from < source.length() && source.charAt(from) == '^' ? from + 1 : from;
        int end = source.indexOf(']', first + 1);
        if (end < 0) {
            return false;
        }
        String inside = source.substring(from, end);
        while (inside.contains("[:")
                && end + 1 < source.length()
                && inside.lastIndexOf("[:") > inside.lastIndexOf(":]")) {
            end = source.indexOf(']', end + 1);
            if (end < 0) {
                return false;
            }
            inside = source.substring(from, end);
        }
        String plain = inside.replaceAll("\\[:digit:]", "0-9")
                .replaceAll("\\[:alpha:]", "A-Za-z")
                .replaceAll("\\[:alnum:]", "A-Za-z0-9")
                .replaceAll("\\[:xdigit:]", "A-Fa-f0-9");
        at = end + 1;
        out.append('[').append(plain).append(']');
        return !plain.matches("(?s).*([\\[\\\\]|&&).*") && !plain.matches("\\^?].*");
    }
}
