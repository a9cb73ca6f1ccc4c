package org.sipdispatch.transport;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.tls.PeerSuppliedText;
import org.sipdispatch.tls.RefusedCertificateException;
import org.sipdispatch.tls.WrongNameException;

/** Determines why a TLS engine failed. For some reasons Java has only the text of the exception. */
final class TlsFailures {
    private record TextOf(String text, TlsFailure why) {}

    private static final List<TextOf> TEXTS = List.of(
            new TextOf("Received fatal alert", TlsFailure.REFUSED_BY_PEER),
            new TextOf("Empty client certificate chain", TlsFailure.NO_CLIENT_CERTIFICATE),
            new TextOf("nrecognized SSL message", TlsFailure.NOT_TLS),
            new TextOf("plaintext connection", TlsFailure.NOT_TLS),
            new TextOf("Unknown record type", TlsFailure.NOT_TLS),
            new TextOf("cipher suites in common", TlsFailure.PROTOCOL_MISMATCH),
            new TextOf("protocol", TlsFailure.PROTOCOL_MISMATCH),
            new TextOf("Protocol", TlsFailure.PROTOCOL_MISMATCH));

    /** The most characters of a text: subject, issuer and names of a certificate, and what was expected. */
    private static final int MOST_TEXT = 900;

    private TlsFailures() {}

    static TlsFailure why(SSLException failure) {
        if (failure instanceof TlsStage.RenegotiationException) {
            return TlsFailure.RENEGOTIATION;
        }
        boolean certificate = false;
        for (Throwable one = failure; one != null; one = one.getCause()) {
            TlsFailure why = ofCertificate(one);
            if (why != null) {
                return why;
            }
            certificate |= one instanceof CertificateException;
        }
        return certificate ? TlsFailure.BAD_CERTIFICATE : ofText(String.valueOf(failure.getMessage()));
    }

    private static TlsFailure ofCertificate(Throwable one) {
        if (one instanceof WrongNameException) {
            return TlsFailure.WRONG_NAME;
        }
        boolean expired = one instanceof CertificateExpiredException
                || one instanceof CertificateNotYetValidException
                || one instanceof CertPathValidatorException path
                        && (path.getReason() == BasicReason.EXPIRED || path.getReason() == BasicReason.NOT_YET_VALID);
        if (expired) {
            return TlsFailure.EXPIRED;
        }
        return one instanceof CertPathBuilderException ? TlsFailure.UNKNOWN_CA : null;
    }

    private static TlsFailure ofText(String text) {
        return TEXTS.stream()
                .filter(one -> text.contains(one.text))
                .map(TextOf::why)
                .findFirst()
                .orElse(TlsFailure.OTHER);
    }

    /** The most precise text of the failure, for the log. It may contain text that the peer has chosen. */
    static String text(SSLException failure) {
        Throwable last = failure;
        while (last.getCause() != null && !(last instanceof RefusedCertificateException)) {
            last = last.getCause();
        }
        return PeerSuppliedText.printable(String.valueOf(last.getMessage()), MOST_TEXT);
    }
}
