package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.sipdispatch.sets.Attrs;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.TlsPeer;
import org.sipdispatch.transaction.TlsPeer.Scope;

/**
 * The peer that must answer on a TLS connection to a URI: the host of the URI (RFC 5922), unless the attributes name
 * another one.
 */
final class ExpectedTlsPeers {
    private final DestinationAddresses destinations;
    private final Set<String> unchecked;

    /** {@code unchecked}: the blocks of {@code tls.client_domains} that check no certificate, see {@link LaneSetup}. */
    ExpectedTlsPeers(DestinationAddresses destinations, Set<String> unchecked) {
        this.destinations = destinations;
        this.unchecked = unchecked;
    }

    /**
     * The peer to expect at a destination; null if the URI needs no TLS.
     *
     * @param attrs the attributes of a destination, with {@code tls_domain} and {@code tls_name}; empty for none
     */
    static TlsPeer of(SipUri uri, String attrs) {
        if (!uri.isSip() || Protocol.of(uri.transport()) != Protocol.TLS) {
            return null;
        }
        String name = Attrs.value(attrs, "tls_name");
        return new TlsPeer(
                name == null ? host(uri) : name.toLowerCase(Locale.ROOT),
                Attrs.value(attrs, "tls_domain"),
                Scope.ALL,
                name != null);
    }

    private static String host(SipUri uri) {
        return uri.host().replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    }

    /**
     * The peer to expect at an address that a request within a dialog names. If it is that of a destination, the
     * certificate is checked as for the destination's new requests, so that also a lane that has never connected to it can
     * continue its dialogs.
     *
     * @param uri the URI that led to the address
     */
    TlsPeer at(InetSocketAddress address, SipUri uri) {
        return at(address, host(uri));
    }

    /** The peer to expect at the address to which the request of a destination went; {@code domain}: its URI, or null. */
    TlsPeer ofDestination(InetSocketAddress address, SipUri domain) {
        TlsPeer peer = at(address, domain == null ? address.getAddress().getHostAddress() : host(domain));
        return peer.scope() == Scope.NEW ? peer.with(Scope.ALL) : peer;
    }

    /**
     * If several destinations there differ, the party's host selects among them, and those that are checked count before
     * those that are not: then an existing connection does not do, since it may be of one that is not.
     */
    private TlsPeer at(InetSocketAddress address, String host) {
        List<TlsPeer> all = destinations.membersAt(address.getAddress()).stream()
                .filter(member -> destinations.isAt(member, address))
                .map(member -> of(destinations.trafficUri(member), member.attrs()))
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        List<TlsPeer> checked = all.stream().filter(this::isChecked).toList();
        List<TlsPeer> counting = checked.isEmpty() ? all : checked;
        boolean mixed = counting.size() < all.size();
        TlsPeer named = new TlsPeer(host, null);
        TlsPeer peer = only(counting, named.name());
        if (peer == null) {
            return named.with(mixed ? Scope.ALL : Scope.UNVERIFIED);
        }
        return peer.with(mixed ? Scope.ALL : Scope.NEW);
    }

    private boolean isChecked(TlsPeer peer) {
        return !unchecked.contains(Objects.requireNonNullElse(peer.domain(), "default"));
    }

    /** The only peer, or the only one with this name; null if there is none. */
    private static TlsPeer only(List<TlsPeer> peers, String name) {
        List<TlsPeer> some = peers.size() == 1
                ? peers
                : peers.stream().filter(peer -> peer.name().equals(name)).toList();
        return some.size() == 1 ? some.get(0) : null;
    }
}
