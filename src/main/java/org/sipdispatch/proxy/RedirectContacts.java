package org.sipdispatch.proxy;

import java.util.List;
import java.util.Locale;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipUri;

/** Writes the Contacts of a 302: the candidates, or other URIs, in order, with q-values (RFC 3261 section 20.10). */
final class RedirectContacts {
    /** The response in redirect mode. */
    static final LocalReply MOVED = new LocalReply(302, "Moved Temporarily");

    private RedirectContacts() {}

    /** {@code equal}: whether all q-values are 1, so that the caller tries all at once; otherwise they decrease from 1. */
    static String of(SipUri requestUri, List<Destination> candidates, boolean equal) {
        List<String> uris =
                candidates.stream().map(one -> one.trafficUri().toString()).toList();
        return ofUris(requestUri, uris, equal ? 0 : Math.min(0.1, 0.99 / uris.size()));
    }

    /** {@code uris}: without a user part; the q-values decrease from 1. */
    static String ofUris(SipUri requestUri, List<String> uris) {
        return ofUris(requestUri, uris, Math.min(0.1, 0.99 / uris.size()));
    }

    private static String ofUris(SipUri requestUri, List<String> uris, double step) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < uris.size(); i++) {
            lines.append(String.format(
                    Locale.ROOT, "Contact: <%s>;q=%.3f%n", contact(requestUri, uris.get(i)), 1 - i * step));
        }
        return lines.toString().replace(System.lineSeparator(), "\r\n");
    }

    /** The URI with the user part of the Request-URI. */
    private static String contact(SipUri requestUri, String whole) {
        int host = whole.indexOf(':') + 1;
        String user = requestUri.user();
        return user.isEmpty() ? whole : whole.substring(0, host) + user + "@" + whole.substring(host);
    }
}
