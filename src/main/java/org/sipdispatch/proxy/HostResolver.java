package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.sets.IpVersionPreference;
import org.sipdispatch.sets.TargetAddresses;
import org.sipdispatch.sip.SipUri;

/** Resolves host names (RFC 3263). */
public interface HostResolver {
    /** An empty result because no DNS server responded. Compare by identity to distinguish it from an empty list. */
    List<InetSocketAddress> NO_ANSWER = Collections.unmodifiableList(new ArrayList<>(0));

    /**
     * Resolves a URI whose host is a name.
     *
     * @param draw determines the order of the addresses: consecutive numbers rotate through all addresses, and the same
     *     number yields the same order as long as the name's records do not change
     * @param versions which addresses are used; null for those of {@code transport.ip-versions}
     * @param then receives the addresses, best first; empty if DNS has none, {@link #NO_ANSWER} if DNS did not respond.
     *     Called on the lane's thread, now or later
     */
    void resolve(SipUri uri, long draw, IpVersionPreference versions, Consumer<List<InetSocketAddress>> then);

    /** The addresses of known targets, best first; the arguments are those of {@link #resolve}. */
    default List<InetSocketAddress> order(TargetAddresses targets, long draw, IpVersionPreference versions) {
        return targets.order(draw, versions == null ? IpVersionPreference.ANY : versions);
    }
}
