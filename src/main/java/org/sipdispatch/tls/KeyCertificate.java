package org.sipdispatch.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import org.sipdispatch.settings.SettingException;

/**
 * A certificate with its chain and its private key.
 *
 * @param file the file of the certificate, for messages
 * @param chain the certificate first, then its issuers
 */
public record KeyCertificate(PemFile file, List<X509Certificate> chain, PrivateKey key) {
    private static final Map<String, String> SIGNED_BY = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

    public KeyCertificate {
        chain = List.copyOf(chain);
    }

    /**
     * Reads the certificate and the key.
     *
     * @throws SettingException if a file cannot be read or the key does not belong to the certificate
     */
    public static KeyCertificate read(PemFile certificate, PemFile key) {
        KeyCertificate read = new KeyCertificate(certificate, certificate.certificates(), key.privateKey());
        read.checkPair(key);
        return read;
    }

    /** The certificate that this node presents. */
    public CertificateInUse inUse() {
        return new CertificateInUse(file, chain.get(0));
    }

    /** Checks that the key belongs to the certificate. Without this check the first TLS handshake would fail. */
    private void checkPair(PemFile keyFile) {
        String expected = "the key of " + file.setting() + ": " + inUse().description();
        try {
            if (!isSignedByKey(chain.get(0).getPublicKey())) {
                throw keyFile.bad(expected);
            }
        } catch (GeneralSecurityException e) {
            // The key's algorithm differs from the certificate's.
            throw keyFile.bad(expected + "; " + e.getMessage());
        }
    }

    private boolean isSignedByKey(PublicKey certified) throws GeneralSecurityException {
        byte[] sample = "sample".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(SIGNED_BY.getOrDefault(key.getAlgorithm(), "EdDSA"));
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(sample);
        return signature.verify(signed);
    }
}
