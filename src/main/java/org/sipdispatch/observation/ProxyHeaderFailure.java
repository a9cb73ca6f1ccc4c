package org.sipdispatch.observation;

import java.util.Locale;

/** The reasons why a connection was closed because of its PROXY protocol header. */
public enum ProxyHeaderFailure {
    /** The header does not conform to the specification, or is missing. */
    MALFORMED,
    /** The checksum (CRC32C) of the header is wrong. */
    CHECKSUM,
    /** The header is longer than the limit. */
    TOO_LARGE,
    /** The header took too long. */
    TIMEOUT,
    /** The proxy closed the connection within the header. */
    CLOSED,
    /** A header came from an address that is no proxy of the socket. */
    UNLISTED,
    /** A header came to a socket that expects none. */
    UNEXPECTED;

    /** The label in metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
