package org.sipdispatch.proxy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.sipdispatch.sip.IpLiteral;
import org.sipdispatch.sip.ResponseWriter;
import org.sipdispatch.transaction.Flow;

/** Caches source addresses as text, for the received parameter of Via. Most messages come from few hosts. */
final class ReceivedParameterCache {
    private static final int MOST_KEPT = 4096;

    /** {@code v6}: the bytes of an IPv6 address; null for IPv4. */
    private record SourceText(String text, byte[] v6) {}

    private final Map<InetAddress, SourceText> entries = new HashMap<>();

    ResponseWriter.RequestSource of(Flow flow) {
        InetAddress address = flow.source().getAddress();
        SourceText one = entries.get(address);
        if (one == null) {
            if (entries.size() >= MOST_KEPT) {
                entries.clear();
            }
            byte[] v6 = address instanceof Inet6Address ? address.getAddress() : null;
            one = new SourceText(v6 == null ? address.getHostAddress() : IpLiteral.text(v6), v6);
            entries.put(address, one);
        }
        return new ResponseWriter.RequestSource(one.text, one.v6, flow.source().getPort());
    }
}
