package org.sipdispatch.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.sipdispatch.logging.NonBlockingAppender;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.observation.Handshakes;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.observation.ProxyHeaders;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.observation.TlsHandshakes;
import org.sipdispatch.observation.TlsHandshakes.Side;
import org.sipdispatch.observation.WebSocketHandshakes;
import org.sipdispatch.replication.NodeMaintenance;
import org.sipdispatch.replication.SourceState;
import org.sipdispatch.tls.CertificateInUse;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.websocket.WebSocketFailure;

/** The metrics of the node itself. */
final class NodeFamilies {
    /** Counters published with labels. */
    private static final Set<LaneCounter> LABELLED =
            EnumSet.of(LaneCounter.REQUESTS, LaneCounter.RESPONSES, LaneCounter.SEND_FAILURES);

    private NodeFamilies() {}

    static void add(MetricFamilies families, ScrapeData reading) {
        ScrapeData.NodeData node = reading.node();
        families.counter(
                "messages_received",
                "SIP messages that arrived, by kind.",
                Map.of(
                        Labels.of("kind", "request"), node.counts().applyAsLong(LaneCounter.REQUESTS),
                        Labels.of("kind", "response"), node.counts().applyAsLong(LaneCounter.RESPONSES)));
        addLaneCounters(families, node);
        families.counter("send_failures", help(LaneCounter.SEND_FAILURES), failures(node));
        families.counter("limit_hits", "How often a limit of the node was reached.", limits(node));
        addHandshakes(families, node.handshakes());
        addCertificates(families, node);
        families.counter(
                "log_lines_dropped",
                "Lines of the log that were dropped since it could not be written fast enough.",
                NonBlockingAppender.dropped());
        families.gauge("transactions_pending", "Transactions without a final answer.", node.pending());
        addOverload(families, node.overload());
        addMaintenance(families, node.maintenance());
        families.gauge("lanes", "Lanes that carry traffic.", node.lanes());
        families.gauge("figure_values", "Values of each pushed figure; none after it has expired.", figures(node));
        addDefinitions(families, reading);
        families.gauge("ready", "1 if the node should be sent calls.", node.ready() ? 1 : 0);
        families.gauge("cluster_member", "1 while the node is in the cluster.", node.member() ? 1 : 0);
        families.gauge(
                "cluster_members",
                "Nodes of the cluster as this one sees them.",
                Map.of(
                        Labels.of("state", "up"), up(node.members()),
                        Labels.of("state", "unreachable"),
                                node.members().stream()
                                        .filter(one -> !one.reachable())
                                        .count(),
                        Labels.of("state", "maintenance"), inMaintenance(node)));
    }

    private static void addOverload(MetricFamilies families, OverloadState overload) {
        families.gauge(
                "overload",
                "What the node does with new requests: 0 takes all, 1 refuses some, 2 drops some.",
                overload.mode().ordinal());
        families.gauge(
                "overload_shed_percent", "Share of new requests shed within the last second.", overload.shedPercent());
    }

    private static void addMaintenance(MetricFamilies families, ScrapeData.MaintenanceData maintenance) {
        families.gauge(
                "open_calls", "Active calls: answered through the node, without a BYE yet.", maintenance.calls());
        families.gauge("ringing_calls", "INVITEs without a final answer.", maintenance.ringing());
        families.gauge(
                "maintenance", "1 while the node is in maintenance and takes no new calls.", maintenance.on() ? 1 : 0);
    }

    private static void addHandshakes(MetricFamilies families, Handshakes handshakes) {
        families.counter(
                "proxy_headers",
                "PROXY protocol headers of connections, by their result.",
                proxyHeaders(handshakes.proxyHeaders()));
        families.counter(
                "tls_handshakes",
                "TLS handshakes with clients and servers, by their result.",
                tlsHandshakes(handshakes.tls()));
        families.counter(
                "websocket_handshakes",
                "WebSocket handshakes of clients, and failures of their connections, by result.",
                webSocketHandshakes(handshakes.webSockets()));
    }

