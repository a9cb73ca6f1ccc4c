package org.sipdispatch.catalog;

/** Which local sockets there are; a destination may ask to be reached from one of them. */
@FunctionalInterface
public interface KnownSockets {
    /** Whether that text, a name or {@code proto:address[:port]}, names a socket of ours. */
    boolean isKnown(String socket);
}
