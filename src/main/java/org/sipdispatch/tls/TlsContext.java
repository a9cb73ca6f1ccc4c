package org.sipdispatch.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.sipdispatch.settings.SettingException;

/** Creates TLS contexts from certificates and keys. */
public final class TlsContext {
    private static final char[] NO_PASSWORD = {};
    /** Java does not check the server's certificate when it resumes a session. */
    private static final Duration CLIENT_SESSION_TIMEOUT = Duration.ofMinutes(1);

    private TlsContext() {}

    /**
     * Creates a context for servers and clients.
     *
     * @param own the certificates that this side may present; Java selects the first one whose key type the peer
     *     supports; empty for none
     * @param authorities the trusted certificate authorities; null for the trust store of Java
     * @throws SettingException if Java cannot use one of the certificates
     */
    public static SSLContext of(List<KeyCertificate> own, List<X509Certificate> authorities) {
        return of(own, authorities, UnaryOperator.identity());
    }

    /** The same; {@code check} adds to the checks of a peer's certificate. */
    public static SSLContext of(
            List<KeyCertificate> own,
            List<X509Certificate> authorities,
            UnaryOperator<X509ExtendedTrustManager> check) {
        try {
            TrustManager[] trust = {check.apply(trustManager(authorities))};
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.isEmpty() ? null : keyManagers(own), trust, null);
            context.getClientSessionContext().setSessionTimeout((int) CLIENT_SESSION_TIMEOUT.toSeconds());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Java's check of certificates; null {@code authorities} for the trust store of Java. */
    static X509ExtendedTrustManager trustManager(List<X509Certificate> authorities) throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities == null ? null : trusted(authorities));
        return (X509ExtendedTrustManager) trust.getTrustManagers()[0];
    }

    private static KeyManager[] keyManagers(List<KeyCertificate> own) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        for (KeyCertificate one : own) {
            try {
                store.setKeyEntry(
                        "own" + store.size(),
                        one.key(),
                        NO_PASSWORD,
                        one.chain().toArray(X509Certificate[]::new));
            } catch (GeneralSecurityException e) {
                throw one.file().bad("a certificate that Java can present; " + e.getMessage());
            }
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        return keys.getKeyManagers();
    }

    private static KeyStore trusted(List<X509Certificate> authorities) throws GeneralSecurityException {
        KeyStore store = emptyStore();
        for (X509Certificate authority : authorities) {
            store.setCertificateEntry("ca" + store.size(), authority);
        }
        return store;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
        return store;
    }
}