    private static void addCertificates(MetricFamilies families, ScrapeData.NodeData node) {
        families.gauge(
                "certificate_expiry_timestamp_seconds",
                "When a certificate of this node expires, in seconds since 1970.",
                expiries(node));
        families.gauge(
                "certificate_refused",
                "1 while the new files of a block for TLS are refused, so that those before stay in use.",
                refusedCertificates(node));
    }

    private static Map<Labels, Long> expiries(ScrapeData.NodeData node) {
        Map<Labels, Long> ends = new LinkedHashMap<>();
        for (CertificateInUse one : node.certificates()) {
            Labels labels = Labels.of(
                    "setting", one.file().setting(), "file", one.file().path());
            // A setting may name a file twice.
            ends.put(labels, one.end().getEpochSecond());
        }
        return ends;
    }

    private static Map<Labels, Long> refusedCertificates(ScrapeData.NodeData node) {
        return node.refusedCertificates().entrySet().stream()
                .collect(Collectors.toMap(one -> Labels.of("block", one.getKey()), one -> one.getValue() ? 1L : 0L));
    }

    private static void addLaneCounters(MetricFamilies families, ScrapeData.NodeData node) {
        for (LaneCounter counter : LaneCounter.values()) {
            if (!LABELLED.contains(counter)) {
                families.counter(
                        counter.name().toLowerCase(Locale.ROOT),
                        help(counter),
                        node.counts().applyAsLong(counter));
            }
        }
    }

    private static Map<Labels, Long> figures(ScrapeData.NodeData node) {
        return node.figures().entrySet().stream()
                .collect(Collectors.toMap(
                        one -> Labels.of("figure", one.getKey()),
                        one -> one.getValue().longValue()));
    }

    private static void addDefinitions(MetricFamilies families, ScrapeData reading) {
        ScrapeData.NodeData node = reading.node();
        families.gauge(
                "definitions_revision",
                "Revision of the definitions.",
                reading.known().revision());
        families.gauge(
                "definitions_differing_nodes",
                "Nodes of the cluster that use other definitions than this one.",
                node.differing());
        families.gauge(
                "source_refused",
                "1 while the content of a watched source is refused.",
                sources(node, source -> source.error().isEmpty() ? 0L : 1L));
        families.counter(
                "source_refusals",
                "Changes of a watched source that were refused.",
                sources(node, SourceState::refusals));
    }

    private static Map<Labels, Long> sources(ScrapeData.NodeData node, ToLongFunction<SourceState> value) {
        return node.sources().entrySet().stream()
                .collect(Collectors.toMap(
                        one -> Labels.of("partition", one.getKey()), one -> value.applyAsLong(one.getValue())));
    }

    private static Map<Labels, Long> limits(ScrapeData.NodeData node) {
        return Arrays.stream(Limit.values())
                .collect(Collectors.toMap(limit -> Labels.of("limit", limit.label()), node.limits()::applyAsLong));
    }

    private static Map<Labels, Long> tlsHandshakes(TlsHandshakes handshakes) {
        Map<Labels, Long> results = new LinkedHashMap<>();
        for (Side side : Side.values()) {
            String peer = side == Side.SERVER ? "client" : "server";
            results.put(Labels.of("peer", peer, "result", "completed"), handshakes.completedCount(side));
            for (TlsFailure why : TlsFailure.values()) {
                results.put(Labels.of("peer", peer, "result", why.label()), handshakes.failures(side, why));
            }
        }
        return results;
    }

    private static Map<Labels, Long> webSocketHandshakes(WebSocketHandshakes handshakes) {
        Map<Labels, Long> results = new LinkedHashMap<>();
        results.put(Labels.of("result", "completed"), handshakes.completedCount());
        for (WebSocketFailure why : WebSocketFailure.values()) {
            results.put(Labels.of("result", why.label()), handshakes.failures(why));
        }
        return results;
    }

