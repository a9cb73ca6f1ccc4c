package org.sipdispatch.manage;

import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.sipdispatch.operations.OperationCaller;
import org.sipdispatch.operations.Role;
import org.sipdispatch.tls.CertificateNames;

/** Authenticates a request by a token or a client certificate. Without authentication every client is an operator. */
final class Authenticator {
    private record StoredToken(BearerToken token, byte[] digest) {}

    private final boolean requiresAuthentication;
    private final List<StoredToken> tokens;
    private final TlsSettings tls;

    Authenticator(ManageSettings settings) {
        requiresAuthentication = settings.requiresAuthentication();
        tls = settings.tls();
        tokens = settings.tokens().stream()
                .map(token -> new StoredToken(token, digest(token.secret())))
                .toList();
    }

    /** The caller; empty if credentials are required and missing or wrong. */
    Optional<OperationCaller> authenticate(HttpRequest request) {
        String address = address(request);
        if (!requiresAuthentication) {
            return Optional.of(new OperationCaller("operator", address, Role.WRITE, false));
        }
        Optional<String> authorization = request.getHeader("Authorization").map(HttpHeader::value);
        return authorization.isPresent()
                ? byToken(authorization.get(), address)
                : commonName(request).map(name -> byName(name, address));
    }

    /** The client's address; empty if it is not known. */
    static String address(HttpRequest request) {
        return request.getAttribute(AttributeKeys.remoteAddress)
                .flatMap(remote -> remote.getAddress())
                .map(InetAddress::getHostAddress)
                .orElse("");
    }

    private Optional<OperationCaller> byToken(String authorization, String address) {
        String[] parts = authorization.strip().split("\\s+", 2);
        if (parts.length == 2 && parts[0].equalsIgnoreCase("Bearer")) {
            return byToken(null, parts[1], address);
        } else if (parts.length == 2 && parts[0].equalsIgnoreCase("Basic")) {
            return byBasic(parts[1], address);
        }
        return Optional.empty();
    }

    private Optional<OperationCaller> byBasic(String base64, String address) {
        try {
            String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : byToken(pair.substring(0, colon), pair.substring(colon + 1), address);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Compares complete digests with all tokens, so that the time does not depend on the secret. */
    private Optional<OperationCaller> byToken(String name, String secret, String address) {
        byte[] given = digest(secret);
        BearerToken found = null;
        for (StoredToken known : tokens) {
            boolean same = MessageDigest.isEqual(known.digest, given);
            if (same && (name == null || name.equals(known.token.name()))) {
                found = known.token;
            }
        }
        return Optional.ofNullable(found).map(token -> new OperationCaller(token.name(), address, token.role(), true));
    }

    private OperationCaller byName(String name, String address) {
        return new OperationCaller(name, address, tls.writers().contains(name) ? Role.WRITE : Role.READ, true);
    }

    /** The common name of the client certificate. Certificates of unknown authorities fail in the TLS handshake. */
    private Optional<String> commonName(HttpRequest request) {
        if (!tls.asksClients()) {
            return Optional.empty();
        }
        return request.getAttribute(AttributeKeys.sslSession).flatMap(info -> commonName(info.getSession()));
    }

    /** A certificate that has expired since the handshake, or since the resumed session began, no longer counts. */
    private static Optional<String> commonName(SSLSession session) {
        try {
            X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
            certificate.checkValidity();
            return CertificateNames.commonName(certificate);
        } catch (SSLPeerUnverifiedException | CertificateException e) {
            // No valid certificate: not authenticated.
            return Optional.empty();
        }
    }

    private static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
