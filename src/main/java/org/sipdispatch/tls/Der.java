package org.sipdispatch.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Encodes values in DER (X.690), and reads them, as far as certificates need it. */
final class Der {
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int NULL = 0x05;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int CONTEXT = 0x80;
    private static final int CONSTRUCTED = 0x20;
    /** From this year on times have four digits for the year (RFC 5280 section 4.1.2.5). */
    private static final int GENERALIZED_FROM = 2050;

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return value(SEQUENCE, joined(parts));
    }

    static byte[] integer(BigInteger number) {
        return value(INTEGER, number.toByteArray());
    }

    static byte[] flag(boolean flag) {
        return value(BOOLEAN, new byte[] {(byte) (flag ? 0xff : 0)});
    }

    static byte[] nothing() {
        return value(NULL, new byte[0]);
    }

    static byte[] octets(byte[] content) {
        return value(OCTET_STRING, content);
    }

    /** A bit string whose last byte has that many unused bits. */
    static byte[] bits(int unused, byte... content) {
        return value(BIT_STRING, joined(new byte[] {(byte) unused}, content));
    }

    /** An object identifier such as {@code 2.5.29.15}. */
    static byte[] oid(String dotted) {
        int[] numbers =
                Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(numbers[0] * 40 + numbers[1]);
        for (int i = 2; i < numbers.length; i++) {
            writeBase128(out, numbers[i]);
        }
        return value(OBJECT_IDENTIFIER, out.toByteArray());
    }

    static byte[] time(Instant instant) {
        ZonedDateTime time = instant.atZone(ZoneOffset.UTC);
        boolean isUtcTime = time.getYear() < GENERALIZED_FROM;
        String pattern = (isUtcTime ? "yy" : "yyyy") + "MMddHHmmss'Z'";
        return value(
                isUtcTime ? UTC_TIME : GENERALIZED_TIME,
                DateTimeFormatter.ofPattern(pattern).format(time).getBytes(StandardCharsets.US_ASCII));
    }

    /** A value with an implicit context-specific tag. */
    static byte[] implicit(int tag, byte[] content) {
        return value(CONTEXT | tag, content);
    }

    /** A value with an explicit context-specific tag. */
    static byte[] explicit(int tag, byte[] value) {
        return value(CONTEXT | CONSTRUCTED | tag, value);
    }

    /** The content of an encoded value. */
    static byte[] content(byte[] value) {
        int length = value[1] & 0xff;
        // A long length is in as many bytes as the lower bits say.
        int start = length < 0x80 ? 2 : 2 + (length & 0x7f);
        return Arrays.copyOfRange(value, start, value.length);
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] value(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int first = length[0] == 0 ? 1 : 0;
            out.write(0x80 | length.length - first);
            out.write(length, first, length.length - first);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static void writeBase128(ByteArrayOutputStream out, int number) {
        int shift = 28;
        while (shift > 0 && number >> shift == 0) {
            shift -= 7;
        }
        for (; shift > 0; shift -= 7) {
            out.write(0x80 | number >> shift & 0x7f);
        }
        out.write(number & 0x7f);
    }
}
