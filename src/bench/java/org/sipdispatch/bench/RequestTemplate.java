package org.sipdispatch.bench;

import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.ByteWriter;

/** The text of a request, in which each request has numbers of its own. */
public final class RequestTemplate {
    /** Stands for the number of the exchange, as 16 hexadecimal digits. */
    public static final String NUMBER = "NNNNNNNNNNNNNNNN";

    /** Stands for 16 hexadecimal digits that look random, and are the same for each message of an exchange. */
    public static final String MIXED = "MMMMMMMMMMMMMMMM";

    private static final int DIGITS = 16;
    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");

    private final byte[] text;
    private final int[] numbers;
    private final int[] mixed;

    public RequestTemplate(String text) {
        this.text = Ascii.bytes(text);
        numbers = places(text, NUMBER);
        mixed = places(text, MIXED);
    }

    private static int[] places(String text, String wanted) {
        List<Integer> places = new ArrayList<>();
        for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + DIGITS)) {
            places.add(at);
        }
        return places.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Appends the text for an exchange. */
    public void writeTo(ByteWriter out, long exchange) {
        int at = out.length();
        out.put(text);
        put(out.bytes(), at, numbers, exchange);
        put(out.bytes(), at, mixed, mix(exchange));
    }

    private static void put(byte[] bytes, int at, int[] places, long value) {
        for (int place : places) {
            for (int i = 0; i < DIGITS; i++) {
                bytes[at + place + i] = HEX[(int) (value >>> 4 * (DIGITS - 1 - i)) & 15];
            }
        }
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** Reads the number of an exchange, after blanks; -1 if there is none. */
    static long number(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        if (end - at < DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = at; i < at + DIGITS; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            number = number << 4 | digit;
        }
        return number;
    }
}
