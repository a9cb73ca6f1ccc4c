package org.sipdispatch.sip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Parses SIP grammar directly from bytes, without creating strings. All ranges are [start, end). */
public final class Ascii {
    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH_BYTE = 0x0101_0101_0101_0101L;
    private static final long HIGHEST_BITS = EACH_BYTE << 7;

    private static final byte TOKEN = 1;
    private static final byte HOST = 2;
    private static final byte[] CLASSES = classes();

    private Ascii() {}

    private static byte[] classes() {
        byte[] classes = new byte[128];
        for (int c = 0; c < 128; c++) {
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (alphanumeric || "-.!%*_+`'~".indexOf(c) >= 0) {
                classes[c] |= TOKEN;
            }
            // RFC 1123 host names have no underscore, but many real host names do.
            if (alphanumeric || c == '-' || c == '.' || c == '_') {
                classes[c] |= HOST;
            }
        }
        return classes;
    }

    /** A token character of RFC 3261 section 25.1. */
    static boolean isToken(byte b) {
        return b >= 0 && (CLASSES[b] & TOKEN) != 0;
    }

    static boolean isToken(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (!isToken(bytes[i])) {
                return false;
            }
        }
        return end > start;
    }

    static boolean isHost(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] < 0 || (CLASSES[bytes[i]] & HOST) == 0) {
                return false;
            }
        }
        return end > start;
    }

    /**
     * Whether a bracketed host contains only characters that occur in IPv6 addresses. RFC 5118 section 4.10 asks for
     * leniency.
     */
    static boolean isIpv6Reference(byte[] bytes, int start, int end) {
        for (int i = start + 1; i < end - 1; i++) {
            if (bytes[i] != ':' && bytes[i] != '.' && Character.digit(bytes[i], 16) < 0) {
                return false;
            }
        }
        return end - start > 2;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    /** Linear white space: blanks, and the line breaks of a folded header field. */
    static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    static int skipSpace(byte[] bytes, int start, int end) {
        int i = start;
        while (i < end && isSpace(bytes[i])) {
            i++;
        }
        return i;
    }

    static int trimEnd(byte[] bytes, int start, int end) {
        int i = end;
        while (i > start && isSpace(bytes[i - 1])) {
            i--;
        }
        return i;
    }

    /** The first position of {@code wanted}, or {@code end}. */
    static int indexOf(byte[] bytes, int start, int end, char wanted) {
        int i = start;
        while (i < end && bytes[i] != wanted) {
            i++;
        }
        return i;
    }

    /**
     * A position at or before the first byte from 0 to {@code limit}; {@code end} at most. Eight bytes are compared at a
     * time. {@code limit} is less than 127.
     */
    static int skipAbove(byte[] bytes, int start, int end, char limit) {
        long above = EACH_BYTE * (limit + 1);
        int at = start;
        while (at + Long.BYTES <= end) {
            long word = (long) WORDS.get(bytes, at);
            // The highest bit of the first byte that is less than the limit; those of later bytes may be wrong.
            long less = word - above & ~word & HIGHEST_BITS;
            if (less != 0) {
                return at + (Long.numberOfTrailingZeros(less) >>> 3);
            }
            at += Long.BYTES;
        }
        return at;
    }

    /** The position after the closing quote of a quoted string that opens at {@code start}; -1 if it never closes. */
    static int skipQuoted(byte[] bytes, int start, int end) {
        for (int i = start + 1; i < end; i++) {
            if (bytes[i] == '\\') {
                i++;
            } else if (bytes[i] == '"') {
                return i + 1;
            }
        }
        return -1;
    }

    static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    /** Compares case-insensitively with {@code text}, which must be in lower case. */
    public static boolean equalsIgnoreCase(byte[] bytes, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (lower(bytes[start + i]) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    static boolean equalsIgnoreCase(byte[] left, int start, int end, byte[] right) {
        if (end - start != right.length) {
            return false;
        }
        for (int i = 0; i < right.length; i++) {
            if (lower(left[start + i]) != lower(right[i])) {
                return false;
            }
        }
        return true;
    }

    public static boolean equals(byte[] bytes, int start, int end, String text) {
        if (end - start != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (bytes[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Parses an unsigned decimal number from 0 to {@code max}; -1 if it is malformed, empty or larger. */
    public static long parseNumber(byte[] bytes, int start, int end, long max) {
        if (start >= end) {
            return -1;
        }
        long value = 0;
        for (int i = start; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
            if (value > max) {
                return -1;
            }
        }
        return value;
    }

    /** The range as text; SIP is UTF-8 (RFC 3261 section 7). */
    public static String text(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
