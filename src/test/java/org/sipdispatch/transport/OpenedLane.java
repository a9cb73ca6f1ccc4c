package org.sipdispatch.transport;

import akka.actor.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.proxy.Backoffs;
import org.sipdispatch.proxy.DestinationIndex;
import org.sipdispatch.proxy.LaneDependencies;
import org.sipdispatch.proxy.LaneSetup;
import org.sipdispatch.proxy.LaneTransport;
import org.sipdispatch.proxy.RelayLane;
import org.sipdispatch.proxy.RelaySettings;
import org.sipdispatch.proxy.SetSelector;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.Ranking;
import org.sipdispatch.sets.SelectContext;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TransactionConnections;

/** A lane whose sets always fail, and what it sends. */
final class OpenedLane {
    static final ListenSocket SOCKET =
            new ListenSocket(0, "main", Protocol.UDP, new InetSocketAddress("192.0.2.10", 5060), "192.0.2.10", 5060);

    /** An actor system with the settings of a lane's; the caller terminates it. */
    static ActorSystem actorSystem() {
        Config defaults = ConfigFactory.defaultReference();
        return ActorSystem.create(
                "lane",
                defaults.resolve().getConfig("sip-dispatcher.lane-system").withFallback(defaults));
    }

    /** Status and port of each response. */
    final List<String> sent = new ArrayList<>();

    final LaneCounters counters = new LaneCounters(new Limits());
    final LaneInlet inlet = new LaneInlet(counters);

    private final class Answers implements LaneTransport {
        @Override
        public SendFailure send(
                ListenSocket socket,
                InetSocketAddress remote,
                TransactionConnections connections,
                byte[] bytes,
                int end) {
            sent.add(((SipResponse) SipText.parsed(bytes, end)).status() + " to " + remote.getPort());
            return null;
        }

        @Override
        public void watch(NextHop hop) {}

        @Override
        public boolean handOver(int lane, byte[] bytes, int offset, int length, Flow flow) {
            return false;
        }
    }

    /** Throws at each request. */
    private static final class FaultySets implements SetSelector {
        @Override
        public boolean rank(SetId set, Ranking ranking, SelectFlags flags, SelectContext context) {
            throw new IllegalStateException("a fault of this program, for a test");
        }

        @Override
        public DestinationFacts facts() {
            return DestinationFacts.NONE;
        }

        @Override
        public boolean ask(SetId set, Algorithm algorithm, int hash, SelectFlags flags, SelectContext context) {
            throw new IllegalStateException("a fault of this program, for a test");
        }

        @Override
        public DestinationIndex destinations() {
            return DestinationIndex.EMPTY;
        }

        @Override
        public boolean isUnusable(Destination candidate) {
            return false;
        }

        @Override
        public SetView view(SetId set) {
            return null;
        }
    }

    OpenedLane(String mode) {
        Config config = ConfigFactory.parseString("rules = [{ select { set = 1 }, relay { mode = " + mode
                        + " } }], relay.secret = \"a secret for tests\"")
                .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher"));
        Section root = Section.root(config);
        LaneSetup setup = new LaneSetup(
                0,
                1,
                RelaySettings.from(root.section("relay")),
                RoutingSettings.from(root),
                new ListenSockets(List.of(SOCKET), Set.of()),
                0);
        LaneDependencies ports = new LaneDependencies(
                new Answers(),
                new FaultySets(),
                Backoffs.NONE,
                (uri, draw, versions, then) -> then.accept(List.of()),
                counters,
                NodeLimits.ofOneNode(LimitSettings.NONE, 0),
                LaneInlet::nowMicros,
                seen -> {},
                calls -> {},
                attrs -> {},
                Runnable::run,
                () -> 0,
                () -> 0,
                remote -> false);
        inlet.open(new RelayLane(setup, ports, inlet.nowMs()));
    }
}
