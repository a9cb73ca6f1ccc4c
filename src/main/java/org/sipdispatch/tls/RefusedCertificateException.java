package org.sipdispatch.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;

/** A peer's certificate is refused. The message says why, what is expected, and which certificate it is. */
public final class RefusedCertificateException extends CertificateException {
    private static final long serialVersionUID = 1;

    /** The usage of a client's certificate, and any usage (RFC 5280 section 4.2.1.12). */
    private static final List<String> CLIENT_USAGES = List.of("1.3.6.1.5.5.7.3.2", "2.5.29.37.0");

    private RefusedCertificateException(String message, CertificateException why) {
        super(message, why);
    }

    /** {@code domain}: the domain that refuses the certificate. */
    static RefusedCertificateException of(CertificateException why, X509Certificate certificate, TlsDomain domain) {
        return new RefusedCertificateException(
                PeerCertificateCheck.reason(why) + expected(why, certificate, domain) + ": "
                        + CertificateInUse.description(certificate),
                why);
    }

    private static String expected(CertificateException why, X509Certificate certificate, TlsDomain domain) {
        if (isWithoutAuthority(why)) {
            return " (expected: an authority " + (domain.caList().isEmpty() ? "of Java, or of " : "of ") + domain.path()
                    + ".ca_list)";
        }
        return domain.requireClientUsage() && !isForClients(certificate)
                ? " (expected: the usage clientAuth, or " + domain.path() + ".require_client_usage = off)"
                : "";
    }

    private static boolean isWithoutAuthority(Throwable why) {
        for (Throwable one = why; one != null; one = one.getCause()) {
            if (one instanceof CertPathBuilderException) {
                return one.getCause() == null;
            }
        }
        return false;
    }

    private static boolean isForClients(X509Certificate certificate) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            return usages == null || usages.stream().anyMatch(CLIENT_USAGES::contains);
        } catch (CertificateParsingException e) {
            return true;
        }
    }
}
