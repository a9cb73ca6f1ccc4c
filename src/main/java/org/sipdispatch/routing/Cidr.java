package org.sipdispatch.routing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.IpLiteral;

/** An address block, {@code 10.1.0.0/16} or {@code 2001:db8::/32}; without a prefix length, a single address. */
public record Cidr(byte[] network, int length) {
    /**
     * Parses a block.
     *
     * @throws SettingException for this key if the text is malformed
     */
    public static Cidr parse(String key, String text) {
        int slash = text.indexOf('/');
        byte[] network = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        int most = network == null ? 0 : network.length * 8;
        int length = slash < 0 ? most : number(text.substring(slash + 1));
        if (network == null || length < 0 || length > most) {
            throw new SettingException(key, text, "an address block such as 10.1.0.0/16 or 2001:db8::/32");
        }
        return new Cidr(network, length);
    }

    /** Reads a text with blocks separated by commas, or a list of such texts. */
    public static List<Cidr> list(Section section, String key) {
        List<Cidr> blocks = new ArrayList<>();
        section.textsByPath(key).forEach((path, list) -> {
            for (String one : list.split(",")) {
                if (!one.isBlank()) {
                    section.check(() -> blocks.add(parse(path, one.strip())));
                }
            }
        });
        return List.copyOf(blocks);
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
    }

    /** Whether the block contains the whole of the other one. */
    boolean containsAll(Cidr other) {
        return length <= other.length && contains(other.network);
    }

    /** Whether the block contains the address; false if the address is of the other family. */
    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    private boolean contains(byte[] bytes) {
        if (bytes.length != network.length) {
            return false;
        }
        for (int bit = 0; bit < length; bit += 8) {
            int mask = length - bit >= 8 ? 0xff : 0xff << 8 - (length - bit) & 0xff;
            if ((bytes[bit / 8] & mask) != (network[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
