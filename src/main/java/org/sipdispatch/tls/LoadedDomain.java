package org.sipdispatch.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import org.sipdispatch.settings.SettingException;

/** A TLS domain with what its files contained. Immutable. */
final class LoadedDomain {
    /** Forward secrecy and authenticated encryption only. */
    private static final Pattern USUAL =
            Pattern.compile("TLS_(AES|CHACHA20)_.*|TLS_ECDHE_(RSA|ECDSA)_WITH_(AES_\\d+_GCM|CHACHA20_POLY1305)_.*");
    /** The registered name is sip/2; some clients write the name of the service. */
    private static final List<String> APPLICATION = List.of("sip/2", "sip");

    /** Java's default is a day. */
    private static final Duration SESSION_TIMEOUT = Duration.ofHours(1);
    /** The most sessions that are kept for clients, and for servers; about 1.7 KB of heap each. */
    private static final int MOST_SESSIONS = 4_000;

    private final TlsDomain domain;
    private final List<KeyCertificate> own;
    private final PeerTrust trust;
    private final SSLContext context;
    private final String[] ciphers;

    private LoadedDomain(TlsDomain domain, List<KeyCertificate> own, PeerTrust trust) throws GeneralSecurityException {
        this.domain = domain;
        this.own = own;
        this.trust = trust;
        context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new OwnCertificates(own)}, new TrustManager[] {trust}, null);
        limit(context.getServerSessionContext());
        limit(context.getClientSessionContext());
        ciphers = ciphers();
    }

    private static void limit(SSLSessionContext sessions) {
        sessions.setSessionTimeout((int) SESSION_TIMEOUT.toSeconds());
        sessions.setSessionCacheSize(MOST_SESSIONS);
    }

    /**
     * Reads the files.
     *
     * @throws SettingException if one cannot be used
     */
    static LoadedDomain load(TlsDomain domain) {
        List<PemFile> keys = domain.keyFiles();
        List<KeyCertificate> own = new ArrayList<>();
        for (PemFile certificate : domain.certificateFiles()) {
            own.add(KeyCertificate.read(certificate, keys.get(own.size())));
        }
        List<X509Certificate> authorities = new ArrayList<>();
        domain.authorityFiles().forEach(file -> authorities.addAll(file.certificates()));
        try {
            return new LoadedDomain(domain, own, PeerTrust.of(domain, authorities.isEmpty() ? null : authorities));
        } catch (GeneralSecurityException e) {
            throw new SettingException(domain.path(), "files", "certificates that Java can use; " + e.getMessage());
        }
    }

    /**
     * The suites for RSA keys come last, so that {@link OwnCertificates} is asked for keys of the other types first.
     */
    private String[] ciphers() {
        List<String> supported =
                Arrays.asList(context.getSupportedSSLParameters().getCipherSuites());
        domain.ciphers().forEach(domain::checkCipher);
        return (domain.ciphers().isEmpty()
                        ? supported.stream().filter(one -> USUAL.matcher(one).matches())
                        : domain.ciphers().stream())
                .sorted(Comparator.comparing(one -> one.contains("_RSA_")))
                .toArray(String[]::new);
    }

    /** An engine for a connection that a client has opened. */
    SSLEngine server() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        parameters.setUseCipherSuitesOrder(true);
        if (domain.requireCert()) {
            parameters.setNeedClientAuth(true);
        } else if (domain.verifyCert()) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        engine.setHandshakeApplicationProtocolSelector((one, offered) ->
                APPLICATION.stream().filter(offered::contains).findFirst().orElse(""));
        return engine;
    }

    /** An engine for a connection to this server; the session of an earlier one is resumed. */
    SSLEngine client(ExpectedServer server, int port) {
        SSLEngine engine = context.createSSLEngine(expectedName(server), port);
        engine.setUseClientMode(true);
        engine.setSSLParameters(parameters(engine));
        return engine;
    }

    private String expectedName(ExpectedServer server) {
        return server.isExplicit() || domain.verifyName().isEmpty() ? server.name() : domain.verifyName();
    }

    /** Whether a server with this chain would be accepted. */
    boolean accepts(X509Certificate[] chain, ExpectedServer server) {
        try {
            trust.checkServer(chain, expectedName(server));
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    /**
     * Checks that the certificates of a peer have not expired, which is possible if it resumes a session.
     *
     * @throws SSLException if they have
     */
    void checkPeer(SSLSession session) throws SSLException {
        try {
            PresentedChain.check(session, trust::checkAgain);
        } catch (CertificateException e) {
            throw (SSLException) new SSLHandshakeException("a certificate in a resumed session").initCause(e);
        }
    }

    /** The defaults of the context would cost a socket each time. */
    private SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(domain.protocols().toArray(String[]::new));
        parameters.setCipherSuites(ciphers);
        return parameters;
    }

    /** The settings that make the domain insecure. */
    List<String> warnings() {
        List<String> lines = new ArrayList<>();
        if (!domain.server() && !domain.verifyCert()) {
            lines.add(domain.path() + ".verify_cert: off: connections of this domain may lead to anyone");
        }
        if (domain.wildcards()) {
            lines.add(domain.path() + ".wildcards: on: RFC 5922 forbids them in certificates for SIP");
        }
        return lines;
    }

    /** The certificates that this node presents, in the order of the settings. */
    List<CertificateInUse> presented() {
        return own.stream().map(KeyCertificate::inUse).toList();
    }

    /** The certificates, for the log. */
    String description() {
        List<String> all =
                presented().stream().map(CertificateInUse::description).toList();
        return domain.path() + ": " + (all.isEmpty() ? "no certificate" : String.join("; ", all));
    }
}
