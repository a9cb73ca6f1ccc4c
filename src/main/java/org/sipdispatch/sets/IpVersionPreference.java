package org.sipdispatch.sets;

/** Which addresses of a host name are used, and in which order, if it has both A and AAAA records. */
public enum IpVersionPreference {
    /** All of them, each one equally often first. */
    ANY("any", true, true),
    IPV4("4", true, false),
    IPV6("6", false, true),
    /** The IPv6 addresses only after all IPv4 addresses of the same host have failed. */
    IPV4_FIRST("4,6", true, true),
    IPV6_FIRST("6,4", true, true);

    /** The expected value for an error message. */
    public static final String EXPECTED = "any, 4, 6, \"4,6\" or \"6,4\"";

    /** The key in the attributes of a destination. */
    public static final String KEY = "ip_versions";

    private final String text;
    private final boolean ipv4;
    private final boolean ipv6;

    IpVersionPreference(String text, boolean ipv4, boolean ipv6) {
        this.text = text;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /** The constant with this text, which may contain blanks; null if there is none. */
    public static IpVersionPreference of(String text) {
        String wanted = text.replace(" ", "");
        for (IpVersionPreference constant : values()) {
            if (constant.text.equalsIgnoreCase(wanted)) {
                return constant;
            }
        }
        return null;
    }

    /** What the attributes of a destination say, {@code ip_versions=6,4}; null if they say nothing valid. */
    public static IpVersionPreference ofAttrs(String attrs) {
        String versions = Attrs.value(attrs, KEY);
        return versions == null ? null : of(versions);
    }

    public boolean usesIpv4() {
        return ipv4;
    }

    public boolean usesIpv6() {
        return ipv6;
    }
}
