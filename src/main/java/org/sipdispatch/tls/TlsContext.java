package org.sipdispatch.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.sipdispatch.settings.SettingException;

/** Creates TLS contexts from certificates and keys. */
public final class TlsContext {
    private static final char[] NO_PASSWORD = {};

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
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.isEmpty() ? null : keyManagers(own), trustManagers(authorities), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Java's check of certificate chains; {@code authorities} as in {@link #of}. */
    static TrustManager[] trustManagers(List<X509Certificate> authorities) throws GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities == null ? null : trusted(authorities));
        return trust.getTrustManagers();
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
