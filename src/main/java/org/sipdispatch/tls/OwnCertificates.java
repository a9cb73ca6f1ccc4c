package org.sipdispatch.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Selects the certificate to present: among those with a key of the type that the peer accepts, the first one with the
 * name that a client asks for (SNI, RFC 6066), else the first one. The names of authorities that a server asks for are
 * ignored, as other SIP servers do: otherwise no certificate would be presented where the list is incomplete.
 */
final class OwnCertificates extends X509ExtendedKeyManager {
    private record Own(String type, List<String> names, KeyCertificate certificate) {}

    private final List<Own> all = new ArrayList<>();

    OwnCertificates(List<KeyCertificate> certificates) {
        for (KeyCertificate one : certificates) {
            X509Certificate first = one.chain().get(0);
            all.add(new Own(first.getPublicKey().getAlgorithm(), CertificateNames.of(first), one));
        }
    }

    @Override
    public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
        SSLSession session = engine.getHandshakeSession();
        List<SNIServerName> wanted =
                session instanceof ExtendedSSLSession extended ? extended.getRequestedServerNames() : List.of();
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
        return first < 0 || isForOther(type, wanted) ? null : String.valueOf(first);
    }

    /** Whether a certificate with a key of another type has the name; it is asked for next. */
    private boolean isForOther(String type, List<SNIServerName> wanted) {
        return all.stream()
                .anyMatch(one -> !one.type.equals(type) && wanted.stream().anyMatch(name -> isFor(one, name)));
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
