package org.sipdispatch.tls;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A client, as its certificate identifies it.
 *
 * @param names its names; none if it has not presented one
 * @param isServer whether outgoing connections of the default domain would accept the certificate too; checks it again,
 *     which takes about as long as in a handshake
 */
public record CertifiedClient(List<String> names, BooleanSupplier isServer) {
    public CertifiedClient {
        names = List.copyOf(names);
    }
}
