package org.sipdispatch.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipdispatch.settings.SettingException;

/**
 * A PEM file of certificates or keys (RFC 7468).
 *
 * @param setting the setting or option that names the file, for messages
 * @param path the path of the file
 */
public record PemFile(String setting, String path) {
    /** A key with a password of the old form has header fields before the base64. */
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

    private static final Pattern BOUNDARY = Pattern.compile("-----(BEGIN|END)");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/=\\s]*");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    /**
     * All certificates of the file in order; at least one.
     *
     * @throws SettingException if there is none or one cannot be read
     */
    public List<X509Certificate> certificates() {
        List<X509Certificate> all = new ArrayList<>();
        for (byte[] encoded : blocks("CERTIFICATE")) {
            try {
                all.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded)));
            } catch (GeneralSecurityException e) {
                throw bad("certificates that can be read; " + e.getMessage());
            }
        }
        if (all.isEmpty()) {
            throw bad("a PEM file with BEGIN CERTIFICATE");
        }
        return all;
    }

    /** The first private key: PKCS#8 without a password, RSA, EC or Ed25519. */
    PrivateKey privateKey() {
        List<byte[]> keys = blocks("PRIVATE KEY");
        if (keys.isEmpty()) {
            throw bad("a PEM file with BEGIN PRIVATE KEY, as openssl pkcs8 -topk8 -nocrypt writes it");
        }
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(keys.get(0)));
            } catch (InvalidKeySpecException e) {
                // The key has another algorithm.
                continue;
            } catch (GeneralSecurityException e) {
                throw bad("a key that can be read; " + e.getMessage());
            }
        }
        throw bad("a key for RSA, EC or Ed25519");
    }

    private List<byte[]> blocks(String label) {
        List<byte[]> blocks = new ArrayList<>();
        String text = text();
        Matcher block = BLOCK.matcher(text);
        int complete = 0;
        while (block.find()) {
            complete++;
            if (block.group(1).equals(label)) {
                blocks.add(decoded(block.group(2)));
            }
        }
        if (BOUNDARY.matcher(text).results().count() != 2 * complete) {
            throw bad("complete PEM blocks, each with BEGIN and END");
        }
        return blocks;
    }

    private byte[] decoded(String base64) {
        // The decoder skips characters that are not base64.
        if (!BASE64.matcher(base64).matches()) {
            throw bad("complete PEM blocks, of base64 only");
        }
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw bad("base64 that can be read; " + e.getMessage());
        }
    }

    private String text() {
        try {
            return Files.readString(Path.of(path), StandardCharsets.ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            throw bad("a PEM file that can be read");
        }
    }

    SettingException bad(String expected) {
        return new SettingException(setting, path, SettingException.isPem(path) ? "the path of a PEM file" : expected);
    }
}
