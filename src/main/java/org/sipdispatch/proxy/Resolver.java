package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.sip.SipUri;

/** Looks names up in DNS (RFC 3263). */
public interface Resolver {
    /** No addresses, since nobody who knows could be asked; told apart from an empty list by its identity. */
    List<InetSocketAddress> NO_ANSWER = Collections.unmodifiableList(new ArrayList<>(0));

    /**
     * Finds the addresses of a URI whose host is a name.
     *
     * @param draw what chance follows from: numbers in a row use all addresses in turn, and the same number draws the same
     *     order as long as the name has the same records
     * @param then is given the addresses, best first; empty if DNS says that there are none, {@link #NO_ANSWER}
     *     if it says nothing; on the lane's thread, now or later
     */
    void resolve(SipUri uri, long draw, Consumer<List<InetSocketAddress>> then);
}
