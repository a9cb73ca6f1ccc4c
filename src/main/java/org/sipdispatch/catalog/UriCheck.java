package org.sipdispatch.catalog;

import java.util.stream.Stream;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.SipUri;

/** Checks whether a URI can be a destination. */
final class UriCheck {
    static final String EXPECTED = "a sip URI";

    /** RFC 1035 section 2.3.4: 255 octets with a length before each label and an empty label at the end. */
    private static final int LONGEST_NAME = 253;

    private static final int LONGEST_LABEL = 63;

    private UriCheck() {}

    /** The expected value for an error message; null if the URI is usable. */
    static String complaint(String text) {
        if (text == null || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            return EXPECTED;
        }
        SipUri uri = SipUri.parse(text);
        // A comma is valid in the user part only (RFC 3261 section 25.1); the id of an equal row ends in a comma and
        // its ordinal.
        if (uri == null || !uri.isSip() || text.matches(".*,\\d+")) {
            return EXPECTED;
        }
        if (uri.transport().equals("ws") || uri.transport().equals("wss")) {
            return "transport udp, tcp or tls; WebSocket clients open their connections themselves (RFC 7118)";
        }
        if (!hasSupportedTransport(uri)) {
            return "transport udp, tcp or tls";
        }
        return uri.port() == 0 ? "a port from 1 to 65535" : hostComplaint(uri.host());
    }

    /** A sips URI requires TLS, also with transport=tcp (RFC 3261 section 26.2.2), and cannot use UDP. */
    private static boolean hasSupportedTransport(SipUri uri) {
        String transport = uri.scheme() == SipUri.Scheme.SIPS ? uri.parameterText("transport") : uri.transport();
        return transport == null
                || transport.equalsIgnoreCase("tls")
                || transport.equalsIgnoreCase("tcp")
                || transport.equals("udp") && uri.scheme() == SipUri.Scheme.SIP;
    }

    private static String hostComplaint(String host) {
        byte[] address = IpLiteral.parse(host);
        if (address != null) {
            return IpLiteral.isUnicast(address) ? null : "a unicast address";
        }
        // A host name does not end in a number (RFC 3261 section 25.1, toplabel), so this is a mistyped address.
        String lastLabel = host.substring(host.lastIndexOf('.') + 1);
        if (host.startsWith("[") || lastLabel.matches("\\d+")) {
            return "a host name or an IP address";
        }
        int length = host.endsWith(".") ? host.length() - 1 : host.length();
        if (length > LONGEST_NAME) {
            return "a host name of at most " + LONGEST_NAME + " characters, RFC 1035";
        }
        boolean hasLongLabel = Stream.of(host.split("\\.")).anyMatch(label -> label.length() > LONGEST_LABEL);
        return hasLongLabel
                ? "a host name whose labels have at most " + LONGEST_LABEL + " characters each, RFC 1035"
                : null;
    }
}
