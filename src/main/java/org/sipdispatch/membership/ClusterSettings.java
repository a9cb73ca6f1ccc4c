package org.sipdispatch.membership;

import akka.actor.Address;
import akka.actor.AddressFromURIString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.settings.Section;

/**
 * How this node meets the others.
 *
 * @param name the cluster's name, the same on all nodes
 * @param host the address that the others reach this node at
 * @param port 0 for any free one, where there are no others
 * @param bindHost where it listens; empty for {@code host}
 * @param seedNodes {@code host:port} of all nodes, this one included; empty if there are no others
 * @param bootstrap whether Akka Cluster Bootstrap finds the others in place of {@code seedNodes}
 * @param heartbeat how often nodes tell each other that they live
 * @param pause how long a node may be silent beyond that
 * @param stableAfter how long the view of who is reachable must not change before the unreachable are taken out
 * @param waitForView how long a start waits for what the cluster knows before it takes calls all the same
 */
public record ClusterSettings(
        String name,
        String host,
        int port,
        String bindHost,
        List<String> seedNodes,
        boolean bootstrap,
        Duration heartbeat,
        Duration pause,
        Duration stableAfter,
        Duration waitForView) {
    private static final Duration LEAST = Duration.ofMillis(50);
    private static final Duration MOST = Duration.ofMinutes(5);

    /** Reads the block {@code cluster}. */
    public static ClusterSettings from(Section cluster) {
        String name = cluster.text("name");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            cluster.refuse("name", name, "letters, digits, - and _");
        }
        List<String> seeds = new ArrayList<>();
        // From the environment all of them come as one text.
        for (String seed : String.join(",", cluster.texts("seed-nodes")).split(",")) {
            if (!seed.isBlank()) {
                seeds.add(seed(cluster, seed.strip()));
            }
        }
        ClusterSettings settings = new ClusterSettings(
                name,
                cluster.text("host"),
                cluster.integer("port", 0, 65_535),
                cluster.text("bind-host"),
                List.copyOf(seeds),
                cluster.flag("bootstrap"),
                cluster.duration("heartbeat-interval", LEAST, MOST),
                cluster.duration("acceptable-heartbeat-pause", LEAST, MOST),
                cluster.duration("stable-after", LEAST, MOST),
                cluster.duration("wait-for-view", Duration.ZERO, MOST));
        cluster.refuseUnknown();
        settings.check(cluster);
        return settings;
    }

    private static String seed(Section cluster, String text) {
        if (!text.matches("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):\\d{1,5}")) {
            cluster.refuse("seed-nodes", text, "host:port of a node's cluster.host and cluster.port");
        }
        return text;
    }

    private void check(Section cluster) {
        if (!seedNodes.isEmpty() && bootstrap) {
            cluster.refuse("bootstrap", "on", "off where there are seed-nodes");
        }
        boolean addressKnown = !cluster.isBad("host") && !cluster.isBad("port");
        if (!seedNodes.isEmpty() && addressKnown && !seedNodes.contains(address())) {
            cluster.refuse(
                    "seed-nodes",
                    String.join(",", seedNodes),
                    "all nodes of the cluster, this one (" + address() + ") included");
        }
    }

    /** Whether there may be other nodes. */
    public boolean hasPeers() {
        return bootstrap || seedNodes.size() > 1;
    }

    /** How long a living cluster may give no sign of life: while it finds out who is dead, and asks the database. */
    Duration longestSilence() {
        return heartbeat.plus(pause).plus(stableAfter).plusSeconds(4);
    }

    /** This node as the others name it. */
    public String address() {
        return host + ":" + port;
    }

    /** The other seed nodes. */
    public List<String> others() {
        return seedNodes.stream().filter(seed -> !seed.equals(address())).toList();
    }

    public List<Address> otherAddresses() {
        return others().stream()
                .map(seed -> AddressFromURIString.parse("akka://" + name() + "@" + seed))
                .toList();
    }

    /** How many nodes there are to be, this one included; as many as there may be where they are not written down. */
    public int nodes() {
        return bootstrap ? Integer.MAX_VALUE : Math.max(1, seedNodes.size());
    }

    /** This node's place among the seed nodes, from 0. */
    int rank() {
        return Math.max(0, seedNodes.indexOf(address()));
    }
}
