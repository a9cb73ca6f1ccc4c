package org.sipdispatch.sip;

/** Parses IPv4address and IPv6address of RFC 3261 section 25.1, without a resolver. */
public final class IpLiteral {
    private IpLiteral() {}

    /** The 4 or 16 bytes of an IPv4 literal or an IPv6 literal with or without brackets; null for other text. */
    public static byte[] parse(byte[] text, int start, int end) {
        if (end - start >= 2 && text[start] == '[' && text[end - 1] == ']') {
            return v6(text, start + 1, end - 1);
        }
        return Ascii.indexOf(text, start, end, ':') < end ? v6(text, start, end) : v4(text, start, end);
    }

    public static byte[] parse(String text) {
        byte[] bytes = Ascii.bytes(text);
        return parse(bytes, 0, bytes.length);
    }

    /** An IPv6 address in the form of RFC 5952: lower case, and {@code ::} for the first longest run of zeros. */
    public static String text(byte[] v6) {
        int longest = 0;
        int from = -1;
        for (int start = 0; start < 8; start++) {
            int end = start;
            while (end < 8 && group(v6, end) == 0) {
                end++;
            }
            if (end - start > Math.max(1, longest)) {
                longest = end - start;
                from = start;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == from) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(i == 0 || i == from + longest && from >= 0 ? "" : ":")
                        .append(Integer.toHexString(group(v6, i)));
            }
        }
        return text.toString();
    }

    private static byte[] v4(byte[] text, int start, int end) {
        byte[] address = new byte[4];
        int at = start;
        for (int part = 0; part < 4; part++) {
            int dot = part == 3 ? end : Ascii.indexOf(text, at, end, '.');
            if (dot - at > 3 || part < 3 && dot == end) {
                return null;
            }
            long value = Ascii.parseNumber(text, at, dot, 255);
            if (value < 0) {
                return null;
            }
            address[part] = (byte) value;
            at = dot + 1;
        }
        return address;
    }

    private static byte[] v6(byte[] text, int start, int end) {
        byte[] address = new byte[16];
        int filled = 0;
        int gap = -1;
        int at = start;
        if (end - start >= 2 && text[start] == ':' && text[start + 1] == ':') {
            gap = 0;
            at = start + 2;
        }
        while (at < end) {
            int colon = Ascii.indexOf(text, at, end, ':');
            if (colon == end && Ascii.indexOf(text, at, end, '.') < end) {
                byte[] tail = v4(text, at, end);
                if (tail == null || filled > 12) {
                    return null;
                }
                System.arraycopy(tail, 0, address, filled, 4);
                filled += 4;
                break;
            }
            int group = hex(text, at, colon);
            if (group < 0 || filled > 14) {
                return null;
            }
            address[filled++] = (byte) (group >> 8);
            address[filled++] = (byte) group;
            at = colon + 1;
            if (colon < end && at < end && text[at] == ':') {
                if (gap >= 0) {
                    return null;
                }
                gap = filled;
                at++;
            } else if (colon < end && at == end) {
                return null;
            }
        }
        return expand(address, filled, gap);
    }

    /**
     * Whether an IPv6 address without brackets, in any spelling, equals these 16 bytes. Allocates nothing. Does not
     * recognise the spelling that ends in an IPv4 address.
     */
    static boolean isV6(byte[] text, int start, int end, byte[] address) {
        int group = 0;
        int at = start;
        boolean gap = false;
        while (at < end) {
            if (at + 1 < end && text[at] == ':' && text[at + 1] == ':') {
                at += 2;
                int gapEnd = 8 - groups(text, at, end);
                if (gap || group >= gapEnd) {
                    return false;
                }
                gap = true;
                for (; group < gapEnd; group++) {
                    if (group(address, group) != 0) {
                        return false;
                    }
                }
                continue;
            }
            int first = group > 0 && text[at] == ':' && text[at - 1] != ':' ? at + 1 : at;
            int colon = Ascii.indexOf(text, first, end, ':');
            if (group == 8 || hex(text, first, colon) != group(address, group)) {
                return false;
            }
            group++;
            at = colon;
        }
        return group == 8;
    }

    private static int groups(byte[] text, int start, int end) {
        int groups = start < end ? 1 : 0;
        for (int i = start; i < end; i++) {
            groups += text[i] == ':' ? 1 : 0;
        }
        return groups;
    }

    private static int group(byte[] address, int group) {
        return (address[2 * group] & 0xff) << 8 | address[2 * group + 1] & 0xff;
    }

    /** Moves the groups after "::" to the end and fills the gap with zeros; null if the number of groups is wrong. */
    private static byte[] expand(byte[] address, int filled, int gap) {
        if (gap < 0) {
            return filled == 16 ? address : null;
        }
        if (filled > 14) {
            return null;
        }
        byte[] whole = new byte[16];
        System.arraycopy(address, 0, whole, 0, gap);
        System.arraycopy(address, gap, whole, 16 - (filled - gap), filled - gap);
        return whole;
    }

    private static int hex(byte[] text, int start, int end) {
        if (end <= start || end - start > 4) {
            return -1;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = Character.digit(text[i], 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /**
     * Whether SIP may be sent to this address: it is not unspecified, multicast, broadcast or reserved (class E). A
     * datagram to such an address fails in the operating system or reaches more than one host.
     */
    public static boolean isUnicast(byte[] address) {
        if (address.length == 4) {
            int first = address[0] & 0xff;
            return first != 0 && first < 224;
        }
        if ((address[0] & 0xff) == 0xff) {
            return false;
        }
        byte[] mapped = mappedV4(address);
        if (mapped != null) {
            return isUnicast(mapped);
        }
        for (byte b : address) {
            if (b != 0) {
                return true;
            }
        }
        return false;
    }

    /** The IPv4 address inside ::ffff:a.b.c.d, or null. */
    private static byte[] mappedV4(byte[] address) {
        for (int i = 0; i < 12; i++) {
            if (address[i] != (i < 10 ? 0 : (byte) 0xff)) {
                return null;
            }
        }
        return new byte[] {address[12], address[13], address[14], address[15]};
    }
}
