package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.sipdispatch.routing.Blacklist;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * The addresses on each blacklist: IP address, port and protocol of all destinations of its sets, regardless of their
 * state. Not thread-safe.
 *
 * @param blacklists by name
 */
record BlacklistedAddresses(Map<String, Blacklist> blacklists, DestinationAddresses destinations) {
    /** The hops that are on none of these blacklists; {@link NoNextHop#BLACKLISTED} if all hops are on one. */
    List<NextHop> allowed(List<String> lists, List<NextHop> hops) {
        if (lists.isEmpty() || hops.stream().noneMatch(hop -> isOn(lists, hop))) {
            return hops;
        }
        List<NextHop> allowed = hops.stream().filter(hop -> !isOn(lists, hop)).toList();
        return allowed.isEmpty() ? NoNextHop.BLACKLISTED : allowed;
    }

    /** Whether the hop is on one of these blacklists. */
    boolean isOn(List<String> lists, NextHop hop) {
        return !lists.isEmpty() && isOn(lists, hop.remote(), hop.socket().protocol());
    }

    private boolean isOn(List<String> lists, InetSocketAddress address, Protocol protocol) {
        for (Destination member : destinations.membersAt(address.getAddress())) {
            if (isListed(lists, member)
                    && Protocol.of(destinations.trafficUri(member).transport()) == protocol
                    && destinations.isAt(member, address)) {
                return true;
            }
        }
        return false;
    }

    private boolean isListed(List<String> lists, Destination member) {
        for (String list : lists) {
            if (blacklists.get(list).sets().contains(member.setId())) {
                return true;
            }
        }
        return false;
    }

    /** The candidates with no address on these blacklists, as far as their names are resolved already. */
    List<Destination> allowedContacts(List<String> lists, List<Destination> candidates) {
        return lists.isEmpty()
                ? candidates
                : candidates.stream()
                        .filter(candidate -> !isOn(lists, candidate.trafficUri()))
                        .toList();
    }

    private boolean isOn(List<String> lists, SipUri uri) {
        Protocol protocol = Protocol.of(uri.transport());
        InetSocketAddress literal = SocketAddresses.literal(uri);
        if (literal != null) {
            return isOn(lists, literal, protocol);
        }
        return destinations.membersNamed(uri).stream().anyMatch(member -> isListed(lists, member))
                || destinations.addressesOf(uri).stream().anyMatch(address -> isOn(lists, address, protocol));
    }
}
