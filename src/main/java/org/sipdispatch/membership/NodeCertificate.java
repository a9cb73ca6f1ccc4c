package org.sipdispatch.membership;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.CertificateInUse;
import org.sipdispatch.tls.CertifiedHost;
import org.sipdispatch.tls.KeyCertificate;
import org.sipdispatch.tls.PeerCertificateCheck;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.tls.PresentedChain;
import org.sipdispatch.tls.TlsContext;

/**
 * The setting {@code cluster.tls}: this node's certificate for the other nodes, and the authority of theirs.
 *
 * @param certificate this node's certificate and its issuers; null without TLS
 * @param key its private key; null without TLS
 * @param ca the authorities of all nodes' certificates; null without TLS
 * @param names the names of which a node's certificate must have one; empty: a certificate must be valid for the
 *     {@code cluster.host} of its node
 */
public record NodeCertificate(PemFile certificate, PemFile key, PemFile ca, List<CertifiedHost> names) {
    /** No TLS. */
    public static final NodeCertificate NONE = new NodeCertificate(null, null, null, List.of());

    private static final String KEY = "tls";

    /** Reads the setting of the block {@code cluster}: a directory, or a block. */
    static NodeCertificate from(Section cluster) {
        if (cluster.isBlock(KEY)) {
            return fromBlock(cluster.section(KEY));
        }
        String directory = cluster.text(KEY);
        String path = cluster.path(KEY);
        return directory.isEmpty()
                ? NONE
                : new NodeCertificate(
                        new PemFile(path, directory + "/node.pem"),
                        new PemFile(path, directory + "/node.key"),
                        new PemFile(path, directory + "/ca.pem"),
                        List.of());
    }

    private static NodeCertificate fromBlock(Section tls) {
        PemFile[] files = {file(tls, "certificate"), file(tls, "key"), file(tls, "ca")};
        List<CertifiedHost> names = new ArrayList<>();
        for (String text : tls.has("names") ? tls.texts("names") : List.<String>of()) {
            CertifiedHost name = CertifiedHost.parse(text);
            if (name == null) {
                tls.refuse("names", text, "host names or IP addresses");
            } else {
                names.add(name);
            }
        }
        tls.refuseUnknown();
        return new NodeCertificate(files[0], files[1], files[2], List.copyOf(names));
    }

    private static PemFile file(Section tls, String key) {
        String path = tls.textOr(key, "");
        if (path.isEmpty()) {
            tls.refuse(key, "nothing", "a PEM file");
        }
        return new PemFile(tls.path(key), path);
    }

    /** Whether nodes use TLS. */
    public boolean isOn() {
        return certificate != null;
    }

    /** The files. */
    public List<PemFile> files() {
        return List.of(certificate, key, ca);
    }

    /** The file with the private key; empty without TLS. */
    public List<PemFile> keyFiles() {
        return isOn() ? List.of(key) : List.of();
    }

    /**
     * The certificate that this node presents.
     *
     * @throws SettingException if it cannot be read
     */
    public CertificateInUse inUse() {
        return new CertificateInUse(certificate, certificate.certificates().get(0));
    }

    /**
     * The context for connections between nodes; each side presents its certificate.
     *
     * @param refused receives the reason for each certificate of another node that is refused
     * @throws SettingException if the files cannot be used
     */
    public SSLContext context(Consumer<String> refused) {
        return TlsContext.of(
                List.of(KeyCertificate.read(certificate, key)),
                ca.certificates(),
                usual -> new PeerCertificateCheck(usual, names, true, refused));
    }

    /**
     * Checks the certificate of another node again, since it may have expired before a session was resumed.
     *
     * @throws CertificateException if it is not accepted now
     */
    public void check(SSLSession session) throws CertificateException {
        PresentedChain.check(session, chain -> {
            String refusal = PeerCertificateCheck.refusal(List.of(chain), ca.certificates());
            if (!refusal.isEmpty()) {
                throw new CertificateException(refusal);
            }
        });
    }

    /**
     * Checks that the other nodes will accept this node's certificate.
     *
     * @param host the address at which they reach this node
     * @throws SettingException if they will not
     */
    void check(String host) {
        KeyCertificate.read(certificate, key);
        String expected = PeerCertificateCheck.refusal(certificate.certificates(), ca.certificates());
        if (!expected.isEmpty()) {
            throw bad("a certificate that the other nodes accept; " + expected);
        }
        checkHost(host);
    }

    /**
     * Checks that this node's certificate is for the host, or for one of {@code names}.
     *
     * @throws SettingException if it is not
     */
    void checkHost(String host) {
        X509Certificate own = inUse().certificate();
        List<CertifiedHost> accepted = names;
        if (names.isEmpty()) {
            CertifiedHost self = CertifiedHost.parse(host);
            accepted = self == null ? List.of() : List.of(self);
        }
        if (accepted.stream().noneMatch(name -> name.isIn(own))) {
            throw bad(
                    "a certificate for " + (names.isEmpty() ? host + ", the cluster.host" : "one of cluster.tls.names")
                            + "; this one is for " + CertifiedHost.named(own));
        }
    }

    private SettingException bad(String expected) {
        return new SettingException(certificate.setting(), certificate.path(), expected);
    }
}
