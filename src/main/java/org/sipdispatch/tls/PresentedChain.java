package org.sipdispatch.tls;

import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The certificates that a peer has presented, now or on the connection whose session it resumes. Java checks no
 * certificate when a session is resumed, so a certificate that has expired since would be accepted as long as the
 * session exists.
 */
public final class PresentedChain {
    private static final X509Certificate[] NONE = {};

    /** Checks a chain, the peer's certificate first. */
    public interface ChainCheck {
        void check(X509Certificate[] chain) throws CertificateException;
    }

    private PresentedChain() {}

    /** The peer's certificate and those above it; empty if it has presented none. */
    static X509Certificate[] chain(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            X509Certificate[] certificates = new X509Certificate[chain.length];
            System.arraycopy(chain, 0, certificates, 0, chain.length);
            return certificates;
        } catch (SSLPeerUnverifiedException e) {
            return NONE;
        }
    }

    /**
     * Checks that the certificates are still valid.
     *
     * @param again the complete check, which runs only if one of them is not valid now: a valid path may not need it
     * @throws CertificateException if it fails
     */
    public static void check(SSLSession session, ChainCheck again) throws CertificateException {
        X509Certificate[] chain = chain(session);
        for (X509Certificate one : chain) {
            try {
                one.checkValidity();
            } catch (CertificateException e) {
                again.check(chain);
                return;
            }
        }
    }
}
