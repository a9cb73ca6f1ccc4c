package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.ConnectionFlood;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpPeer;
import org.sipdispatch.observation.Limit;

/** What one address may use of a lane's TCP connections and of the memory for their messages. */
@Timeout(60)
class TcpLimitsTest {
    private static final String HOST = "127.0.0.1";
    private static final String GREEDY = "127.0.0.9";

    private final InetSocketAddress at = Ports.freeAddress(HOST);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(0, one);
        return one;
    }

    private TestNode node(String settings, TcpPeer callee) {
        return opened(TestNode.start(
                TestNode.sockets("t", TestNode.tcp(at)) + settings,
                "sip:" + SipText.hostPort(callee.address()) + ";transport=tcp"));
    }

    /** A request on a new connection from another address than the greedy one succeeds. */
    private void anotherAddressGetsThrough(TcpPeer caller) {
        TcpPeer.Connection connection = caller.connect(at);
        String call = Requests.newCall();
        connection.send(Requests.tcp(caller.address()).of("MESSAGE", call));
        caller.awaitResponse(200, "MESSAGE", call);
        connection.close();
    }

    @Test
    void whenAllPlacesAreTakenAnotherAddressGetsOneOfTheLargest() {
        TcpPeer caller = opened(new TcpPeer(HOST));
        TestNode node = node("transport.tcp.max-connections = 20", opened(TcpPeer.answering(HOST, 200)));
        ConnectionFlood flood = opened(ConnectionFlood.open(GREEDY, at, 30));
        await().until(() -> flood.open() == 20);

        for (int i = 0; i < 10; i++) {
            anotherAddressGetsThrough(caller);
        }

        assertThat(flood.open()).isBetween(10, 19);
        assertThat(node.traffic().count(Limit.MAX_CONNECTIONS)).isGreaterThanOrEqualTo(10);
        assertThat(node.traffic().full()).isEmpty();
    }

    @Test
    void connectionsOfPeersTakeNoPlaceOfThoseToDestinations() {
        TcpPeer caller = opened(new TcpPeer(HOST));
        TcpPeer callee = opened(TcpPeer.answering(HOST, 200));
        node("transport.tcp { max-connections = 1, max-outbound = 1 }", callee);

        anotherAddressGetsThrough(caller);

        assertThat(callee.taken()).hasSize(1);
    }

    @Test
    void halfMessagesOfOneAddressCloseItsOwnConnections() throws IOException {
        TcpPeer caller = opened(new TcpPeer(HOST));
        TestNode node = node("transport.tcp.max-buffered = 1MiB", opened(TcpPeer.answering(HOST, 200)));
        TcpPeer.Connection slow = caller.connect(at);
        String message =
                Requests.tcp(caller.address()).with("X: " + "x".repeat(6_000)).of("OPTIONS", Requests.newCall());
        slow.send(message.substring(0, 5_500));
        String half =
                Requests.tcp(caller.address()).withBody("x".repeat(60_000)).of("MESSAGE", Requests.newCall());
        ConnectionFlood flood = opened(ConnectionFlood.open(GREEDY, at, 40));

        flood.sendOnEach(SipText.bytes(half.substring(0, 50_000)));
        await().until(() -> flood.open() < 25);

        slow.send(message.substring(5_500));
        await().until(() -> !caller.received().isEmpty());
        assertThat(slow.isEnded()).isFalse();
        assertThat(flood.open()).isGreaterThan(10);
        assertThat(node.traffic().count(Limit.MAX_BUFFERED)).isGreaterThanOrEqualTo(15);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 20})
    void aLaneFullOfAddressesWithOneConnectionEachSaysSo(int most) {
        TestNode node = node("transport.tcp.max-connections = " + most, opened(TcpPeer.answering(HOST, 200)));
        for (int i = 1; i <= 30; i++) {
            opened(ConnectionFlood.open("127.0.1." + i, at, 1));
        }

        await().until(() -> node.traffic().full().contains(Limit.MAX_CONNECTIONS));
    }
}
