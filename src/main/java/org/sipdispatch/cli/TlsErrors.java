package org.sipdispatch.cli;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;

/** Explains why a TLS connection failed, so that the operator knows what to do. */
final class TlsErrors {
    private TlsErrors() {}

    /** Returns null for another failure. */
    static CommandException of(NodeAddress place, Throwable failure) {
        if (cause(failure, SSLException.class) == null) {
            return null;
        }
        return new CommandException(CommandException.UNREACHABLE, place.base() + ": " + why(failure));
    }

    private static String why(Throwable failure) {
        String said = String.valueOf(cause(failure, SSLException.class).getMessage());
        if (cause(failure, CertPathBuilderException.class) != null) {
            return "its certificate is from an authority that is not trusted here (expected: one that --ca names)";
        } else if (cause(failure, CertPathValidatorException.class) != null) {
            return "its certificate is not valid: "
                    + cause(failure, CertPathValidatorException.class).getMessage() + " (expected: one that does)";
        } else if (cause(failure, CertificateException.class) != null) {
            return "its certificate is for another name: "
                    + cause(failure, CertificateException.class).getMessage()
                    + " (expected: --node with a name in the certificate)";
        } else if (said.contains("fatal alert")) {
            return "it refused our certificate: " + said
                    + " (expected: --cert and --key of an authority that it trusts)";
        } else if (said.contains("Unsupported or unrecognized SSL message")) {
            return "no TLS there (expected: --node with http in place of https)";
        }
        return said + " (expected: a node that speaks TLS)";
    }

    private static <T extends Throwable> T cause(Throwable failure, Class<T> kind) {
        T found = null;
        for (Throwable one = failure; one != null; one = one.getCause()) {
            found = kind.isInstance(one) ? kind.cast(one) : found;
        }
        return found;
    }
}
