package org.sipdispatch.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Decides whether a peer's certificate is accepted: its chain as Java checks it, then its names as SIP reads them. The
 * name that a server must have is the peer host of the engine.
 */
final class PeerTrust extends X509ExtendedTrustManager {
    /** The key exchange for which Java checks the usage of a server's certificate, but of no particular one. */
    private static final String ANY_EXCHANGE = "UNKNOWN";

    private final TlsDomain domain;
    private final X509ExtendedTrustManager chains;

    private PeerTrust(TlsDomain domain, X509ExtendedTrustManager chains) {
        this.domain = domain;
        this.chains = chains;
    }

    /** {@code authorities}: null for those of Java. */
    static PeerTrust of(TlsDomain domain, List<X509Certificate> authorities) throws GeneralSecurityException {
        return new PeerTrust(domain, TlsContext.trustManager(authorities));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String exchange, SSLEngine engine)
            throws CertificateException {
        if (!domain.verifyCert()) {
            return;
        }
        checkChain(chain, () -> chains.checkServerTrusted(chain, exchange, engine));
        checkNames(chain[0], List.of(engine.getPeerHost()));
    }

    /**
     * Checks without an engine whether a server with this chain may have that name.
     *
     * @throws CertificateException if it may not
     */
    void checkServer(X509Certificate[] chain, String name) throws CertificateException {
        if (domain.verifyCert()) {
            chains.checkServerTrusted(chain, ANY_EXCHANGE);
            checkNames(chain[0], List.of(name));
        }
    }

    /**
     * Checks the chain of a peer whose names were accepted before.
     *
     * @throws CertificateException if it is not accepted now
     */
    void checkAgain(X509Certificate[] chain) throws CertificateException {
        if (domain.server()) {
            checkClientChain(chain, ANY_EXCHANGE, null);
        } else if (domain.verifyCert()) {
            checkChain(chain, () -> chains.checkServerTrusted(chain, ANY_EXCHANGE));
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String exchange, SSLEngine engine)
            throws CertificateException {
        checkClientChain(chain, exchange, engine);
        if (!domain.acceptedNames().isEmpty()) {
            checkNames(chain[0], domain.acceptedNames());
        }
    }

    private void checkClientChain(X509Certificate[] chain, String exchange, SSLEngine engine)
            throws CertificateException {
        checkChain(chain, () -> {
            try {
                chains.checkClientTrusted(chain, exchange, engine);
            } catch (CertificateException e) {
                if (domain.requireClientUsage()) {
                    throw e;
                }
                // Public authorities sign certificates for servers only.
                chains.checkServerTrusted(chain, ANY_EXCHANGE, engine);
            }
        });
    }

    private interface CertificateCheck {
        void run() throws CertificateException;
    }

    /** The exception says which certificate is refused. */
    private void checkChain(X509Certificate[] chain, CertificateCheck check) throws CertificateException {
        try {
            check.run();
        } catch (CertificateException e) {
            throw RefusedCertificateException.of(e, chain[0], domain);
        }
    }

    private void checkNames(X509Certificate certificate, List<String> expected) throws CertificateException {
        List<String> names = CertificateNames.of(certificate);
        if (expected.stream().noneMatch(one -> CertificateNames.match(names, one, domain.wildcards()))) {
            throw new WrongNameException(names, String.join(" or ", expected));
        }
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String exchange) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String exchange) throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String exchange, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String exchange, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    /** The expected name is that of the engine. */
    private static CertificateException withoutEngine() {
        return new CertificateException("only engines can be checked");
    }
}
