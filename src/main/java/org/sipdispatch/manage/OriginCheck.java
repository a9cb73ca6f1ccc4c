package org.sipdispatch.manage;

import java.net.URI;
import java.util.Locale;

/** Compares the Origin header field with the Host: a browser page of another host must not reach this node. */
final class OriginCheck {
    private OriginCheck() {}

    /** Whether a page of that origin was loaded from that host and port. */
    static boolean isOf(String origin, String host) {
        if (host == null) {
            return false;
        }
        try {
            URI uri = URI.create(origin);
            String standard = "https".equals(uri.getScheme()) ? ":443" : ":80";
            return uri.getRawAuthority() != null
                    && with(uri.getRawAuthority(), standard).equals(with(host, standard));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String with(String host, String standard) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.matches(".*:\\d+") ? lower : lower + standard;
    }
}
