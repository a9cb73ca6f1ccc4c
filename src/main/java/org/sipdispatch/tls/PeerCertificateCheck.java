package org.sipdispatch.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks the certificate of a peer as Java does and, if there are accepted names, requires one of them. Reports each
 * refused certificate with the reason, because the other side sees only an alert.
 */
public final class PeerCertificateCheck extends X509ExtendedTrustManager {
    private static final X509Certificate[] ANY = {};

    private final X509ExtendedTrustManager usual;
    private final List<CertifiedHost> names;
    private final boolean isNode;
    private final Consumer<String> refused;

    /**
     * Creates a check.
     *
     * @param usual the check of Java
     * @param names the names of which a certificate must have one; empty for any
     * @param isNode whether the peer is a node, whose certificate must be for both servers and clients
     * @param refused receives the reason of each refusal
     */
    public PeerCertificateCheck(
            X509ExtendedTrustManager usual, List<CertifiedHost> names, boolean isNode, Consumer<String> refused) {
        this.usual = usual;
        this.names = List.copyOf(names);
        this.isNode = isNode;
        this.refused = refused;
    }

    /** Why a peer with these authorities refuses the certificate as server or client; empty if it does not. */
    public static String refusal(List<X509Certificate> chain, List<X509Certificate> authorities) {
        X509Certificate[] certificates = chain.toArray(X509Certificate[]::new);
        try {
            checkBothUsages(TlsContext.trustManager(authorities), certificates);
            return "";
        } catch (CertificateException e) {
            return reason(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void checkBothUsages(X509ExtendedTrustManager peer, X509Certificate[] chain)
            throws CertificateException {
        peer.checkServerTrusted(chain, "UNKNOWN");
        peer.checkClientTrusted(chain, "UNKNOWN");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, "a client", () -> usual.checkClientTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain, server(engine), () -> usual.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, "a client", () -> usual.checkClientTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain, "a server", () -> usual.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, "a client", () -> usual.checkClientTrusted(chain, type));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain, "a server", () -> usual.checkServerTrusted(chain, type));
    }

    /**
     * Returns none: a server names its authorities to clients, and a client without a certificate of theirs would send
     * none, so that the reason of the refusal could not name it.
     */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return ANY;
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void check(X509Certificate[] chain, String peer, Check check) throws CertificateException {
        try {
            check.run();
            if (isNode) {
                checkBothUsages(usual, chain);
            }
            if (!names.isEmpty() && names.stream().noneMatch(name -> name.isIn(chain[0]))) {
                throw new CertificateException("valid for " + PeerSuppliedText.printable(CertifiedHost.named(chain[0]))
                        + " (expected: "
                        + names.stream().map(CertifiedHost::text).collect(Collectors.joining(" or ")) + ")");
            }
        } catch (CertificateException e) {
            refused.accept("the certificate of " + peer + " is refused: subject "
                    + PeerSuppliedText.printable(
                            chain[0].getSubjectX500Principal().getName()) + ", issuer "
                    + PeerSuppliedText.printable(
                            chain[0].getIssuerX500Principal().getName()) + ": " + reason(e));
            throw e;
        }
    }

    private static String server(SSLEngine engine) {
        return engine.getPeerHost() == null ? "a server" : engine.getPeerHost() + ":" + engine.getPeerPort();
    }

    /** Why Java refuses a certificate, in plain words. */
    static String reason(CertificateException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof CertificateExpiredException) {
            return "expired; " + root.getMessage();
        } else if (root instanceof CertificateNotYetValidException) {
            return "not valid yet; " + root.getMessage();
        } else if (root instanceof CertPathBuilderException) {
            return "no accepted authority has signed it";
        }
        return PeerSuppliedText.printable(String.valueOf(root.getMessage()));
    }
}
