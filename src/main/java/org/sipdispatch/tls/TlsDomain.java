package org.sipdispatch.tls;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/**
 * The settings of one TLS domain, a block of {@code tls.server_domains} or {@code tls.client_domains}. A domain takes
 * from {@code default} what it does not set.
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
                server ? reader.texts("accepted_names") : List.of(),
                server && reader.flag("require_client_usage"),
                server ? "" : reader.text("verify_name"),
                reader.flag("wildcards"),
                reader.protocols(),
                reader.texts("ciphers_list"));
        reader.own.refuseUnknown();
        domains.check(domain::check);
        return domain;
    }

    private void check() {
        if (certificates.size() != keys.size()) {
            throw new SettingException(
                    path + ".private_key",
                    keys.size() + " files",
                    "as many as in certificate, " + certificates.size() + ", in the same order");
        } else if (requireCert && !verifyCert) {
            throw new SettingException(path + ".require_cert", "on", "off, or verify_cert = on");
        } else if (!acceptedNames.isEmpty() && !requireCert) {
            throw new SettingException(
                    path + ".accepted_names", String.join(", ", acceptedNames), "none, or require_cert = on");
        }
    }

    /** The files of this domain. */
    List<PemFile> files() {
        return Stream.of(certificates, keys, caList)
                .flatMap(List::stream)
                .map(file -> new PemFile(path, file))
                .toList();
    }

    /** The files with private keys. */
    List<PemFile> keyFiles() {
        return keys.stream().map(key -> new PemFile(path + ".private_key", key)).toList();
    }

    /** Reads keys from the domain's own block or from the default. */
    private record Reader(Section own, Section otherwise) {
        private Section holder(String key) {
            return own.has(key) ? own : otherwise;
        }

        List<String> texts(String key) {
            return List.copyOf(holder(key).texts(key).stream()
                    .filter(text -> !text.isEmpty())
                    .toList());
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
