package org.sipdispatch.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.relay.Counter;
import org.sipdispatch.relay.Limit;
import org.sipdispatch.relay.SendFailure;

/** What is told of the node itself. */
final class NodeFamilies {
    /** Those that are told by kind or by cause. */
    private static final Set<Counter> LABELLED = EnumSet.of(Counter.REQUESTS, Counter.RESPONSES, Counter.SEND_FAILURES);

    private NodeFamilies() {}

    /** Adds all that is told of it. */
    static void add(Families families, Reading reading) {
        Reading.OfNode node = reading.node();
        families.counter(
                "messages_received",
                "SIP messages that arrived, by kind.",
                Map.of(
                        Labels.of("kind", "request"), node.counts().applyAsLong(Counter.REQUESTS),
                        Labels.of("kind", "response"), node.counts().applyAsLong(Counter.RESPONSES)));
        for (Counter counter : Counter.values()) {
            if (!LABELLED.contains(counter)) {
                families.counter(
                        counter.name().toLowerCase(Locale.ROOT),
                        help(counter),
                        node.counts().applyAsLong(counter));
            }
        }
        families.counter("send_failures", help(Counter.SEND_FAILURES), failures(node));
        families.counter("limit_hits", "How often a limit of the node was reached.", limits(node));
        families.gauge("transactions_pending", "Transactions without a final answer.", node.pending());
        families.gauge("lanes", "Lanes that carry traffic.", node.lanes());
        families.gauge(
                "definitions_revision",
                "Revision of the definitions.",
                reading.known().revision());
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
                                        .count()));
    }

    private static Map<Labels, Long> limits(Reading.OfNode node) {
        return Arrays.stream(Limit.values())
                .collect(Collectors.toMap(limit -> Labels.of("limit", limit.label()), node.limits()::applyAsLong));
    }

    private static Map<Labels, Long> failures(Reading.OfNode node) {
        return Arrays.stream(SendFailure.values())
                .collect(Collectors.toMap(why -> Labels.of("cause", why.text()), node.failures()::applyAsLong));
    }

    private static long up(List<ClusterMember> members) {
        return members.stream()
                .filter(one -> one.reachable() && one.status().equals("Up"))
                .count();
    }

    private static String help(Counter counter) {
        return switch (counter) {
            case REQUESTS -> "Requests that arrived.";
            case RESPONSES -> "Responses that arrived.";
            case FORWARDED -> "Requests sent on, retransmissions excluded.";
            case PARSE_FAILURES -> "Arrivals that were no SIP message.";
            case OWN_REPLIES -> "Replies that the node made itself.";
            case FOREIGN_RESPONSES -> "Responses to nothing that the node sent.";
            case LOOPS -> "Requests that ran in a circle.";
            case FAILOVERS -> "Destinations given up for the next one.";
            case TIMEOUTS -> "Destinations that stayed silent.";
            case UNREACHABLE -> "Destinations that could not be reached at all.";
            case REFUSED -> "Requests refused by a check, for want of room, or because the node stops.";
            case REFUSED_STALE -> "Requests refused since the node stood still and had to join the cluster again.";
            case UNKNOWN_DIALOGS -> "Requests of dialogs that nobody knows, refused.";
            case REFUSED_TARGETS -> "Requests of dialogs refused for the address that they would go to.";
            case SEND_FAILURES -> "Messages that could not be sent, by cause.";
            case FAULTS -> "Events whose treatment failed by a fault of the program.";
            case OVERLOADS -> "Messages dropped because their lane could not keep up.";
            case PINGS -> "Pings sent, retransmissions excluded.";
            case PING_TIMEOUTS -> "Pings that nobody answered in time.";
            case LATE_PING_REPLIES -> "Replies to pings that had ended before.";
            case SUSPECTED -> "Failures put down to the own network, not to destinations.";
            case CARRIED -> "Calls of other nodes that this one could carry on.";
            case UNWATCHED -> "Silent destinations that could not be watched for ICMP.";
            case MALFORMED_CARRIED -> "Reports of other nodes' calls that could not be read.";
        };
    }
}
