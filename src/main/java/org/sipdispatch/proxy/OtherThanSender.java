package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * Leaves out of the candidates for a request of a dialog the one that sent it: a request of a dialog is for the other
 * party (RFC 3261 section 12.2).
 */
record OtherThanSender(DestinationAddresses addresses) {
    List<Destination> of(IncomingRequest arrival, List<Destination> candidates) {
        return arrival.request().hasToTag()
                ? candidates.stream()
                        .filter(candidate -> !isSender(candidate.trafficUri(), arrival))
                        .toList()
                : candidates;
    }

    /** A name is the sender if that is one of its addresses, whatever the port: SRV may tell another one. */
    private boolean isSender(SipUri uri, IncomingRequest arrival) {
        InetSocketAddress literal = SocketAddresses.literal(uri);
        return literal == null ? addresses.isOf(uri, arrival.flow().source().getAddress()) : arrival.cameFrom(literal);
    }
}
