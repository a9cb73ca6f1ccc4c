package org.sipdispatch.manage;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.settings.Section;

/**
 * How operators are talked to in secret.
 *
 * @param certificate a PEM file with this node's certificate and those above it; empty for no TLS
 * @param key a PEM file with its private key
 * @param clientCa a PEM file with the authorities whose clients are let in; empty for none
 * @param writers the common names in clients' certificates that may change something
 */
record TlsSettings(String certificate, String key, String clientCa, List<String> writers) {
    private static final String PATH = "management.tls.";

    /** Reads the block {@code management.tls}. */
    static TlsSettings from(Section tls) {
        TlsSettings settings = new TlsSettings(
                tls.text("certificate"), tls.text("key"), tls.text("client-ca"), List.copyOf(tls.texts("writers")));
        tls.refuseUnknown();
        tls.check(settings::check);
        return settings;
    }

    private void check() {
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new BadSetting(
                    PATH + (key.isEmpty() ? "key" : "certificate"),
                    "nothing",
                    "a PEM file, since the other one is given");
        } else if (!clientCa.isEmpty() && certificate.isEmpty()) {
            throw new BadSetting(PATH + "client-ca", clientCa, "nothing where there are no certificate and key");
        } else if (!writers.isEmpty() && clientCa.isEmpty()) {
            throw new BadSetting(PATH + "writers", String.join(", ", writers), "nothing where there is no client-ca");
        }
    }

    boolean isOn() {
        return !certificate.isEmpty();
    }

    boolean asksClients() {
        return !clientCa.isEmpty();
    }

    /**
     * What connections are made with.
     *
     * @throws BadSetting if a file cannot be used
     */
    SSLContext context() {
        List<X509Certificate> chain = Pem.certificates(PATH + "certificate", certificate);
        PrivateKey own = Pem.privateKey(PATH + "key", key);
        Pem.checkPair(PATH + "key", key, own, chain.get(0).getPublicKey());
        try {
            KeyStore identity = empty();
            identity.setKeyEntry("own", own, new char[0], chain.toArray(X509Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(identity, new char[0]);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(authorities());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new BadSetting(PATH + "certificate", certificate, "one that Java can serve; " + e.getMessage());
        }
    }

    private KeyStore authorities() throws GeneralSecurityException {
        KeyStore authorities = empty();
        if (asksClients()) {
            int place = 0;
            for (X509Certificate authority : Pem.certificates(PATH + "client-ca", clientCa)) {
                authorities.setCertificateEntry("ca" + place++, authority);
            }
        }
        return authorities;
    }

    private static KeyStore empty() throws GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try {
            store.load(null, null);
        } catch (java.io.IOException e) {
            throw new GeneralSecurityException(e);
        }
        return store;
    }

    /** One connection. Clients without a certificate may connect: most is then refused to them, but not whether we live. */
    SSLEngine engine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        engine.setWantClientAuth(asksClients());
        return engine;
    }
}
