package org.sipdispatch.migrate;

import java.util.Locale;

/**
 * The versions of TLS that a script allows.
 *
 * @param lowest 2 for TLS 1.2, 3 for TLS 1.3, 0 for an older one
 * @param highest the same
 */
record TlsVersions(int lowest, int highest) {
    private static final int OLDER = 0;
    private static final int LOWEST_HERE = 2;
    private static final int NEWEST = 3;

    /** Reads a method of OpenSIPS or Kamailio, such as {@code TLSv1_2-TLSv1_3} or {@code TLSv1.2+}; null for other text. */
    static TlsVersions of(String method) {
        String text = method.strip().toLowerCase(Locale.ROOT).replace('.', '_');
        if (text.matches("sslv23|tlsany")) {
            return new TlsVersions(OLDER, NEWEST);
        }
        int dash = text.indexOf('-');
        boolean open = text.endsWith("+");
        String low = dash >= 0 ? text.substring(0, dash) : open ? text.substring(0, text.length() - 1) : text;
        String high = dash >= 0 ? text.substring(dash + 1) : open ? "" : text;
        int lowest = dash >= 0 && low.isBlank() ? OLDER : version(low.strip());
        int highest = (dash >= 0 || open) && high.isBlank() ? NEWEST : version(high.strip());
        return lowest < 0 || highest < 0 ? null : new TlsVersions(lowest, highest);
    }

    private static int version(String name) {
        return switch (name) {
            case "sslv2", "sslv3", "tlsv1", "tlsv1_0", "tlsv1_1" -> OLDER;
            case "tlsv1_2" -> LOWEST_HERE;
            case "tlsv1_3" -> NEWEST;
            default -> -1;
        };
    }

    /** Whether this program supports one of them. */
    boolean isUsable() {
        return highest >= LOWEST_HERE;
    }

    /** Whether peers with TLS 1.1 or older are accepted there. */
    boolean allowsOlder() {
        return lowest < LOWEST_HERE;
    }

    boolean hasNewest() {
        return highest == NEWEST;
    }

    /** The value of {@code tls_method}; null for the default. */
    String setting() {
        return lowest <= LOWEST_HERE && highest == NEWEST ? null : highest == NEWEST ? "TLSv1_3" : "TLSv1_2";
    }
}
