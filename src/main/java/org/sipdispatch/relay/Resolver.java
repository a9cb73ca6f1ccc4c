package org.sipdispatch.relay;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.sip.SipUri;

/** The door to names and their addresses (RFC 3263). */
public interface Resolver {
    /**
     * Finds the addresses of a URI whose host is a name.
     *
     * @param draw what chance follows from: numbers in a row use all addresses in turn, and the same number draws the same
     *     order as long as the name has the same records
     * @param then is given the addresses, best first, empty if there are none; on the lane's thread, now or later
     */
    void resolve(SipUri uri, long draw, Consumer<List<InetSocketAddress>> then);
}
