package org.sipdispatch.manage;

import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.sipdispatch.membership.NodeCertificate;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.tls.CertificateInUse;
import org.sipdispatch.tls.KeyCertificate;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.tls.TlsContext;

/**
 * The TLS settings of the management server.
 *
 * @param certificate a PEM file with this node's certificate and its issuers; empty for no TLS
 * @param key a PEM file with its private key
 * @param clientCa a PEM file with the authorities of accepted client certificates; empty for none
 * @param nodeCa a PEM file with the authorities of the other nodes' certificates, for Cluster Bootstrap; empty for those
 *     of {@code cluster.tls}
 * @param writers the common names of client certificates with write permission
 */
record TlsSettings(String certificate, String key, String clientCa, String nodeCa, List<String> writers) {
    static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private static final String PATH = "management.tls.";

    /** Reads the block {@code management.tls}. */
    static TlsSettings from(Section tls) {
        TlsSettings settings = new TlsSettings(
                tls.text("certificate"),
                tls.text("key"),
                tls.text("client-ca"),
                tls.text("node-ca"),
                List.copyOf(tls.texts("writers")));
        tls.refuseUnknown();
        tls.check(settings::check);
        return settings;
    }

    private void check() {
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new SettingException(
                    PATH + (key.isEmpty() ? "key" : "certificate"),
                    "nothing",
                    "a PEM file, since the other one is given");
        } else if (!clientCa.isEmpty() && certificate.isEmpty()) {
            throw new SettingException(PATH + "client-ca", clientCa, "nothing where there are no certificate and key");
        } else if (!nodeCa.isEmpty() && certificate.isEmpty()) {
            throw new SettingException(PATH + "node-ca", nodeCa, "nothing where there are no certificate and key");
        } else if (!writers.isEmpty() && clientCa.isEmpty()) {
            throw new SettingException(
                    PATH + "writers", String.join(", ", writers), "nothing where there is no client-ca");
        }
    }

    boolean isOn() {
        return !certificate.isEmpty();
    }

    boolean asksClients() {
        return !clientCa.isEmpty();
    }

    /** The files of this server. */
    List<PemFile> files() {
        return asksClients()
                ? List.of(certificateFile(), keyFile(), clientCaFile())
                : List.of(certificateFile(), keyFile());
    }

    /**
     * The content of this server's files.
     *
     * @param own the certificate that it presents
     */
    record LoadedServerTls(SSLContext context, CertificateInUse own) {}

    /**
     * Reads the files.
     *
     * @throws SettingException if one cannot be used
     */
    LoadedServerTls load() {
        KeyCertificate own = KeyCertificate.read(certificateFile(), keyFile());
        SSLContext context =
                TlsContext.of(List.of(own), asksClients() ? clientCaFile().certificates() : List.of());
        return new LoadedServerTls(context, own.inUse());
    }

    /**
     * The engine for one connection. Clients without a certificate may connect, because health checks need no
     * authentication.
     */
    SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(PROTOCOLS);
        engine.setWantClientAuth(asksClients());
        return engine;
    }

    /** The file with the authorities of the other nodes' management servers; null for those that Java trusts. */
    PemFile nodeAuthorities(NodeCertificate nodes) {
        return nodeCa.isEmpty() ? nodes.ca() : new PemFile(PATH + "node-ca", nodeCa);
    }

    private PemFile certificateFile() {
        return new PemFile(PATH + "certificate", certificate);
    }

    private PemFile keyFile() {
        return new PemFile(PATH + "key", key);
    }

    private PemFile clientCaFile() {
        return new PemFile(PATH + "client-ca", clientCa);
    }
}
