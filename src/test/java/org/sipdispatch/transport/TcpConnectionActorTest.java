package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.AbstractActor;
import akka.actor.ActorSystem;
import akka.actor.Props;
import akka.io.Tcp;
import akka.io.TcpMessage;
import akka.testkit.javadsl.TestKit;
import akka.util.ByteString;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.observation.Handshakes;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.TlsPeer;
import org.sipdispatch.transaction.TransactionConnections;
import org.slf4j.LoggerFactory;

/** What a TCP connection does with what its peer sends, without a network. */
class TcpConnectionActorTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 40_000);
    private static final SharedRemoteConnections.AliasClient CLIENT =
            new SharedRemoteConnections.AliasClient(Set.of("a.example.com", "192.0.2.1"), true);
    private static final TlsPeer NAMED = new TlsPeer("a.example.com", null);
    private static final String PING = "\r\n\r\n";

    private final OpenedLane lane = new OpenedLane("stateless");
    private final ActorSystem system = OpenedLane.actorSystem();
    private final TestKit tcp = new TestKit(system);

    @AfterEach
    void terminate() {
        TestKit.shutdownActorSystem(system);
    }

    /** Its parent, which takes it as a listener does. */
    private static final class Listener extends AbstractActor {
        private final LaneTcpContext home;
        private final NewTcpConnection.Accepted taken;

        private Listener(LaneTcpContext home, NewTcpConnection.Accepted taken) {
            this.home = home;
            this.taken = taken;
        }

        @Override
        public void preStart() {
            NewTcpConnection.accept(getContext(), home, taken);
        }

        @Override
        public Receive createReceive() {
            return emptyBehavior();
        }
    }

    private static TransportSettings settings(String limits) {
        return TransportSettings.from(Section.root(ConfigFactory.parseString("tcp { " + limits + " }")
                        .atKey("transport")
                        .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher")))
                .section("transport"));
    }

    private void connects(String limits) {
        TransportSettings settings = settings(limits);
        TcpConnections connections =
                new TcpConnections(0, List.of(), new SharedRemoteConnections(), settings, lane.inlet);
        LaneTcpContext home = new LaneTcpContext(lane.inlet, connections, settings, null, new Handshakes());
        NewTcpConnection.Accepted taken = new NewTcpConnection.Accepted(
                OpenedLane.SOCKET, PEER, tcp.getRef(), connections.inbound().acquire(PEER.getAddress()), null);
        system.actorOf(Props.create(Listener.class, () -> new Listener(home, taken)));
        tcp.expectMsgClass(Tcp.Register.class);
        tcp.expectMsg(TcpMessage.resumeReading());
    }

    private void receives(String text) {
        tcp.getLastSender().tell(new Tcp.Received(ByteString.fromArray(SipText.bytes(text))), tcp.getRef());
    }

    private static String request() {
        return Requests.tcp(PEER).of("OPTIONS", Requests.newCall());
    }

    /** Also if its client names the port from which it connected as the one for requests. */
    @Test
    void otherLanesNoLongerFindAConnectionThatHasEnded() {
        List<LaneRef> lanes = List.of(new LaneRef(system.deadLetters()), new LaneRef(system.deadLetters()));
        SharedRemoteConnections shared = new SharedRemoteConnections();
        TcpConnections connections = new TcpConnections(0, lanes, shared, settings(""), lane.inlet);
        TcpConnections others = new TcpConnections(1, lanes, shared, settings(""), lane.inlet);
        NextHop hop = new NextHop(OpenedLane.SOCKET, PEER);
        long number = connections.nextNumber();
        connections.add(number, hop, tcp.getRef(), true);
        connections.addAlias(new Flow(hop.socket(), PEER, number), PEER.getPort(), CLIENT);
        assertThat(others.otherLane(hop.socket(), PEER, null)).isSameAs(lanes.get(0));
        assertThat(others.otherLane(hop.socket(), PEER, NAMED)).isSameAs(lanes.get(0));
        assertThat(others.otherLane(hop.socket(), PEER, new TlsPeer("b.example.com", null)))
                .isNull();

        connections.remove(number, hop, tcp.getRef());

        assertThat(others.otherLane(hop.socket(), PEER, null)).isNull();
        assertThat(others.otherLane(hop.socket(), PEER, NAMED)).isNull();
    }

    /** The second connection is one of the same client, and has the alias where no connection comes from that port. */
    @Test
    void aConnectionFromThePortOfAnAliasStays() {
        TcpConnections connections =
                new TcpConnections(0, List.of(), new SharedRemoteConnections(), settings(""), lane.inlet);
        InetSocketAddress another = new InetSocketAddress(PEER.getAddress(), PEER.getPort() + 1);
        TestKit second = new TestKit(system);
        long direct = connections.nextNumber();
        long number = connections.nextNumber();
        connections.add(direct, new NextHop(OpenedLane.SOCKET, PEER), tcp.getRef(), true);
        connections.add(number, new NextHop(OpenedLane.SOCKET, another), second.getRef(), true);
        for (int port : List.of(PEER.getPort(), 5061)) {
            connections.addAlias(new Flow(OpenedLane.SOCKET, PEER, direct), port, CLIENT);
            connections.addAlias(new Flow(OpenedLane.SOCKET, another, number), port, CLIENT);
        }

        assertThat(connections.find(message(PEER, null))).isEqualTo(tcp.getRef());
        assertThat(connections.find(message(PEER, NAMED))).isEqualTo(second.getRef());
        InetSocketAddress alias = new InetSocketAddress(PEER.getAddress(), 5061);
        assertThat(connections.find(message(alias, null))).isEqualTo(second.getRef());
        assertThat(connections.find(message(alias, NAMED))).isEqualTo(second.getRef());
        connections.remove(direct, new NextHop(OpenedLane.SOCKET, PEER), tcp.getRef());
        assertThat(connections.find(message(PEER, null))).isNull();
        assertThat(connections.find(message(alias, null))).isEqualTo(second.getRef());
    }

    private static LaneRef.SendTcp message(InetSocketAddress to, TlsPeer peer) {
        return new LaneRef.SendTcp(0, OpenedLane.SOCKET, to, TransactionConnections.to(peer), new byte[0]);
    }

    @Test
    void whatComesIsRelayedBehindPings() {
        connects("");

        receives(PING.repeat(3) + request());

        tcp.expectMsgClass(Tcp.Write.class);
        tcp.expectMsg(TcpMessage.resumeReading());
        assertThat(lane.counters.get(LaneCounter.REQUESTS)).isOne();
    }

    @Test
    void aMessageThatTakesTooLongIsLoggedWithTheTimeAsInTheConfiguration() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(Limits.class);
        lines.start();
        log.addAppender(lines);
        try {
            connects("message-timeout = 1500ms");
            receives("OPTIONS sip:a@h SIP/2.0\r\n");

            tcp.fishForMessage(Duration.ofSeconds(20), "an abort", message -> message.equals(TcpMessage.abort()));
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(Limit.MESSAGE_TIMEOUT.setting() + ": a message took longer from 192.0.2.1"
                        + " (expected: 1500ms at most); its connection was closed");
    }

    /** Above its own limit it is aborted; above what all may hold it is told to close. */
    @ParameterizedTest
    @ValueSource(strings = {"max-unsent = 64KiB", "max-unsent = 64MiB, max-buffered = 1MiB"})
    void nothingIsRelayedBehindPingsWhoseAnswersAreTooMuch(String limits) {
        connects(limits);

        receives(PING.repeat(600_000) + request());

        tcp.fishForMessage(Duration.ofSeconds(20), "an abort", message -> message.equals(TcpMessage.abort()));
        assertThat(lane.counters.get(LaneCounter.REQUESTS)).isZero();
        assertThat(lane.counters.limits().hits(limits.contains("max-buffered") ? Limit.MAX_BUFFERED : Limit.MAX_UNSENT))
                .isOne();
    }
}
