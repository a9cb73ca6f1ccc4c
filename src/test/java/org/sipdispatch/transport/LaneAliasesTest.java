package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.ConfigFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.sipdispatch.transaction.TlsPeer;
import org.sipdispatch.transaction.TransactionConnections;

/** Which connection two lanes find for an address, if several clients have it, or ask for it as their alias. */
class LaneAliasesTest {
    private static final SharedRemoteConnections.AliasClient X =
            new SharedRemoteConnections.AliasClient(Set.of("x.example.com"), true);
    private static final SharedRemoteConnections.AliasClient Y =
            new SharedRemoteConnections.AliasClient(Set.of("y.example.com"), true);
    private static final int ALIAS = 5061;

    private final OpenedLane lane = new OpenedLane("stateless");
    private final ActorSystem system = OpenedLane.actorSystem();
    private final TestKit actor0 = new TestKit(system);
    private final TestKit actor1 = new TestKit(system);
    private final List<LaneRef> lanes = List.of(new LaneRef(actor0.getRef()), new LaneRef(actor1.getRef()));
    private final SharedRemoteConnections shared = new SharedRemoteConnections();
    private final TcpConnections lane0 = new TcpConnections(0, lanes, shared, settings(), lane.inlet);
    private final TcpConnections lane1 = new TcpConnections(1, lanes, shared, settings(), lane.inlet);
    private final ActorRef one = new TestKit(system).getRef();
    private final ActorRef two = new TestKit(system).getRef();
    private final ActorRef three = new TestKit(system).getRef();

    @AfterEach
    void terminate() {
        TestKit.shutdownActorSystem(system);
    }

