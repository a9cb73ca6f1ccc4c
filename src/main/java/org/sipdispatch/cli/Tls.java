package org.sipdispatch.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.sipdispatch.settings.BadSetting;

/** Whom to trust over https, and who we are there, from PEM files. */
final class Tls {
    private Tls() {}

    /** Any of the files may be null. */
    static SSLContext context(Path authorities, Path certificate, Path key) {
        if ((certificate == null) != (key == null)) {
            throw new BadSetting(certificate == null ? "--cert" : "--key", "nothing", "a file; --cert and --key");
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    certificate == null ? null : own(certificate, key).getKeyManagers(),
                    authorities == null ? null : trust(authorities).getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new BadSetting("--ca, --cert", e.getMessage(), "PEM files that belong together");
        }
    }

    private static TrustManagerFactory trust(Path authorities) throws GeneralSecurityException, IOException {
        KeyStore trusted = empty();
        int number = 0;
        for (Certificate one : certificates("--ca", authorities)) {
            trusted.setCertificateEntry("ca" + number++, one);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    private static KeyManagerFactory own(Path certificate, Path key) throws GeneralSecurityException, IOException {
        KeyStore mine = empty();
        Certificate[] chain = certificates("--cert", certificate).toArray(Certificate[]::new);
        mine.setKeyEntry("own", privateKey(key), new char[0], chain);
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(mine, new char[0]);
        return own;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(String option, Path file)
            throws GeneralSecurityException {
        Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bytes(option, file)));
        if (found.isEmpty()) {
            throw new BadSetting(option, file, "a PEM file with a certificate");
        }
        return found;
    }

    private static PrivateKey privateKey(Path file) throws GeneralSecurityException {
        String text = new String(bytes("--key", file), StandardCharsets.US_ASCII);
        String base64 = text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // another algorithm's
            }
        }
        throw new BadSetting("--key", file, "a PEM file with a key in PKCS 8, without a passphrase");
    }

    private static byte[] bytes(String option, Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new BadSetting(option, file, "a file that can be read");
        }
    }
}
