package org.sipdispatch.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** The names of a certificate as SIP reads them (RFC 5922 section 7.1), in lower case. */
public final class CertificateNames {
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;
    /** A URI with a user names a user, not a domain. */
    private static final Pattern SIP_DOMAIN =
            Pattern.compile("(?i)sips?:(\\[[0-9a-f:.]+]|[^@:;?]+)(?::\\d+)?(?:[;?].*)?");

    private CertificateNames() {}

    /**
     * The domains of SIP URIs and the DNS names among the alternative names, and the IP addresses among them; only
     * without any such name the common name.
     */
    static List<String> of(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        for (List<?> name : alternatives(certificate)) {
            int kind = (Integer) name.get(0);
            Matcher domain = kind == URI ? SIP_DOMAIN.matcher((String) name.get(1)) : null;
            if (kind == DNS || kind == ADDRESS) {
                names.add(normal((String) name.get(1)));
            } else if (domain != null && domain.matches()) {
                names.add(normal(domain.group(1)));
            }
        }
        return names.isEmpty() ? commonName(certificate) : names;
    }

    /** The names of the peer's certificate; none if the peer has not presented one. */
    public static List<String> ofPeer(SSLSession session) {
        try {
            return of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null ? List.of() : all;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static List<String> commonName(X509Certificate certificate) {
        try {
            for (Rdn one : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (one.getType().equalsIgnoreCase("CN")) {
                    return List.of(normal(String.valueOf(one.getValue())));
                }
            }
        } catch (InvalidNameException e) {
            // A certificate without a usable name.
        }
        return List.of();
    }

    private static String normal(String name) {
        String lower = name.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /**
     * Whether one of the names is the wanted one.
     *
     * @param wanted a host name or an IP address
     * @param wildcards whether {@code *.example.com} covers {@code a.example.com}, which RFC 5922 section 7.2 forbids
     */
    public static boolean match(List<String> names, String wanted, boolean wildcards) {
        String name = normal(wanted);
        int dot = name.indexOf('.');
        return names.contains(name)
                || names.contains(address(name))
                || wildcards && dot > 0 && names.contains("*" + name.substring(dot));
    }

    /** An IPv6 address as Java writes those of certificates; other names unchanged. */
    private static String address(String name) {
        try {
            return name.indexOf(':') < 0
                    ? name
                    : java.net.InetAddress.getByName(name).getHostAddress();
        } catch (java.net.UnknownHostException e) {
            return name;
        }
    }
}
