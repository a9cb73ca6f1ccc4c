package org.sipdispatch.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** The names of a certificate as SIP reads them (RFC 5922 section 7.1), in lower case. */
public final class CertificateNames {
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;
    /** A URI with a user names a user, not a domain. */
    private static final Pattern SIP_DOMAIN =
            Pattern.compile("(?i)sip:(\\[[0-9a-f:.]+]|[^@:;?]+)(?::\\d+)?(?:[;?][^@]*)?");

    private CertificateNames() {}

    /**
     * The identities of a peer: the domains of the {@code sip} URIs among the alternative names; if there are none, the
     * DNS names and IP addresses there. The common name is used only if there are no alternative names.
     */
    static List<String> of(X509Certificate certificate) {
        Collection<List<?>> alternatives = alternatives(certificate);
        if (alternatives == null) {
            return ofSubject(certificate);
        }
        List<String> domains = domains(alternatives);
        return domains.isEmpty() ? hosts(alternatives) : domains;
    }

    /** All names for which this node's own certificate may be presented. */
    static List<String> ofOwn(X509Certificate certificate) {
        Collection<List<?>> alternatives = alternatives(certificate);
        if (alternatives == null) {
            return ofSubject(certificate);
        }
        List<String> names = new ArrayList<>(domains(alternatives));
        names.addAll(hosts(alternatives));
        return names;
    }

    private static List<String> domains(Collection<List<?>> alternatives) {
        return alternatives.stream()
                .filter(name -> name.get(0).equals(URI))
                .map(name -> SIP_DOMAIN.matcher((String) name.get(1)))
                .filter(Matcher::matches)
                .map(domain -> normal(domain.group(1)))
                .toList();
    }

    private static List<String> hosts(Collection<List<?>> alternatives) {
        return alternatives.stream()
                .filter(name -> name.get(0).equals(DNS) || name.get(0).equals(ADDRESS))
                .map(name -> normal((String) name.get(1)))
                .toList();
    }

    /** Returns null if the certificate has none. */
    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            return certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    private static List<String> ofSubject(X509Certificate certificate) {
        return commonName(certificate).map(CertificateNames::normal).stream().toList();
    }

    /**
     * The common name of the subject, as the certificate has it. If there are several, the most specific one, for
     * example a user's name in a directory ({@code DC=example, CN=Users, CN=ann}). Empty if there is none.
     */
    public static Optional<String> commonName(X509Certificate certificate) {
        try {
            // The list of LdapName begins with the least specific name (RFC 4514 section 2.1).
            List<Rdn> parts = new LdapName(certificate.getSubjectX500Principal().getName()).getRdns();
            for (int i = parts.size() - 1; i >= 0; i--) {
                Attribute name = parts.get(i).toAttributes().get("CN");
                if (name != null) {
                    return Optional.of(String.valueOf(name.get()));
                }
            }
        } catch (NamingException e) {
            // A certificate without a usable name.
        }
        return Optional.empty();
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
