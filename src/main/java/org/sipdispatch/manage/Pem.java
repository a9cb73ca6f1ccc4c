package org.sipdispatch.manage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.BadSetting;

/** Certificates and keys as openssl writes them (RFC 7468). */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final Map<String, String> SIGNED_BY =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private Pem() {}

    /** All certificates of a file, one at least, in their order. */
    static List<X509Certificate> certificates(String setting, String file) {
        List<X509Certificate> all = new ArrayList<>();
        Matcher block = BLOCK.matcher(text(setting, file));
        while (block.find()) {
            if (block.group(1).equals("CERTIFICATE")) {
                all.add(certificate(setting, file, block.group(2)));
            }
        }
        if (all.isEmpty()) {
            throw new BadSetting(setting, file, "a PEM file with BEGIN CERTIFICATE");
        }
        return all;
    }

    private static X509Certificate certificate(String setting, String file, String base64) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new BadSetting(setting, file, "certificates that can be read; " + e.getMessage());
        }
    }

    /** The first private key of a file: PKCS#8 without a password, RSA, EC or Ed25519. */
    static PrivateKey privateKey(String setting, String file) {
        Matcher block = BLOCK.matcher(text(setting, file));
        while (block.find()) {
            if (block.group(1).equals("PRIVATE KEY")) {
                return privateKey(setting, file, block.group(2));
            }
        }
        throw new BadSetting(
                setting, file, "a PEM file with BEGIN PRIVATE KEY, as openssl pkcs8 -topk8 -nocrypt writes it");
    }

    private static PrivateKey privateKey(String setting, String file, String base64) {
        try {
            PKCS8EncodedKeySpec encoded =
                    new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
            for (String algorithm : SIGNED_BY.keySet()) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
                } catch (java.security.spec.InvalidKeySpecException e) {
                    // One of another kind.
                    continue;
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new BadSetting(setting, file, "a key that can be read; " + e.getMessage());
        }
        throw new BadSetting(setting, file, "a key for RSA, EC or Ed25519");
    }

    /** Refuses a key that is not that of the certificate, which else is found out by the first who connects. */
    static void checkPair(String setting, String file, PrivateKey key, PublicKey certified) {
        try {
            byte[] something = setting.getBytes(StandardCharsets.UTF_8);
            String algorithm = SIGNED_BY.getOrDefault(key.getAlgorithm(), "EdDSA");
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(something);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(something);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            // A key of another kind than the certificate's.
            throw new BadSetting(setting, file, "the key of management.tls.certificate; " + e.getMessage());
        }
        throw new BadSetting(setting, file, "the key of management.tls.certificate");
    }

    private static String text(String setting, String file) {
        try {
            return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            throw new BadSetting(setting, file, "a PEM file that can be read");
        }
    }
}
