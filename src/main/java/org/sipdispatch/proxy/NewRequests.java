package org.sipdispatch.proxy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.routing.LocalReply;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.transaction.ListenSocket;

/**
 * What a lane does with new requests: those outside of dialogs that belong to no transaction. Transactions and dialogs
 * are not affected, and neither is an ACK or CANCEL.
 */
public final class NewRequests {
    /** They are dispatched. */
    public static final NewRequests DISPATCHED = new NewRequests(null, List.of(), true);

    /** They are refused until the node ends, because it is stopping. */
    public static final NewRequests REFUSED_AT_STOP = new NewRequests(
            new Rejection(
                    new LocalReply(503, "Shutting Down"),
                    LaneCounter.REFUSED,
                    "Retry-After: 5\r\n",
                    "this node is stopping and takes no new requests"),
            List.of(),
            false);

    private static final String MAINTENANCE = "this node is in maintenance and takes no new requests";
    private static final LocalReply REDIRECT = new LocalReply(302, "Moved Temporarily");

    /** Null if they are dispatched. */
    private final Rejection refusal;

    private final List<List<PeerSocket>> others;
    private final boolean reachClients;

    private NewRequests(Rejection refusal, List<List<PeerSocket>> others, boolean reachClients) {
        this.refusal = refusal;
        this.others = others;
        this.reachClients = reachClients;
    }

    /**
     * They are refused because the node is in maintenance, or redirected to the other nodes.
     *
     * @param retryAfter when a refused caller may try again
     * @param others the sockets of each node that takes the requests instead; empty to refuse them
     */
    public static NewRequests inMaintenance(Duration retryAfter, List<List<PeerSocket>> others) {
        return new NewRequests(
                new Rejection(
                        new LocalReply(503, "Maintenance"),
                        LaneCounter.REFUSED_IN_MAINTENANCE,
                        "Retry-After: " + retryAfter.toSeconds() + "\r\n",
                        MAINTENANCE),
                List.copyOf(others),
                true);
    }

    /** The rejection of OPTIONS to this proxy, which asks whether it takes requests; null if it does. */
    Rejection ofOptions() {
        return refusal;
    }

    /** The rejection of a request along a Path: in maintenance only this node can still reach the client. */
    Rejection alongPath() {
        return reachClients ? null : refusal;
    }

    /** The rejection of a request that would be dispatched; null if it is dispatched. */
    Rejection of(IncomingRequest arrival) {
        if (others.isEmpty() || arrival.request().requestUri().scheme() != SipUri.Scheme.SIP) {
            return refusal;
        }
        List<String> uris = uris(arrival.flow().socket(), arrival.key());
        return uris.isEmpty()
                ? refusal
                : new Rejection(
                        REDIRECT,
                        LaneCounter.REFUSED_IN_MAINTENANCE,
                        RedirectContacts.ofUris(arrival.request().requestUri(), uris),
                        "this node is in maintenance and redirects new requests to the other nodes");
    }

    /** One URI for each other node; the first one differs between requests, so that all nodes get their share. */
    private List<String> uris(ListenSocket arrivedOn, long key) {
        List<String> uris = new ArrayList<>();
        int first = Math.floorMod(Long.hashCode(key), others.size());
        for (int i = 0; i < others.size(); i++) {
            uris.add(uri(others.get((first + i) % others.size()), arrivedOn));
        }
        uris.removeIf(Objects::isNull);
        return uris;
    }

    /** A node's socket with the same protocol, if possible the one with the same name; null if there is none. */
    private static String uri(List<PeerSocket> sockets, ListenSocket arrivedOn) {
        return sockets.stream()
                .filter(socket -> socket.protocol() == arrivedOn.protocol())
                .min(Comparator.comparing(socket -> !socket.name().equals(arrivedOn.name())))
                .map(PeerSocket::uri)
                .orElse(null);
    }
}
