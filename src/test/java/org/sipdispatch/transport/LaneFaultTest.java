package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.relay.Counter;
import org.sipdispatch.relay.Flow;
import org.sipdispatch.relay.Hop;
import org.sipdispatch.relay.LaneCounters;
import org.sipdispatch.relay.LaneDoors;
import org.sipdispatch.relay.LaneSetup;
import org.sipdispatch.relay.ListenSocket;
import org.sipdispatch.relay.ListenSockets;
import org.sipdispatch.relay.Protocol;
import org.sipdispatch.relay.RelayLane;
import org.sipdispatch.relay.RelaySettings;
import org.sipdispatch.relay.SendFailure;
import org.sipdispatch.relay.SetDoor;
import org.sipdispatch.relay.Wire;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SelectContext;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.sipdispatch.sip.SipResponse;

/** A fault of the relay costs the request that met it, and its sender is told. */
class LaneFaultTest {
    private static final InetSocketAddress CALLER = new InetSocketAddress("192.0.2.1", 5060);
    private static final ListenSocket SOCKET =
            new ListenSocket(0, "main", Protocol.UDP, new InetSocketAddress("192.0.2.10", 5060), "192.0.2.10", 5060);

    private final List<String> sent = new ArrayList<>();
    private final LaneCounters counters = new LaneCounters();
    private final LaneInlet inlet = new LaneInlet(counters);

    private final class Answers implements Wire {
        @Override
        public SendFailure send(ListenSocket socket, InetSocketAddress remote, long connection, byte[] bytes, int end) {
            sent.add(((SipResponse) SipText.parsed(bytes, end)).status() + " to " + remote.getPort());
            return null;
        }

        @Override
        public void watch(Hop hop) {}

        @Override
        public boolean handOver(int lane, byte[] bytes, int offset, int length, Flow flow) {
            return false;
        }
    }

    /** Fails whatever it is asked. */
    private static final class FaultySets implements SetDoor {
        @Override
        public boolean ask(SetId set, Algorithm algorithm, int hash, SelectFlags flags, SelectContext context) {
            throw new IllegalStateException("a fault of this program, for a test");
        }

        @Override
        public List<Destination> destinations() {
            return List.of();
        }

        @Override
        public boolean isOut(Destination candidate) {
            return false;
        }

        @Override
        public SetView view(SetId set) {
            return null;
        }
    }

    private void receives(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
        inlet.received(bytes, 0, bytes.length, new Flow(SOCKET, CALLER, Flow.NO_CONNECTION));
    }

    private void opens(String mode) {
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
        LaneDoors doors = new LaneDoors(
                new Answers(),
                new FaultySets(),
                (uri, draw, then) -> then.accept(List.of()),
                counters,
                LaneInlet::nowMicros,
                seen -> {},
                calls -> {},
                () -> 0,
                () -> 0,
                remote -> false);
        inlet.open(new RelayLane(setup, doors, inlet.nowMs()));
    }

    @Test
    void theSenderOfARequestIsAnsweredOnceWithATransaction() {
        opens("stateful");
        String invite = Requests.udp(CALLER).of("INVITE", "a-call");

        receives(invite);
        assertThat(sent).containsExactly("100 to 5060", "500 to 5060");
        receives(invite);

        assertThat(sent).containsExactly("100 to 5060", "500 to 5060", "500 to 5060");
        assertThat(counters.get(Counter.FAULTS)).isOne();
    }

    @Test
    void theSenderOfARequestIsAnsweredWithoutATransactionToo() {
        opens("stateless");

        receives(Requests.udp(CALLER).of("OPTIONS", "a-call"));

        assertThat(sent).containsExactly("500 to 5060");
    }

    @Test
    void anAckIsNotAnswered() {
        opens("stateless");

        receives(Requests.udp(CALLER).of("ACK", "a-call"));

        assertThat(sent).isEmpty();
        assertThat(counters.get(Counter.FAULTS)).isOne();
    }
}