    private static TransportSettings settings() {
        return TransportSettings.from(
                Section.root(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher"))
                        .section("transport"));
    }

    private static InetSocketAddress at(int port) {
        return new InetSocketAddress("192.0.2.1", port);
    }

    /** A connection that a client has opened from this port. */
    private static Flow open(TcpConnections in, int port, ActorRef connection) {
        return open(in, port, connection, true);
    }

    private static Flow open(TcpConnections in, int port, ActorRef connection, boolean isInbound) {
        long number = in.nextNumber();
        in.add(number, new NextHop(OpenedLane.SOCKET, at(port)), connection, isInbound);
        return new Flow(OpenedLane.SOCKET, at(port), number);
    }

    private static void close(TcpConnections in, Flow flow, ActorRef connection) {
        in.remove(flow.connection(), new NextHop(OpenedLane.SOCKET, flow.source()), connection);
    }

    private static ActorRef found(TcpConnections in, int port) {
        return found(in, port, TransactionConnections.NONE);
    }

    private static ActorRef found(TcpConnections in, int port, TransactionConnections connections) {
        return in.find(new LaneRef.SendTcp(0, OpenedLane.SOCKET, at(port), connections, new byte[1]));
    }

    private LaneRef other(TcpConnections in, int port) {
        return in.otherLane(OpenedLane.SOCKET, at(port), null);
    }

    private static void look(TcpConnections in, TestKit actor) {
        in.checkAliases(actor.expectMsgClass(LaneRef.CheckAliases.class));
    }

    @Test
    void aConnectionFromAPortKeepsItOnAllLanes() {
        open(lane0, 40_000, one);
        lane1.addAlias(open(lane1, 40_001, two), 40_000, Y);

        assertThat(found(lane0, 40_000)).isEqualTo(one);
        assertThat(found(lane1, 40_000)).isNull();
        assertThat(other(lane1, 40_000)).isEqualTo(lanes.get(0));
        assertThat(actor0.msgAvailable()).isFalse();
    }

    @Test
    void aConnectionFromThePortOfAnAliasTakesItFromAllLanes() {
        lane1.addAlias(open(lane1, 40_001, two), 40_000, Y);
        assertThat(found(lane1, 40_000)).isEqualTo(two);

        open(lane0, 40_000, one);
        look(lane1, actor1);

        assertThat(found(lane0, 40_000)).isEqualTo(one);
        assertThat(found(lane1, 40_000)).isNull();
        assertThat(other(lane1, 40_000)).isEqualTo(lanes.get(0));
    }

    @Test
    void theAliasOfAnotherClientStaysOnAllLanes() {
        lane0.addAlias(open(lane0, 40_000, one), ALIAS, X);
        lane1.addAlias(open(lane1, 40_001, two), ALIAS, Y);

        assertThat(found(lane0, ALIAS)).isEqualTo(one);
        assertThat(found(lane1, ALIAS)).isNull();
        assertThat(other(lane1, ALIAS)).isEqualTo(lanes.get(0));
    }

    @Test
    void anAliasIsFreeAfterTheEndOfItsConnection() {
        Flow first = open(lane0, 40_000, one);
        lane0.addAlias(first, ALIAS, X);
        close(lane0, first, one);

        lane1.addAlias(open(lane1, 40_001, two), ALIAS, Y);

        assertThat(found(lane0, ALIAS)).isNull();
        assertThat(found(lane1, ALIAS)).isEqualTo(two);
    }

    @Test
    void oneOfTwoClientsThatAskAtTheSameTimeGetsTheAlias() {
        int ports = 2_000;
        CompletableFuture<long[]> x = CompletableFuture.supplyAsync(() -> claims(ports, 0, X));
        long[] ofY = claims(ports, 1, Y);
        long[] ofX = x.join();

        assertThat(IntStream.range(0, ports)).allMatch(port -> ofX[port] < 0 != ofY[port] < 0);
    }

    private long[] claims(int ports, int ofLane, SharedRemoteConnections.AliasClient client) {
        return IntStream.range(0, ports)
                .mapToLong(port -> shared.claim(new RemoteEndpoint(0, at(1_024 + port), null), ofLane, client))
                .toArray();
    }

    /** The client connects again twice, and each lane learns of the other's connection when it is old. */
    @Test
    void theNewestConnectionHasTheAliasIfItMovedThereAndBack() {
        lane0.addAlias(open(lane0, 40_000, one), ALIAS, X);
        lane1.addAlias(open(lane1, 40_001, two), ALIAS, X);
        lane0.addAlias(open(lane0, 40_002, three), ALIAS, X);
        look(lane0, actor0);
        look(lane1, actor1);

        assertThat(found(lane0, ALIAS)).isEqualTo(three);
        assertThat(found(lane1, ALIAS)).isNull();
        assertThat(other(lane1, ALIAS)).isEqualTo(lanes.get(0));
    }

    /** They are those of one client through two load balancers. */
    @Test
    void ofTwoConnectionsFromOneAddressTheOlderIsFoundAfterTheEndOfTheNewer() {
        Flow older = open(lane0, 40_000, one);
        Flow newer = open(lane0, 40_000, two);
        assertThat(found(lane0, 40_000)).isEqualTo(two);

        close(lane0, newer, two);

        assertThat(found(lane0, 40_000)).isEqualTo(one);
        assertThat(other(lane1, 40_000)).isEqualTo(lanes.get(0));
        close(lane0, older, one);
        assertThat(found(lane0, 40_000)).isNull();
        assertThat(other(lane1, 40_000)).isNull();
    }

    @Test
    void ofTwoConnectionsFromOneAddressTheNewerIsFoundAfterTheEndOfTheOlder() {
        Flow older = open(lane0, 40_000, one);
        Flow newer = open(lane0, 40_000, two);

        close(lane0, older, one);

        assertThat(found(lane0, 40_000)).isEqualTo(two);
        assertThat(other(lane1, 40_000)).isEqualTo(lanes.get(0));
        close(lane0, newer, two);
        assertThat(found(lane0, 40_000)).isNull();
    }

    @Test
    void anAliasIsFoundAgainAfterAConnectionThatThisLaneOpenedToIt() {
        lane0.addAlias(open(lane0, 40_000, one), ALIAS, X);
        Flow opened = open(lane0, ALIAS, two, false);
        assertThat(found(lane0, ALIAS)).isEqualTo(two);

        close(lane0, opened, two);

        assertThat(found(lane0, ALIAS)).isEqualTo(one);
    }

    /** As Java writes the addresses of certificates, and as a URI may. */
    @ParameterizedTest
    @CsvSource({"2001:db8:0:0:0:0:0:1, 2001:db8::1", "2001:db8:0:0:0:0:0:1, 2001:DB8:0::0:1"})
    void theAliasOfAClientWithAnIpv6AddressIsFound(String inCertificate, String inUri) {
        lane0.addAlias(
                open(lane0, 40_000, one), ALIAS, new SharedRemoteConnections.AliasClient(Set.of(inCertificate), true));

        assertThat(found(lane0, ALIAS, TransactionConnections.to(new TlsPeer(inUri, null))))
                .isEqualTo(one);
    }
}
