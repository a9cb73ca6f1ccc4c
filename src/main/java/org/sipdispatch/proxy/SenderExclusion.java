package org.sipdispatch.proxy;

import java.net.InetSocketAddress;
import java.util.List;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.SocketAddresses;

/**
 * Removes the sender of a request of a dialog from the candidates: the request is for the other party (RFC 3261 section
 * 12.2).
 */
record SenderExclusion(DestinationAddresses addresses) {
    List<Destination> withoutSender(IncomingRequest arrival, List<Destination> candidates) {
        return arrival.request().hasToTag()
                ? candidates.stream()
                        .filter(candidate -> !isSender(candidate.trafficUri(), arrival))
                        .toList()
                : candidates;
    }

    /**
     * A destination with a host name is the sender if one of its addresses matches. The port is ignored, because SRV
     * may set it.
     */
    private boolean isSender(SipUri uri, IncomingRequest arrival) {
        InetSocketAddress literal = SocketAddresses.literal(uri);
        return literal == null ? addresses.isOf(uri, arrival.flow().source().getAddress()) : arrival.cameFrom(literal);
    }
}
