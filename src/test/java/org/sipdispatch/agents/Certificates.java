package org.sipdispatch.agents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

/** Authorities and what they signed, made by openssl: {@code NAME.pem} and {@code NAME.key} in a folder. */
public final class Certificates {
    private static final char[] PASSWORD = "test".toCharArray();

    private final Path directory;

    public Certificates(Path directory) {
        this.directory = directory;
    }

    /** Whether there is an openssl to make any. */
    public static boolean canBeMade() {
        try {
            return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Makes an authority of that name. */
    public void authority(String name) {
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout " + name + ".key -out " + name + ".pem -days 2 -subj /CN="
                + name);
    }

    /**
     * Makes one.
     *
     * @param kind {@code rsa:2048} or {@code ec}
     * @param name the common name in it
     */
    public void signed(String file, String kind, String name, String authority) {
        String key = kind.equals("ec") ? "ec -pkeyopt ec_paramgen_curve:P-256" : kind;
        openssl("req -newkey " + key + " -nodes -keyout " + file + ".key -out " + file + ".csr -subj /O=test/CN=" + name
                + " -addext subjectAltName=DNS:" + name);
        openssl("x509 -req -in " + file + ".csr -CA " + authority + ".pem -CAkey " + authority
                + ".key -CAcreateserial -days 2 -copy_extensions copy -out " + file + ".pem");
    }

    /**
     * Makes one of an elliptic curve.
     *
     * @param names the alternative names as openssl writes them, {@code DNS:a.example.com}
     * @param extensions more extensions, {@code extendedKeyUsage=serverAuth}; empty for none
     * @param dates {@code -days 2}, or {@code -not_before} and {@code -not_after}
     */
    public void signed(String file, String names, String authority, String extensions, String dates) {
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + file + ".key -out " + file
                + ".csr -subj /O=test/CN=" + file + " -addext subjectAltName=" + names
                + (extensions.isEmpty() ? "" : " -addext " + extensions));
        openssl("x509 -req -in " + file + ".csr -CA " + authority + ".pem -CAkey " + authority + ".key -CAcreateserial "
                + dates + " -copy_extensions copy -out " + file + ".pem");
    }

    /** Runs it in the folder. */
    public void openssl(String arguments) {
        try {
            Process process = new ProcessBuilder(Stream.concat(Stream.of("openssl"), Stream.of(arguments.split(" ")))
                            .toList())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException("openssl " + arguments + ": " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The path of a file in the folder. */
    public String file(String name) {
        return directory.resolve(name).toString();
    }

    /** A client that trusts that authority, and shows that certificate whether it is asked for or not; empty for none. */
    public SSLContext client(String authority, String name) {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("ca", certificate(authority));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    name.isEmpty() ? new KeyManager[0] : new KeyManager[] {new Shown(certificate(name), key(name))},
                    trust.getTrustManagers(),
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Certificate certificate(String name) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private PrivateKey key(String name) throws GeneralSecurityException, IOException {
        openssl("pkcs12 -export -in " + name + ".pem -inkey " + name + ".key -name own -passout pass:test -out " + name
                + ".p12");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
            store.load(in, PASSWORD);
        }
        return (PrivateKey) store.getKey("own", PASSWORD);
    }

    /** Java's own shows nothing that the server did not name the authority of. */
    private static final class Shown extends X509ExtendedKeyManager {
        private final X509Certificate certificate;
        private final PrivateKey key;

        Shown(X509Certificate certificate, PrivateKey key) {
            this.certificate = certificate;
            this.key = key;
        }

        @Override
        public String[] getClientAliases(String type, Principal[] issuers) {
            return new String[] {"own"};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
            return List.of(types).contains(key.getAlgorithm()) ? "own" : null;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
            return chooseClientAlias(types, issuers, null);
        }

        @Override
        public String[] getServerAliases(String type, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return key;
        }
    }
}
