package org.sipdispatch.catalog;

import java.util.Set;
import org.sipdispatch.sets.Attrs;
import org.sipdispatch.sets.Destination;

/** Finds destinations with a {@code tls_domain} that does not exist. No message over TLS can be sent to them. */
public final class UnknownTlsDomain {
    private UnknownTlsDomain() {}

    /** The problem of a destination in one line; null if there is none. {@code known}: the names of the domains. */
    public static String problem(Destination destination, Set<String> known) {
        String domain = Attrs.value(destination.attrs(), "tls_domain");
        return domain == null || known.contains(domain)
                ? null
                : "attrs of " + destination.uri() + " in set " + destination.set() + ": tls_domain=" + domain
                        + " (expected: a block of tls.client_domains)";
    }
}
