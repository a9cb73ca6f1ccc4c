package org.sipdispatch.sip;

import java.util.Arrays;

/** A growing byte buffer that a message is written into. Reused; not thread-safe. */
public class ByteWriter {
    private static final byte[] BASE64 =
            Ascii.bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private byte[] bytes;
    private int length;

    public ByteWriter(int capacity) {
        bytes = new byte[capacity];
    }

    public ByteWriter clear() {
        length = 0;
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public byte[] copy() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return Ascii.text(bytes, 0, length);
    }

    public ByteWriter put(byte[] source, int start, int end) {
        int count = end - start;
        reserve(count);
        System.arraycopy(source, start, bytes, length, count);
        length += count;
        return this;
    }

    public ByteWriter put(byte[] source) {
        return put(source, 0, source.length);
    }

    /** Appends text, which must be ASCII. */
    @SuppressWarnings("deprecation") // It drops the upper byte of each character, and ASCII has none.
    public ByteWriter put(String text) {
        int count = text.length();
        reserve(count);
        text.getBytes(0, count, bytes, length);
        length += count;
        return this;
    }

    public ByteWriter put(char c) {
        reserve(1);
        bytes[length++] = (byte) c;
        return this;
    }

    public ByteWriter putNumber(int number) {
        if (number >= 0 && number < 100) {
            if (number >= 10) {
                put((char) ('0' + number / 10));
            }
            return put((char) ('0' + number % 10));
        }
        return put(Integer.toString(number));
    }

    /** Appends the lowest {@code 6 * digits} bits of a value, in characters that are valid in a token. */
    public ByteWriter putBase64(long value, int digits) {
        reserve(digits);
        for (int i = 0; i < digits; i++) {
            bytes[length++] = BASE64[(int) (value >>> 6 * i) & 63];
        }
        return this;
    }

    /** Whether the bytes at {@code start} are what {@link #putBase64} writes for this value. */
    public static boolean isBase64(byte[] bytes, int start, long value, int digits) {
        for (int i = 0; i < digits; i++) {
            if (bytes[start + i] != BASE64[(int) (value >>> 6 * i) & 63]) {
                return false;
            }
        }
        return true;
    }

    static boolean isBase64(byte b) {
        return digit(b) >= 0;
    }

    /** Reads what {@link #putBase64} wrote. -1 if a byte is not a digit; valid digits can also yield -1. */
    public static long readBase64(byte[] bytes, int start, int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = digit(bytes[start + i]);
            if (digit < 0) {
                return -1;
            }
            value |= (long) digit << 6 * i;
        }
        return value;
    }

    private static int digit(byte b) {
        if (b >= 'A' && b <= 'Z') {
            return b - 'A';
        }
        if (b >= 'a' && b <= 'z') {
            return b - 'a' + 26;
        }
        if (b >= '0' && b <= '9') {
            return b - '0' + 52;
        }
        return b == '-' ? 62 : b == '_' ? 63 : -1;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }
}
