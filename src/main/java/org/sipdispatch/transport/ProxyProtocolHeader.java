package org.sipdispatch.transport;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * Reads the header of HAProxy's PROXY protocol, version 1 or 2, from the first bytes of a TCP connection, in pieces of any
 * size. It keeps 107 bytes at most: TLVs and the addresses of other families are skipped. Confined to its connection.
 */
final class ProxyProtocolHeader {
    /** How far the header has been read. */
    enum Progress {
        /** It is not complete yet. */
        MORE,
        /** It is complete and valid. */
        COMPLETE,
        /** It is invalid, and the specification demands that the connection is closed. */
        MALFORMED
    }

    /** The first bytes of version 1. */
    private static final byte[] WORD = Ascii.bytes("PROXY ");

    private static final byte[] SIGNATURE = {0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 'Q', 'U', 'I', 'T', 0x0a};
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

    private static final String LINE = "PROXY TCP4 or TCP6, two addresses and two ports, or PROXY UNKNOWN";
    private static final Pattern DECIMAL = Pattern.compile("0|[1-9]\\d{0,4}");
    private static final Pattern IPV4 = Pattern.compile("(?:(?:0|[1-9]\\d{0,2})(?:\\.|$)){4}");
    private static final int MOST_PORT = 65_535;
    private static final int LONGEST_SHOWN = 60;

    private final byte[] kept = new byte[LONGEST_LINE];
    private int count;
    /** The length of version 2; 0 if it is not known yet. */
    private int length;

    private Progress progress = Progress.MORE;
    private String error = "";
    private InetSocketAddress source;
    private InetSocketAddress destination;

    /**
     * Reads bytes until the header is complete or malformed.
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

    /** Why the header is malformed; otherwise empty. */
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

    /** The address that the client connected to; null if {@link #source} is. */
    InetSocketAddress destination() {
        return destination;
    }

    private void add(byte next) {
        int at = count++;
        if (at < kept.length) {
            kept[at] = next;
        }
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
            InetSocketAddress from = address(words[1], words[3], v6);
            InetSocketAddress to = address(words[2], words[4], v6);
            if (from != null && to != null) {
                source = from;
                destination = to;
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
        } else if (following == 0) {
            readAddresses();
        }
    }

    private void readAddresses() {
        progress = Progress.COMPLETE;
        boolean isIp = family() == 1 || family() == 2;
        if (kept[VERSION_AND_COMMAND] == PROXY && isIp && (kept[FAMILY_AND_TRANSPORT] & 0x0f) == STREAM) {
            int bytes = (ADDRESSES[family()] - PORTS) / 2;
            int ports = FIXED + 2 * bytes;
            source = address(FIXED, bytes, ports);
            destination = address(FIXED + bytes, bytes, ports + 2);
        }
    }

    private InetSocketAddress address(int at, int bytes, int port) {
        return new InetSocketAddress(SocketAddresses.of(Arrays.copyOfRange(kept, at, at + bytes)), number(port));
    }

    private int number(int at) {
        return (kept[at] & 0xff) << 8 | kept[at + 1] & 0xff;
    }

    private void fail(String value, String expected) {
        if (progress != Progress.MALFORMED) {
            progress = Progress.MALFORMED;
            error = "PROXY header: " + value + " (expected: " + expected + ")";
        }
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
