package org.sipdispatch.routing;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.sipdispatch.settings.SettingException;

/**
 * A pattern for attributes, as {@code fnmatch} with {@code FNM_PERIOD} reads it: {@code *}, {@code ?}, {@code [a-z]},
 * {@code [!a-z]}, {@code [[:digit:]]}, and a backslash before a character that stands for itself. Only a dot matches a
 * dot at the beginning.
 */
final class AttrsPattern {
    private static final String FORM = "a pattern with * ? [a-z] [!a-z], as fnmatch reads it";

    private final String source;
    private final Pattern java;

    private AttrsPattern(String source, Pattern java) {
        this.source = source;
        this.java = java;
    }

    /**
     * Parses a pattern.
     *
     * @param key the key of the setting, for the error
     */
    static AttrsPattern parse(String key, String source) {
        try {
            return new AttrsPattern(source, Pattern.compile(java(source), Pattern.DOTALL));
        } catch (PatternSyntaxException e) {
            throw new SettingException(key, source, FORM);
        }
    }

    boolean matches(String attrs) {
        return java.matcher(attrs).matches();
    }

    private static String java(String source) {
        boolean wild = !source.isEmpty() && "*?[".indexOf(source.charAt(0)) >= 0;
        StringBuilder java = new StringBuilder(wild ? "(?!\\.)" : "");
        for (int at = 0; at < source.length(); at++) {
            char c = source.charAt(at);
            int end = c == '[' ? bracketEnd(source, at) : -1;
            if (c == '*') {
                java.append(".*");
            } else if (c == '?') {
                java.append('.');
            } else if (end > 0) {
                java.append(bracket(source.substring(at + 1, end)));
                at = end;
            } else {
                boolean escaped = c == '\\' && at + 1 < source.length();
                java.append(Pattern.quote(source.substring(escaped ? ++at : at, at + 1)));
            }
        }
        return java.toString();
    }

    /** The index of the bracket that closes the one at {@code start}; -1 if none does. */
    private static int bracketEnd(String source, int start) {
        int at = start + 1;
        at += at < source.length() && "!^".indexOf(source.charAt(at)) >= 0 ? 1 : 0;
        // A bracket in the first place stands for itself.
        at += source.startsWith("]", at) ? 1 : 0;
        for (; at < source.length(); at++) {
            if (source.startsWith("[:", at) && source.indexOf(":]", at) > 0) {
                at = source.indexOf(":]", at) + 1;
            } else if (source.charAt(at) == '\\') {
                at++;
            } else if (source.charAt(at) == ']') {
                return at;
            }
        }
        return -1;
    }

    private static String bracket(String inner) {
        boolean negated = inner.startsWith("!") || inner.startsWith("^");
        StringBuilder java = new StringBuilder(negated ? "[^" : "[");
        for (int at = negated ? 1 : 0; at < inner.length(); at++) {
            int end = inner.startsWith("[:", at) ? inner.indexOf(":]", at) : -1;
            if (end > 0) {
                java.append("\\p{")
                        .append(javaClass(inner.substring(at + 2, end)))
                        .append('}');
                at = end + 1;
                continue;
            }
            char c = inner.charAt(at);
            if (c == '\\' && at + 1 < inner.length()) {
                c = inner.charAt(++at);
                java.append(Pattern.quote(String.valueOf(c)));
            } else {
                java.append(c == '-' || Character.isLetterOrDigit(c) ? "" : "\\")
                        .append(c);
            }
        }
        return java.append(']').toString();
    }

    /** Java's name of a POSIX class. */
    private static String javaClass(String posix) {
        if (posix.equals("xdigit")) {
            return "XDigit";
        }
        return posix.isEmpty() ? "" : Character.toUpperCase(posix.charAt(0)) + posix.substring(1);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AttrsPattern pattern && source.equals(pattern.source);
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return source;
    }
}
