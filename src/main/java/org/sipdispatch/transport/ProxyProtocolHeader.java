package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * Reads the header of HAProxy's PROXY protocol, version 1 or 2, from the first bytes of a TCP connection, in pieces of any
 * size. TLVs are skipped, except the checksum (CRC32C), which is verified. Confined to its connection.
 */
final class ProxyProtocolHeader {
    /** How far the header has been read. */
    enum Progress {
        /** The header is not complete yet. */
        MORE,
        /** The header is complete and valid. */
        COMPLETE,
        /** The header is invalid; the specification demands that the connection is closed. */
        REFUSED
    }

    /** The first bytes of version 1. */
    private static final byte[] WORD = Ascii.bytes("PROXY ");

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 'Q', 'U', 'I', 'T', 0x0a};
    /**
     * A keep-alive, CR LF CR LF, is the start of the signature; no message and no further keep-alive continues like
     * this.
     */
    private static final byte[] BEYOND_KEEP_ALIVE = {0x0d, 0x0a, 0x0d, 0x0a, 0};

    private static final int KEEP_ALIVE = 4;
    private static final int LONGEST_LINE = 107;
    private static final int VERSION_AND_COMMAND = 12;
    private static final int FAMILY_AND_TRANSPORT = 13;
    /** The length of version 2 before the addresses, whose length is in the last two bytes. */
    private static final int FIXED = 16;

    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;
    private static final int STREAM = 1;
    /** The lengths of the addresses by family: unspecified, IPv4, IPv6, Unix. */
    private static final int[] ADDRESSES = {0, 12, 36, 216};

    private static final int PORTS = 4;
    /** The length of a TLV before its value: the type, and two bytes of length. */
    private static final int TLV_START = 3;

    private static final int CHECKSUM_TYPE = 0x03;
    private static final int CHECKSUM_LENGTH = 4;

    private static final String LINE = "PROXY TCP4 or TCP6, two addresses and two ports, or PROXY UNKNOWN";
    private static final Pattern FIRST_WORDS = Pattern.compile("PROXY (?:TCP[46] |UNKNOWN)");
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9]\\d{0,4}");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:0|[1-9]\\d{0,2})(?:\\.|$)){4}");
    private static final int MOST_PORT = 65_535;
    private static final int LONGEST_SHOWN = 60;

    private final int mostBytes;
    private byte[] kept = new byte[LONGEST_LINE];
    private int count;
    /** The length of version 2; 0 while it is unknown. */
    private int length;

    private Progress progress = Progress.MORE;
    private ProxyHeaderFailure failure;
    private String error = "";
    private InetSocketAddress source;

    /** {@code mostBytes}: the longest header of version 2, in bytes. */
    ProxyProtocolHeader(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Whether a connection with these first bytes begins with a header: that of version 1, or that of version 2 as far as
     * it differs from keep-alives (RFC 5626).
     */
    static boolean isBegun(byte[] first) {
        return startsWith(first, WORD) || startsWith(first, BEYOND_KEEP_ALIVE);
    }

    /** Whether these bytes begin with a header, and not with a message of any method. */
    static boolean isHeader(byte[] first) {
        return startsWith(first, SIGNATURE)
                || startsWith(first, WORD)
                        && FIRST_WORDS
                                .matcher(new String(first, StandardCharsets.ISO_8859_1))
                                .lookingAt();
    }

    /** Whether more bytes are needed to know {@link #isBegun}. A complete keep-alive has to be answered at once. */
    static boolean mayBegin(byte[] first) {
        return startsWith(WORD, first) || startsWith(SIGNATURE, first) && first.length < KEEP_ALIVE;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    /**
     * Reads bytes until the header is complete or refused.
     *
     * @return the index of the first byte that does not belong to the header
     */
    int add(byte[] bytes, int start, int end) {
        int at = start;
        while (at < end && progress == Progress.MORE) {
            add(bytes[at++]);
        }
        return at;
    }

    Progress progress() {
        return progress;
    }

    /** Whether any byte of the header has arrived. */
    boolean hasBegun() {
        return count > 0;
    }

    /** The number of bytes that this object holds. */
    int held() {
        return kept.length;
    }

    /** The reason why the header is refused; null if it is not refused. */
    ProxyHeaderFailure failure() {
        return failure;
    }

    /** The details of {@link #failure}; empty without one. */
    String error() {
        return error;
    }

    /**
     * The client's address, as the proxy gave it. Null if the connection's own address is that of the client: a check by
     * the proxy itself (LOCAL), UNKNOWN, or a family that is not TCP over IP.
     */
    InetSocketAddress source() {
        return source;
    }

    private void add(byte next) {
        int at = count++;
        kept[at] = next;
        if (kept[0] == SIGNATURE[0]) {
            addBinary(at, next);
        } else {
            addText(at, next);
        }
    }

    private void addText(int at, byte next) {
        if (at < WORD.length) {
            if (next != WORD[at]) {
                fail(shown(count), "PROXY or the signature of version 2");
            }
        } else if (kept[at - 1] == '\r' && next == '\n') {
            readLine(new String(kept, WORD.length, at - 1 - WORD.length, StandardCharsets.ISO_8859_1));
        } else if (kept[at - 1] == '\r' || next == '\n') {
            fail(shown(count), "a line that ends with CR LF");
        } else if (count == LONGEST_LINE) {
            fail("no end after " + LONGEST_LINE + " bytes", "a line that ends with CR LF");
        }
    }

    /** {@code text}: the line after {@code PROXY}. */
    private void readLine(String text) {
        String[] words = text.split(" ", -1);
        boolean v6 = words[0].equals("TCP6");
        if (words[0].equals("UNKNOWN")) {
            progress = Progress.COMPLETE;
        } else if (words.length != 5 || !v6 && !words[0].equals("TCP4")) {
            fail(shown(count), LINE);
        } else {
            source = address(words[1], words[3], v6);
            if (source != null && address(words[2], words[4], v6) != null) {
                progress = Progress.COMPLETE;
            }
        }
    }

    /** Null if it is malformed, which ends the reading. */
    private InetSocketAddress address(String host, String port, boolean v6) {
        boolean isLiteral = v6
                ? host.indexOf(':') >= 0 && host.charAt(0) != '['
                : IPV4.matcher(host).matches();
        byte[] ip = isLiteral ? IpLiteral.parse(host) : null;
        if (ip == null) {
            fail(cleaned(host), v6 ? "an IPv6 address" : "an IPv4 address without leading zeros");
            return null;
        } else if (!DECIMAL.matcher(port).matches() || Integer.parseInt(port) > MOST_PORT) {
            fail(cleaned(port), "a port from 0 to " + MOST_PORT + " without leading zeros");
            return null;
        }
        return new InetSocketAddress(SocketAddresses.of(ip), Integer.parseInt(port));
    }

    private void addBinary(int at, byte next) {
        if (at < SIGNATURE.length) {
            if (next != SIGNATURE[at]) {
                fail(shown(count), "the signature of version 2");
            }
        } else if (at == VERSION_AND_COMMAND) {
            if (next != LOCAL && next != PROXY) {
                fail(hex(next), "20, LOCAL, or 21, PROXY, of version 2");
            }
        } else if (at == FAMILY_AND_TRANSPORT) {
            if (kept[VERSION_AND_COMMAND] == PROXY && (family() >= ADDRESSES.length || (next & 0x0f) > 2)) {
                fail(hex(next), "a family from 0 to 3 and a transport from 0 to 2");
            }
        } else if (at == FIXED - 1) {
            readLength();
        } else if (at >= FIXED && count == length) {
            readAddresses();
        }
    }

    private int family() {
        return (kept[FAMILY_AND_TRANSPORT] & 0xff) >> 4;
    }

    private void readLength() {
        int following = number(FIXED - 2);
        length = FIXED + following;
        if (kept[VERSION_AND_COMMAND] == PROXY && following < ADDRESSES[family()]) {
            fail(following + " bytes of addresses", ADDRESSES[family()] + " or more");
        } else if (length > mostBytes) {
            fail(ProxyHeaderFailure.TOO_LARGE, length + " bytes", mostBytes + " at most");
        } else if (following == 0) {
            readAddresses();
        } else {
            kept = Arrays.copyOf(kept, Math.max(length, kept.length));
        }
    }

    /** The addresses of LOCAL and of families without IP addresses are ignored, as the specification says. */
    private void readAddresses() {
        progress = Progress.COMPLETE;
        boolean isIp = family() == 1 || family() == 2;
        if (kept[VERSION_AND_COMMAND] == PROXY && isIp && (kept[FAMILY_AND_TRANSPORT] & 0x0f) == STREAM) {
            int bytes = (ADDRESSES[family()] - PORTS) / 2;
            byte[] ip = Arrays.copyOfRange(kept, FIXED, FIXED + bytes);
            source = new InetSocketAddress(SocketAddresses.of(ip), number(FIXED + 2 * bytes));
            checkTlvs(FIXED + ADDRESSES[family()]);
        }
    }

    private void checkTlvs(int first) {
        int at = first;
        while (at < length) {
            int value = at + TLV_START;
            int end = value > length ? value : value + number(at + 1);
            boolean isChecksum = kept[at] == CHECKSUM_TYPE;
            if (end > length || isChecksum && end - value != CHECKSUM_LENGTH) {
                fail("a TLV at byte " + at + " of " + length, "TLVs that end with the header, a CRC32C of 4 bytes");
                return;
            } else if (isChecksum && !isIntact(value)) {
                fail(ProxyHeaderFailure.CHECKSUM, "a wrong CRC32C", "that of the header");
                return;
            }
            at = end;
        }
    }

    /** {@code value}: where the checksum is; it is computed with zeros there. */
    private boolean isIntact(int value) {
        CRC32C checksum = new CRC32C();
        checksum.update(kept, 0, value);
        checksum.update(new byte[CHECKSUM_LENGTH], 0, CHECKSUM_LENGTH);
        checksum.update(kept, value + CHECKSUM_LENGTH, length - value - CHECKSUM_LENGTH);
        return checksum.getValue() == ((long) number(value) << 16 | number(value + 2));
    }

    private int number(int at) {
        return (kept[at] & 0xff) << 8 | kept[at + 1] & 0xff;
    }

    private void fail(String value, String expected) {
        fail(ProxyHeaderFailure.MALFORMED, value, expected);
    }

    private void fail(ProxyHeaderFailure why, String value, String expected) {
        progress = Progress.REFUSED;
        failure = why;
        error = value + " (expected: " + expected + ")";
        source = null;
    }

    private static String hex(byte value) {
        return String.format("%02x", value);
    }

    /** The first bytes, as text for a log line. */
    private String shown(int bytes) {
        return cleaned(new String(kept, 0, bytes, StandardCharsets.ISO_8859_1));
    }

    private static String cleaned(String text) {
        String clean = text.replaceFirst("[\\r\\n]+$", "").replaceAll("[^\\x20-\\x7e]", ".");
        return clean.isEmpty()
                ? "nothing"
                : clean.length() > LONGEST_SHOWN ? clean.substring(0, LONGEST_SHOWN) + "..." : clean;
    }
}
