package org.sipdispatch.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.sipdispatch.settings.SettingException;

/**
 * A certificate that this node presents.
 *
 * @param file the file that it was read from, with the setting that names the file
 * @param certificate this node's certificate, without those above it
 */
public record CertificateInUse(PemFile file, X509Certificate certificate) {
    /** When it expires. */
    public Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    /** Whether its validity has not begun. */
    boolean isEarly(Instant now) {
        return now.isBefore(begin());
    }

    boolean hasExpired(Instant now) {
        return now.isAfter(end());
    }

    /** Whether that time is within its validity. */
    public boolean isValid(Instant now) {
        return !isEarly(now) && !hasExpired(now);
    }

    /** Its host names, domains and IP addresses. */
    public List<String> names() {
        return CertificateNames.ofOwn(certificate);
    }

    /**
     * The names that count for peers (RFC 5922 section 7.1): not its hosts if it has the {@code sip} URI of a domain.
     */
    public List<String> identities() {
        return CertificateNames.of(certificate);
    }

    /** Whether peers accept it for this name, possibly by a wildcard. */
    public boolean isFor(String host) {
        return CertificateNames.match(identities(), host, true);
    }

    /** Subject, issuer, names and end, for the log. */
    public String description() {
        return description(certificate);
    }

    /** The same of any certificate. */
    static String description(X509Certificate certificate) {
        String names = String.join(", ", CertificateNames.ofOwn(certificate));
        return "subject "
                + PeerSuppliedText.printable(
                        certificate.getSubjectX500Principal().getName()) + ", issuer "
                + PeerSuppliedText.printable(
                        certificate.getIssuerX500Principal().getName()) + ", for "
                + (names.isEmpty() ? "no name" : PeerSuppliedText.printable(names)) + ", valid until "
                + certificate.getNotAfter().toInstant();
    }

    private Instant begin() {
        return certificate.getNotBefore().toInstant();
    }

    /** Why the certificate may not replace another one: it is not valid at that time. */
    SettingException refusal(Instant now) {
        return file.bad("a certificate that is valid now; this one "
                + (isEarly(now) ? "will be used from " + begin() + " on: " : "has expired: ") + description());
    }

    /** A warning about its validity, for operators; empty if it is valid for longer than {@code soon}. */
    public String warning(Instant now, Duration soon) {
        String place = file.setting() + ": " + file.path();
        if (hasExpired(now)) {
            return place + " expired at " + end() + ", peers refuse it: " + description();
        } else if (isEarly(now)) {
            return place + " is not valid before " + begin() + ", peers refuse it: " + description();
        }
        return end().isBefore(now.plus(soon)) ? place + " expires at " + end() + ": " + description() : "";
    }
}