    private static Map<Labels, Long> proxyHeaders(ProxyHeaders headers) {
        Map<Labels, Long> results = new LinkedHashMap<>();
        results.put(Labels.of("result", "client"), headers.acceptedCount(true));
        results.put(Labels.of("result", "own"), headers.acceptedCount(false));
        for (ProxyHeaderFailure why : ProxyHeaderFailure.values()) {
            results.put(Labels.of("result", why.label()), headers.failures(why));
        }
        return results;
    }

    private static Map<Labels, Long> failures(ScrapeData.NodeData node) {
        return Arrays.stream(SendFailure.values())
                .collect(Collectors.toMap(why -> Labels.of("cause", why.text()), node.failures()::applyAsLong));
    }

    private static long up(List<ClusterMember> members) {
        return members.stream()
                .filter(one -> one.reachable() && one.status().equals("Up"))
                .count();
    }

    private static long inMaintenance(ScrapeData.NodeData node) {
        Map<String, NodeMaintenance> states = node.maintenance().byNode();
        return node.members().stream()
                .filter(one -> states.containsKey(one.address())
                        && states.get(one.address()).isOn())
                .count();
    }

    private static String help(LaneCounter counter) {
        return switch (counter) {
            case REQUESTS -> "Requests that arrived.";
            case RESPONSES -> "Responses that arrived.";
            case FORWARDED -> "Requests forwarded, retransmissions excluded.";
            case PARSE_FAILURES -> "Received data that was not a SIP message.";
            case OWN_REPLIES -> "Responses that the node generated itself.";
            case FOREIGN_RESPONSES -> "Responses that match no request of this node.";
            case LOOPS -> "Requests rejected because of a loop.";
            case FAILOVERS -> "Failovers to the next destination.";
            case TIMEOUTS -> "Destinations that did not respond in time.";
            case UNREACHABLE -> "Destinations that could not be reached.";
            case REFUSED -> "Requests rejected by a check, a limit of their source or of transactions, or at shutdown.";
            case REFUSED_STALE -> "Requests rejected because the node was paused and had to rejoin the cluster.";
            case REFUSED_IN_MAINTENANCE -> "Requests rejected or redirected because the node is in maintenance.";
            case REFUSED_OVERLOADED -> "New requests rejected because messages wait too long for their lane.";
            case DROPPED_OVERLOADED -> "New requests dropped because messages wait too long for their lane.";
            case UNKNOWN_DIALOGS -> "Requests rejected because their dialog is unknown.";
            case REFUSED_TARGETS -> "Requests in dialogs rejected because of their target address.";
            case SEND_FAILURES -> "Messages that could not be sent, by cause.";
            case FAULTS -> "Events whose processing failed because of a program error.";
            case OVERLOADS -> "Messages dropped because their lane was overloaded.";
            case PINGS -> "Pings sent, retransmissions excluded.";
            case PING_TIMEOUTS -> "Pings without a response in time.";
            case LATE_PING_REPLIES -> "Responses to pings that had already timed out.";
            case SUSPECTED -> "Failures attributed to this node's own network, not to destinations.";
            case CARRIED -> "Calls of other nodes that this node can take over.";
            case TO_CHALLENGERS -> "Requests with credentials that were sent to the destination of the challenge.";
            case BACKOFFS -> "Responses 503 with Retry-After, which begin the backoff of a destination.";
            case REFUSED_IN_BACKOFF ->
                "Requests answered with 503 because destinations are in backoff and no other is usable.";
            case TO_STICKY -> "Requests that were sent to the destination of their sticky key.";
            case ALGO_ROUTES_FAILED -> "Requests for which an algorithm of an extension failed.";
            case ALGO_ROUTES_SLOW -> "Requests for which an algorithm of an extension took 10 ms or more.";
            case UNWATCHED -> "Silent destinations without an ICMP watch.";
            case MALFORMED_CARRIED -> "Reports of other nodes' calls that could not be read.";
        };
    }
}
