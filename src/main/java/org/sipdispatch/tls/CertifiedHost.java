package org.sipdispatch.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** A host name or IP address in a certificate. */
public final class CertifiedHost {
    private static final String OCTET = "(25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    private static final String ADDRESS = OCTET + "(\\." + OCTET + "){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";
    private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?";
    private static final String NAME = "(?![0-9.]+$)" + LABEL + "(\\." + LABEL + ")*";

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final String text;
    /** Null if this is a host name. */
    private final byte[] address;

    private CertifiedHost(String text, byte[] address) {
        this.text = text;
        this.address = address;
    }

    /** Reads a host name or an IP address; null if the text is neither. */
    public static CertifiedHost parse(String text) {
        String bare = text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
        if (bare.matches(ADDRESS)) {
            try {
                return new CertifiedHost(bare, InetAddress.getByName(bare).getAddress());
            } catch (UnknownHostException e) {
                return null;
            }
        }
        return bare.matches(NAME) ? new CertifiedHost(bare.toLowerCase(Locale.ROOT), null) : null;
    }

    /** The host names and IP addresses in the certificate's subjectAltName, as texts. */
    public static List<String> in(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return Stream.ofNullable(names)
                    .flatMap(Collection::stream)
                    .filter(name -> name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS))
                    .map(name -> String.valueOf(name.get(1)))
                    .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** These hosts in one text, for messages. */
    public static String named(X509Certificate certificate) {
        List<String> names = in(certificate);
        return names.isEmpty() ? "no name in subjectAltName" : String.join(", ", names);
    }

    /** The host names and IP addresses in the certificate's subjectAltName, without this one and without wildcards. */
    public List<CertifiedHost> othersIn(X509Certificate certificate) {
        return in(certificate).stream()
                .filter(name -> !matches(name))
                .map(CertifiedHost::parse)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Whether the certificate is valid for this host. A wildcard stands for the first label of a name. */
    public boolean isIn(X509Certificate certificate) {
        return in(certificate).stream().anyMatch(this::matches);
    }

    private boolean matches(String certified) {
        CertifiedHost other = parse(certified.startsWith("*.") ? certified.substring(2) : certified);
        if (other == null || isAddress() != other.isAddress()) {
            return false;
        } else if (isAddress()) {
            return Arrays.equals(address, other.address);
        }
        int dot = text.indexOf('.');
        return other.text.equals(certified.startsWith("*.") && dot > 0 ? text.substring(dot + 1) : text);
    }

    /** The name or address as it was written, without brackets. */
    public String text() {
        return text;
    }

    boolean isAddress() {
        return address != null;
    }

    byte[] address() {
        return address.clone();
    }

    byte[] ascii() {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return text;
    }
}
