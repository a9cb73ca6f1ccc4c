package org.sipdispatch.tls;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/**
 * The settings of one TLS domain, a block of {@code tls.server_domains} or {@code tls.client_domains}. A domain
 * inherits from {@code default} the keys that it does not set.
 *
 * @param path the path of the block, for messages
 * @param name the name of the block
 * @param server whether it is for listeners; otherwise for outgoing connections
 * @param certificates PEM files with this node's certificates and their issuers
 * @param keys PEM files with the private keys, in the same order
 * @param caList PEM files with the trusted authorities; empty for those of Java
 * @param verifyCert whether peers' certificates are checked; a listener asks clients for one
 * @param requireCert whether a client without a certificate is refused
 * @param acceptedNames the names of accepted clients; empty for any
 * @param requireClientUsage whether client certificates need the extended usage clientAuth
 * @param verifyName the name that a server's certificate must have; empty for the host of the URI
 * @param wildcards whether names with a wildcard are accepted
 * @param protocols the versions, as Java names them
 * @param ciphers the cipher suites, as Java names them; empty for the usual ones
 */
public record TlsDomain(
        String path,
        String name,
        boolean server,
        List<String> certificates,
        List<String> keys,
        List<String> caList,
        boolean verifyCert,
        boolean requireCert,
        List<String> acceptedNames,
        boolean requireClientUsage,
        String verifyName,
        boolean wildcards,
        List<String> protocols,
        List<String> ciphers) {
    /** The name of the block that the others inherit from. */
    static final String DEFAULT = "default";

    private static final Pattern NO_NAME = Pattern.compile("(?i)(sips?|https?|dns|uri|ip):.*|[^:]*:\\d+");

    private static final Map<String, List<String>> METHODS = Map.of(
            "tlsv1_2", List.of("TLSv1.2"),
            "tlsv1_3", List.of("TLSv1.3"),
            "tlsv1_2-tlsv1_3", List.of("TLSv1.3", "TLSv1.2"));

    /** Reads the block of this name. */
    static TlsDomain from(Section domains, String name, boolean server) {
        Reader reader = new Reader(domains.section(name), domains.section(DEFAULT));
        TlsDomain domain = new TlsDomain(
                domains.path(name),
                name,
                server,
                reader.texts("certificate"),
                reader.texts("private_key"),
                reader.texts("ca_list"),
                reader.flag("verify_cert"),
                server && reader.flag("require_cert"),
                server ? reader.names() : List.of(),
                server && reader.flag("require_client_usage"),
                server ? "" : reader.text("verify_name"),
                reader.flag("wildcards"),
                reader.protocols(),
                reader.texts("ciphers_list"));
        reader.own.refuseUnknown();
        domains.check(() -> domain.check(reader));
        return domain;
    }

    /** Inherited keys are checked when the default block is read. */
    private void check(Reader reader) {
        if (certificates.size() != keys.size() && reader.sets("certificate", "private_key")) {
            throw new SettingException(
                    path + ".private_key",
                    keys.size() + " files",
                    "as many as in certificate, " + certificates.size() + ", in the same order");
        } else if (requireCert && !verifyCert && reader.sets("require_cert", "verify_cert")) {
            throw new SettingException(path + ".require_cert", "on", "off, or verify_cert = on");
        } else if (!acceptedNames.isEmpty() && !requireCert && reader.sets("accepted_names", "require_cert")) {
            throw new SettingException(
                    path + ".accepted_names", String.join(", ", acceptedNames), "none, or require_cert = on");
        }
    }

    /**
     * Checks that Java supports this cipher suite.
     *
     * @throws SettingException if Java does not support the cipher suite
     */
    void checkCipher(String suite) {
        List<String> supported = CipherSuiteNames.supported();
        if (!supported.contains(suite)) {
            String meant = CipherSuiteNames.ofOpenSsl(suite);
            throw new SettingException(
                    path + ".ciphers_list",
                    suite,
                    meant != null && supported.contains(meant)
                            ? meant + ", as Java names it"
                            : "names of Java, among " + String.join(", ", supported));
        }
    }

    /** The files of this domain. */
    List<PemFile> files() {
        return Stream.of(certificateFiles(), keyFiles(), authorityFiles())
                .flatMap(List::stream)
                .toList();
    }

    List<PemFile> certificateFiles() {
        return files("certificate", certificates);
    }

    /** The files with private keys. */
    List<PemFile> keyFiles() {
        return files("private_key", keys);
    }

    List<PemFile> authorityFiles() {
        return files("ca_list", caList);
    }

    private List<PemFile> files(String key, List<String> names) {
        return names.stream().map(name -> new PemFile(path + "." + key, name)).toList();
    }

    /** Reads keys from the domain's own block or from the default. */
    private record Reader(Section own, Section otherwise) {
        /** Whether the block itself has one of the keys, or is the default. */
        boolean sets(String... keys) {
            return own.path().equals(otherwise.path()) || Stream.of(keys).anyMatch(own::has);
        }

        private Section holder(String key) {
            return own.has(key) ? own : otherwise;
        }

        List<String> texts(String key) {
            return List.copyOf(holder(key).texts(key).stream()
                    .filter(text -> !text.isEmpty())
                    .toList());
        }

        /** Any text may be a common name, except one in the form of a URI or with a port. */
        List<String> names() {
            Section holder = holder("accepted_names");
            holder.textsByPath("accepted_names").forEach((place, name) -> {
                if (NO_NAME.matcher(name).matches()) {
                    holder.check(() -> {
                        throw new SettingException(
                                place, name, "a domain, a host name or an IP address, without sip: and a port");
                    });
                }
            });
            return texts("accepted_names");
        }

        String text(String key) {
            return holder(key).text(key);
        }

        boolean flag(String key) {
            return holder(key).flag(key);
        }

        List<String> protocols() {
            Section holder = holder("tls_method");
            String method = holder.text("tls_method");
            List<String> protocols = METHODS.get(method.toLowerCase(Locale.ROOT).replace(" ", ""));
            if (protocols == null) {
                holder.refuse("tls_method", method, "TLSv1_2, TLSv1_3 or TLSv1_2-TLSv1_3");
                return METHODS.get("tlsv1_2-tlsv1_3");
            }
            return protocols;
        }
    }
}
