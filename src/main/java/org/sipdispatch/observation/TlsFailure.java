package org.sipdispatch.observation;

import java.util.Locale;

/** The reasons why a TLS connection could not be used. */
public enum TlsFailure {
    /** The peer's certificate is for another name. */
    WRONG_NAME,
    /** The peer's certificate, or one of its issuers, has expired or is not valid yet. */
    EXPIRED,
    /** The peer's certificate was signed by an authority that is not trusted. */
    UNKNOWN_CA,
    /** The peer's certificate cannot be used for another reason, such as its extended key usage. */
    BAD_CERTIFICATE,
    /** A client has no certificate, and one is required. */
    NO_CLIENT_CERTIFICATE,
    /** The peers have no version or cipher suite in common. */
    PROTOCOL_MISMATCH,
    /** The peer sent something other than TLS. */
    NOT_TLS,
    /** The peer refused this node, for example its certificate; the log has the alert. */
    REFUSED_BY_PEER,
    /** The handshake took too long. */
    HANDSHAKE_TIMEOUT,
    /** The peer closed the connection during the handshake. */
    CLOSED,
    /** The peer wanted to renegotiate. */
    RENEGOTIATION,
    /** Any other reason; the log has the text. */
    OTHER;

    /** The label in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
