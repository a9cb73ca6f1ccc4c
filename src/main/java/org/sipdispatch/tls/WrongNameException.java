package org.sipdispatch.tls;

import java.security.cert.CertificateException;
import java.util.List;

/** A certificate is valid, but for another name. */
public final class WrongNameException extends CertificateException {
    private static final long serialVersionUID = 1;

    WrongNameException(List<String> names, String expected) {
        super("the certificate is for "
                + (names.isEmpty() ? "no name" : PeerSuppliedText.printable(String.join(", ", names)))
                + " (expected: " + expected + ")");
    }
}
