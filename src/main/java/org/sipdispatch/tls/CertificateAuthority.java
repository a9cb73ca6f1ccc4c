package org.sipdispatch.tls;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.sipdispatch.settings.SettingException;

/** Signs certificates for nodes (RFC 5280). Keys are EC keys on the curve P-256. */
public final class CertificateAuthority {
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final String SUBJECT_KEY = "2.5.29.14";
    private static final String AUTHORITY_KEY = "2.5.29.35";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

    private static final byte CERT_AND_CRL_SIGN = 0x06;
    private static final byte DIGITAL_SIGNATURE = (byte) 0x80;
    /** The index of the usage, as Java reads them (RFC 5280 section 4.2.1.3). */
    private static final int KEY_CERT_SIGN = 5;

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int SERIAL_BITS = 127;
    /** The clock of another host may be behind. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * A certificate with its key.
     *
     * @param certificate the certificate in PEM
     * @param key its private key in PEM, PKCS#8
     */
    public record Issued(String certificate, String key) {
        @Override
        public String toString() {
            return "a certificate with its key";
        }
    }

    /** How an authority signs: the name for Java, and the AlgorithmIdentifier (RFC 5758, RFC 4055, RFC 8410). */
    private enum Algorithm {
        RSA("SHA256withRSA", Der.oid("1.2.840.113549.1.1.11"), Der.nothing()),
        EC("SHA256withECDSA", Der.oid("1.2.840.10045.4.3.2")),
        ED25519("Ed25519", Der.oid("1.3.101.112")),
        ED448("Ed448", Der.oid("1.3.101.113"));

        private final String name;
        private final byte[] encoded;

        Algorithm(String name, byte[]... parts) {
            this.name = name;
            this.encoded = Der.sequence(parts);
        }

        private static Algorithm of(PrivateKey key) {
            if (key instanceof EdECPrivateKey ed) {
                return ed.getParams().getName().equals(ED25519.name) ? ED25519 : ED448;
            }
            return valueOf(key.getAlgorithm());
        }
    }

    private final X500Principal name;
    private final byte[] keyId;
    private final PrivateKey key;

    private CertificateAuthority(X500Principal name, byte[] keyId, PrivateKey key) {
        this.name = name;
        this.keyId = keyId;
        this.key = key;
    }

    /**
     * The authority with this certificate and key.
     *
     * @throws SettingException if the certificate is not that of an authority
     */
    public static CertificateAuthority of(KeyCertificate own) {
        X509Certificate certificate = own.chain().get(0);
        boolean[] usage = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() < 0 || usage != null && !usage[KEY_CERT_SIGN]) {
            throw own.file()
                    .bad("the certificate of an authority: basicConstraints with CA:TRUE, and the key usage"
                            + " keyCertSign if it has key usages");
        }
        // The extension is an octet string whose content is one too.
        byte[] encoded = certificate.getExtensionValue(SUBJECT_KEY);
        byte[] keyId = encoded == null ? keyId(certificate.getPublicKey()) : Der.content(Der.content(encoded));
        return new CertificateAuthority(certificate.getSubjectX500Principal(), keyId, own.key());
    }

    /** Creates a new authority with that common name, which signs its own certificate. */
    public static Issued create(String commonName, Instant now, Duration validity) {
        KeyPair keys = newKeys();
        X500Principal name = principal(commonName);
        byte[] keyId = keyId(keys.getPublic());
        byte[] extensions = Der.sequence(
                critical(BASIC_CONSTRAINTS, Der.sequence(Der.flag(true), Der.integer(BigInteger.ZERO))),
                critical(KEY_USAGE, Der.bits(1, CERT_AND_CRL_SIGN)),
                extension(SUBJECT_KEY, Der.octets(keyId)));
        return new CertificateAuthority(name, keyId, keys.getPrivate()).sign(name, keys, extensions, now, validity);
    }

    /**
     * Signs a certificate for a node, as server and as client, with a new key.
     *
     * @param hosts the host names and addresses of the node; the first one is the common name
     */
    public Issued issue(List<CertifiedHost> hosts, Instant now, Duration validity) {
        KeyPair keys = newKeys();
        byte[][] names = hosts.stream()
                .map(host -> host.isAddress()
                        ? Der.implicit(IP_ADDRESS, host.address())
                        : Der.implicit(DNS_NAME, host.ascii()))
                .toArray(byte[][]::new);
        byte[] extensions = Der.sequence(
                critical(BASIC_CONSTRAINTS, Der.sequence()),
                critical(KEY_USAGE, Der.bits(7, DIGITAL_SIGNATURE)),
                extension(EXTENDED_KEY_USAGE, Der.sequence(Der.oid(SERVER_AUTH), Der.oid(CLIENT_AUTH))),
                extension(ALTERNATIVE_NAMES, Der.sequence(names)),
                extension(SUBJECT_KEY, Der.octets(keyId(keys.getPublic()))),
                extension(AUTHORITY_KEY, Der.sequence(Der.implicit(0, keyId))));
        return sign(principal(hosts.get(0).text()), keys, extensions, now, validity);
    }

    private Issued sign(X500Principal subject, KeyPair keys, byte[] extensions, Instant now, Duration validity) {
        Algorithm algorithm = Algorithm.of(key);
        byte[] content = Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                Der.integer(new BigInteger(SERIAL_BITS, RANDOM).max(BigInteger.ONE)),
                algorithm.encoded,
                name.getEncoded(),
                Der.sequence(Der.time(now.minus(CLOCK_SKEW)), Der.time(now.plus(validity))),
                subject.getEncoded(),
                keys.getPublic().getEncoded(),
                Der.explicit(3, extensions));
        byte[] signed = Der.sequence(content, algorithm.encoded, Der.bits(0, signature(algorithm, content)));
        return new Issued(
                pem("CERTIFICATE", checked(signed)),
                pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    }

    private byte[] signature(Algorithm algorithm, byte[] content) {
        try {
            Signature signature = Signature.getInstance(algorithm.name);
            signature.initSign(key, RANDOM);
            signature.update(content);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] checked(byte[] certificate) {
        try {
            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
            return certificate;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static X500Principal principal(String commonName) {
        return new X500Principal("CN=\"" + commonName + "\"");
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] keyId(PublicKey key) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(key.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] critical(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.flag(true), Der.octets(value));
    }

    private static byte[] extension(String oid, byte[] value) {
        return Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + label + "-----\n";
    }
}
