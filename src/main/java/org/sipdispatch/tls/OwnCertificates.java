package org.sipdispatch.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Selects the certificate to present: among those with a key of a type that the peer accepts, the first one with the
 * name that a client asks for (SNI, RFC 6066), otherwise the first one. Java asks for one type after the other: in TLS
 * 1.3 in the order of the client, in TLS 1.2 in the order of our cipher suites, with RSA last. Only a client of TLS 1.2
 * that accepts no suite for RSA but asks for the name of an RSA certificate is presented none. The names of authorities
 * that a server asks for are ignored, as other SIP servers do: otherwise no certificate would be presented where the
 * list is incomplete.
 */
final class OwnCertificates extends X509ExtendedKeyManager {
    private static final String RSA = "RSA";

    /** {@code signatures}: whether the key makes signatures of that name. */
    private record Own(String type, List<String> names, KeyCertificate certificate, Predicate<String> signatures) {}

    private final List<Own> all = new ArrayList<>();

    OwnCertificates(List<KeyCertificate> certificates) {
        for (KeyCertificate one : certificates) {
            X509Certificate first = one.chain().get(0);
            PublicKey key = first.getPublicKey();
            all.add(new Own(key.getAlgorithm(), CertificateNames.ofOwn(first), one, signatures(key)));
        }
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
        ExtendedSSLSession session = (ExtendedSSLSession) engine.getHandshakeSession();
        List<SNIServerName> wanted = session.getRequestedServerNames();
        int first = -1;
        for (int i = 0; i < all.size(); i++) {
            Own one = all.get(i);
            if (!one.type.equals(type)) {
                continue;
            }
            if (wanted.stream().anyMatch(name -> isFor(one, name))) {
                return String.valueOf(i);
            }
            first = first < 0 ? i : first;
        }
        return first < 0 || isForNext(type, wanted, session) ? null : String.valueOf(first);
    }

    /** Whether a certificate with a key of another type has the name, and Java asks for that type too. */
    private boolean isForNext(String type, List<SNIServerName> wanted, ExtendedSSLSession session) {
        boolean isLast = type.equals(RSA) && !session.getProtocol().equals("TLSv1.3");
        List<String> accepted = List.of(session.getPeerSupportedSignatureAlgorithms());
        return !isLast
                && all.stream()
                        .anyMatch(one -> !one.type.equals(type)
                                && accepted.stream().anyMatch(one.signatures)
                                && wanted.stream().anyMatch(name -> isFor(one, name)));
    }

    /** Whether a key makes signatures of this name. TLS 1.3 has one for each curve (RFC 8446 section 4.2.3). */
    private static Predicate<String> signatures(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            int bits = ec.getParams().getCurve().getField().getFieldSize();
            return ("SHA" + Math.min(bits, 512) + "withECDSA")::equalsIgnoreCase;
        } else if (key instanceof EdECPublicKey ed) {
            return ed.getParams().getName()::equalsIgnoreCase;
        }
        return name -> name.contains(RSA);
    }

    private static boolean isFor(Own one, SNIServerName wanted) {
        return wanted instanceof SNIHostName host && CertificateNames.match(one.names, host.getAsciiName(), true);
    }

    @Override
    public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
        for (String type : types) {
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).type.equals(type)) {
                    return String.valueOf(i);
                }
            }
        }
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return all.get(Integer.parseInt(alias)).certificate.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return all.get(Integer.parseInt(alias)).certificate.key();
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return aliases(type);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return aliases(type);
    }

    private String[] aliases(String type) {
        List<String> found = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).type.equals(type)) {
                found.add(String.valueOf(i));
            }
        }
        return found.isEmpty() ? null : found.toArray(String[]::new);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return chooseEngineClientAlias(types, issuers, null);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        String[] found = aliases(type);
        return found == null ? null : found[0];
    }
}
