package org.sipdispatch.membership;

import akka.actor.Address;
import akka.actor.AddressFromURIString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.settings.LoopbackName;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/**
 * Settings of the block {@code cluster}: how this node forms or joins the cluster.
 *
 * @param name the cluster's name, the same on all nodes
 * @param host the address at which the other nodes reach this node
 * @param port TCP port, 0 to 65535; 0 picks a free port and is possible only without other nodes
 * @param bindHost the address to listen at; empty for {@code host}
 * @param seedNodes {@code host:port} of all nodes including this one; empty for a single node
 * @param bootstrap whether Akka Cluster Bootstrap discovers the other nodes in place of {@code seedNodes}
 * @param tls the certificates for TLS between nodes
 * @param insecure whether nodes may do without TLS on an address that is not loopback
 * @param heartbeat interval between the heartbeats that nodes send to each other
 * @param pause how long heartbeats of a node may be missing beyond that before it is unreachable
 * @param stableAfter how long reachability must be stable before unreachable nodes are downed
 * @param waitForView how long a starting node waits for the cluster's states before it takes calls without them
 */
public record ClusterSettings(
        String name,
        String host,
        int port,
        String bindHost,
        List<String> seedNodes,
        boolean bootstrap,
        NodeCertificate tls,
        boolean insecure,
        Duration heartbeat,
        Duration pause,
        Duration stableAfter,
        Duration waitForView) {
    private static final Duration LEAST = Duration.ofMillis(50);
    private static final Duration MOST = Duration.ofMinutes(5);
    private static final int QUESTIONS_PER_LEASE = 4;

    /** Reads the block {@code cluster}. */
    public static ClusterSettings from(Section cluster) {
        String name = cluster.text("name");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
            cluster.refuse("name", name, "letters, digits, - and _");
        }
        List<String> seeds = new ArrayList<>();
        // An environment variable has all of them in one text.
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
                NodeCertificate.from(cluster),
                cluster.flag("insecure"),
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
        boolean addressKnown = !cluster.isInvalid("host") && !cluster.isInvalid("port");
        if (!seedNodes.isEmpty() && addressKnown && !seedNodes.contains(address())) {
            cluster.refuse(
                    "seed-nodes",
                    String.join(",", seedNodes),
                    "all nodes of the cluster, this one (" + address() + ") included");
        }
        if (addressKnown && !cluster.isInvalid("tls") && !insecure && isOpen()) {
            cluster.refuse(
                    "tls",
                    "nothing",
                    "certificates of this node, as sip-dispatcher certificates makes them, or cluster.insecure = yes:"
                            + " without TLS every host that reaches " + listenAddress() + " controls the cluster");
        }
    }

    /** Whether other hosts can reach this node's port without a certificate. */
    public boolean isOpen() {
        return !tls.isOn() && !LoopbackName.isLoopback(bindHost.isEmpty() ? host : bindHost);
    }

    /** The address to listen at, {@code host:port}. */
    public String listenAddress() {
        return (bindHost.isEmpty() ? host : bindHost) + ":" + port;
    }

    /**
     * Checks whether the files for TLS can be used.
     *
     * @throws SettingException if they cannot
     */
    public void checkFiles() {
        if (tls.isOn()) {
            tls.check(host);
        }
    }

    /**
     * Checks whether this node's certificate is for it, whenever that certificate is valid.
     *
     * @throws SettingException if it is not
     */
    public void checkHost() {
        if (tls.isOn()) {
            tls.checkHost(host);
        }
    }

    /** Whether there may be other nodes. */
    public boolean hasPeers() {
        return bootstrap || seedNodes.size() > 1;
    }

    /** The time from the last heartbeat of a node until the others remove it. */
    Duration removal() {
        return heartbeat.plus(pause).plus(stableAfter);
    }

    /**
     * The longest time for which a live cluster may write no heartbeat: until it has detected the dead nodes and asked
     * the database.
     */
    Duration longestSilence() {
        return removal().plusSeconds(4);
    }

    /** The interval at which a node asks the others whether it is a member: several times per lease. */
    Duration questionInterval() {
        Duration most = pause.dividedBy(QUESTIONS_PER_LEASE);
        return most.compareTo(heartbeat) < 0 ? most : heartbeat;
    }

    /** This node's address, {@code host:port}, as the other nodes know it. */
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

    /** The expected number of nodes including this one; unlimited with bootstrap, where they are not configured. */
    public int nodes() {
        return bootstrap ? Integer.MAX_VALUE : Math.max(1, seedNodes.size());
    }

    /** The number of nodes that have a part of each limit; 1 with bootstrap, where the nodes are not configured. */
    public int parts() {
        return bootstrap ? 1 : nodes();
    }

    /** This node's number among the sorted seed nodes, from 0, regardless of their order in the configuration. */
    public int part() {
        return Math.max(0, seedNodes.stream().sorted().toList().indexOf(address()));
    }

    /** This node's index among the seed nodes, from 0. */
    int rank() {
        return Math.max(0, seedNodes.indexOf(address()));
    }
}
