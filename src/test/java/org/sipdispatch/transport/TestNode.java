package org.sipdispatch.transport;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.proxy.NewRequests;
import org.sipdispatch.proxy.RelaySettings;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.sipdispatch.tls.CertificatesInUse;
import org.sipdispatch.tls.TlsDomains;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;

/** A node's traffic on loopback sockets, without a catalog. The default rule selects from set 1. */
final class TestNode implements AutoCloseable {
    static final String RULE = """
            rules = [{ select { set = 1, alg = 8, flags = F }, relay { fr_timeout = 8s, failover = "408,5xx" } }]
            """;

    /** All tests run with the other kind of UDP sockets with {@code -Dtransport.udp=direct}. */
    private static final String UDP = "transport.udp = " + System.getProperty("transport.udp", "akka-io");

    private final ListenSockets sockets;
    private final NodeLimits limits;
    private final SipLanes traffic;
    private final List<Observation> observations = new CopyOnWriteArrayList<>();
    private final List<byte[]> carried = new CopyOnWriteArrayList<>();

    private TestNode(String text, SetView set, NewRequests newRequests) {
        Config config = ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.parseString(RULE))
                .withFallback(ConfigFactory.parseString(UDP))
                .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher"));
        Section root = Section.root(config);
        sockets = SocketSettings.from(root);
        limits = NodeLimits.ofOneNode(
                LimitSettings.from(root.section("limits"), "default", Set.of("default")), System.nanoTime());
        TrafficSetup setup = new TrafficSetup(
                config.getConfig("lane-system"),
                TransportSettings.from(root.section("transport")),
                TlsDomains.from(root.section("tls")),
                sockets,
                RelaySettings.from(root.section("relay")),
                RoutingSettings.from(root),
                limits,
                observations::addAll,
                carried::add,
                attrs -> {},
                () -> 0,
                DestinationFacts.NONE,
                port -> false,
                newRequests,
                new CertificatesInUse(Duration.ofDays(14), warning -> {}));
        traffic = SipLanes.start(setup, List.of(set));
    }

    /** Starts with the settings in {@code text}, the defaults, and the destinations of set 1. */
    static TestNode start(String text, String... destinations) {
        return start(NewRequests.DISPATCHED, text, destinations);
    }

    /** The same with this treatment of new requests. */
    static TestNode start(NewRequests newRequests, String text, String... destinations) {
        return new TestNode(text, set(destinations), newRequests);
    }

    /** The same with this view of set 1. */
    static TestNode start(String text, SetView set) {
        return new TestNode(text, set, NewRequests.DISPATCHED);
    }

    /** Builds a {@code sockets} block from alternating names and {@code proto:address:port}. */
    static String sockets(Object... namesAndSockets) {
        StringBuilder text = new StringBuilder("sockets {\n");
        for (int i = 0; i < namesAndSockets.length; i += 2) {
            text.append(namesAndSockets[i])
                    .append(" = \"")
                    .append(namesAndSockets[i + 1])
                    .append("\"\n");
        }
        return text.append("}\n").toString();
    }

    static String udp(InetSocketAddress address) {
        return "udp:" + SipText.hostPort(address);
    }

    static String tcp(InetSocketAddress address) {
        return "tcp:" + SipText.hostPort(address);
    }

    /** Set 1, its destinations in order of preference; {@code uri@socket} names the socket to send from. */
    static SetView set(String... destinations) {
        return set(1, destinations);
    }

    static SetView set(int number, String... destinations) {
        return set(number, List.of(), destinations);
    }

    /** Set 1 with one destination. */
    static SetView setWithAttrs(String uri, String attrs) {
        Destination destination = new Destination("default", 1, uri, null, 1, 0, attrs, "");
        return SetView.of(new SetId("default", 1), List.of(new SetView.SetMember(destination, true)));
    }

    /** {@code out}: the destinations that receive no traffic. */
    static SetView set(int number, List<String> out, String... destinations) {
        List<SetView.SetMember> members = new ArrayList<>();
        for (String text : destinations) {
            String[] parts = text.split("@");
            Destination destination =
                    new Destination("default", number, parts[0], parts.length > 1 ? parts[1] : null, 1, 0, "", "");
            members.add(new SetView.SetMember(destination, !out.contains(text)));
        }
        return SetView.of(new SetId("default", number), members);
    }

    void replace(String... destinations) {
        traffic.replace(destinations.length == 0 ? List.of() : List.of(set(destinations)));
    }

    void replaceAll(List<SetView> sets) {
        traffic.replace(sets);
    }

    NodeLimits limits() {
        return limits;
    }

    /** The observations of destinations so far. */
    List<Observation> observations() {
        return observations;
    }

    /** The data about its calls that it has sent to other nodes. */
    List<byte[]> carried() {
        return carried;
    }

    SipLanes traffic() {
        return traffic;
    }

    long count(LaneCounter counter) {
        return traffic.count(counter);
    }

    InetSocketAddress socket(String name) {
        return sockets.all().stream()
                .filter(socket -> socket.name().equals(name))
                .map(ListenSocket::local)
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        traffic.close();
    }
}
