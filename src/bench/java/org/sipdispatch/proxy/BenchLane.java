package org.sipdispatch.proxy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationFacts;
import org.sipdispatch.sets.Ranking;
import org.sipdispatch.sets.SelectContext;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetActor;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.transaction.TimerWheel;
import org.sipdispatch.transaction.TransactionConnections;

/** A real lane without sockets and actors: what it sends is counted, and its set always gives the same destination. */
final class BenchLane {
    static final ListenSocket SOCKET =
            new ListenSocket(0, "main", Protocol.UDP, new InetSocketAddress("127.0.0.1", 5060), "127.0.0.1", 5060);
    static final InetSocketAddress CALLER = new InetSocketAddress("127.0.0.1", 40_000);
    static final Flow FLOW = new Flow(SOCKET, CALLER, Flow.NO_CONNECTION);

    private static final long EPOCH_SECONDS = 1_800_000_000;
    /** The lane's time advances as at 10,000 messages per second, so that it forgets old ones. */
    private static final int MICROS_PER_MESSAGE = 100;

    private final RelayLane lane;
    private long micros;
    private long lastTickMs;
    private int sentBytes;

    /** {@code configuration}: the keys of {@code sip-dispatcher} that differ from the defaults. */
    BenchLane(String configuration) {
        LaneDependencies ports = new LaneDependencies(
                new CountingTransport(),
                new OneDestination(),
                Backoffs.NONE,
                (uri, draw, versions, then) -> then.accept(List.of()),
                new LaneCounters(new Limits()),
                NodeLimits.ofOneNode(LimitSettings.NONE, 0),
                () -> micros,
                observations -> {},
                calls -> {},
                attrs -> {},
                Runnable::run,
                () -> 0,
                () -> EPOCH_SECONDS + micros / 1_000_000,
                remote -> false);
        lane = new RelayLane(setup(configuration), ports, 0);
    }

    static LaneSetup setup(String configuration) {
        Config config = ConfigFactory.load(ConfigFactory.parseString(
                        "sip-dispatcher {\nrelay.secret = \"a secret of the benchmark\"\n" + configuration + "\n}"))
                .getConfig("sip-dispatcher");
        Section root = Section.root(config);
        return new LaneSetup(
                0,
                1,
                RelaySettings.from(root.section("relay")),
                RoutingSettings.from(root),
                new ListenSockets(List.of(SOCKET), Set.of()),
                1);
    }

    /** Relays a message, whose bytes the lane keeps; returns how many bytes the lane has sent for it. */
    int relay(byte[] message) {
        micros += MICROS_PER_MESSAGE;
        long nowMs = micros / 1_000;
        if (nowMs - lastTickMs >= TimerWheel.TICK_MS) {
            lastTickMs = nowMs;
            lane.tick(nowMs, nowMs);
        }
        sentBytes = 0;
        lane.received(message, 0, message.length, FLOW, nowMs);
        return sentBytes;
    }

    private final class CountingTransport implements LaneTransport {
        @Override
        public SendFailure send(
                ListenSocket socket,
                InetSocketAddress remote,
                TransactionConnections connections,
                byte[] bytes,
                int length) {
            sentBytes += length;
            return null;
        }

        @Override
        public void watch(NextHop hop) {}

        @Override
        public boolean handOver(int number, byte[] bytes, int offset, int length, Flow flow) {
            return false;
        }
    }

    private final class OneDestination implements SetSelector {
        private final Destination destination = new Destination("default", 1, "sip:127.0.0.1:7001", null, 1, 0, "", "");
        private final List<Destination> all = List.of(destination);
        private final SetView view =
                SetView.of(new SetId("default", 1), List.of(new SetView.SetMember(destination, true)));
        private final DestinationIndex index = DestinationIndex.of(List.of(view));

        @Override
        public boolean ask(SetId set, Algorithm algorithm, int hash, SelectFlags flags, SelectContext context) {
            lane.selected(new SetActor.Selected(context, all), micros / 1_000);
            return true;
        }

        @Override
        public boolean rank(SetId set, Ranking ranking, SelectFlags flags, SelectContext context) {
            return ask(set, null, 0, flags, context);
        }

        @Override
        public DestinationFacts facts() {
            return DestinationFacts.NONE;
        }

        @Override
        public SetView view(SetId set) {
            return view;
        }

        @Override
        public DestinationIndex destinations() {
            return index;
        }

        @Override
        public boolean isUnusable(Destination candidate) {
            return false;
        }
    }
}
