package org.sipdispatch.transport;

import com.typesafe.config.Config;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.proxy.NewRequests;
import org.sipdispatch.proxy.RelaySettings;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.PushedAttrs;
import org.sipdispatch.tls.CertificatesInUse;
import org.sipdispatch.tls.TlsDomains;
import org.sipdispatch.transaction.ListenSockets;

/**
 * The configuration of the node's traffic, and its listeners.
 *
 * @param limits the limits of calls through this node; they learn the definitions of destinations from {@link SipLanes}
 * @param evidence receives what traffic showed of destinations, several times a second at most; on any thread
 * @param carried receives data that lets other nodes continue this node's calls, see {@link SipLanes#carry}; on any thread
 * @param pushed receives script attributes that rules push; on any thread
 * @param pauses the number of detected pauses of this process: new requests wait until {@link SipLanes#confirmed} has been
 *     called with it; called for each request, on any thread
 * @param facts what the rest of the node knows of destinations, for algorithms 9 and 10
 * @param guarded whether a TCP address is a management or cluster port of this node, to which no request of a
 *     dialog may be sent; on any thread
 * @param newRequests what to do with new requests from the first one on, see {@link SipLanes#setNewRequests}
 * @param certificates learns which certificates this node presents on its sockets
 */
public record TrafficSetup(
        Config laneSystem,
        TransportSettings transport,
        TlsDomains tls,
        ListenSockets sockets,
        RelaySettings relay,
        RoutingSettings routing,
        NodeLimits limits,
        Consumer<List<Observation>> evidence,
        Consumer<byte[]> carried,
        Consumer<PushedAttrs> pushed,
        LongSupplier pauses,
        DestinationFacts facts,
        Predicate<InetSocketAddress> guarded,
        NewRequests newRequests,
        CertificatesInUse certificates) {
    /** The setup of a node without a cluster. */
    public TrafficSetup(
            Config laneSystem,
            TransportSettings transport,
            TlsDomains tls,
            ListenSockets sockets,
            RelaySettings relay,
            RoutingSettings routing) {
        this(
                laneSystem,
                transport,
                tls,
                sockets,
                relay,
                routing,
                NodeLimits.ofOneNode(LimitSettings.NONE, 0),
                seen -> {},
                calls -> {},
                attrs -> {},
                () -> 0,
                DestinationFacts.NONE,
                port -> false,
                NewRequests.DISPATCHED,
                new CertificatesInUse(tls.expiryWarning(), warning -> {}));
    }
}
