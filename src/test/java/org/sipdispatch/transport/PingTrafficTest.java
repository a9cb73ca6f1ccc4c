package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpPeer;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.PingResult.PingOutcome;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.sets.Destination;

/** Pings over real sockets. */
@Timeout(60)
class PingTrafficTest {
    private static final String HOST = "127.0.0.1";
    private static final PingResult NO_EVIDENCE = new PingResult(PingOutcome.NO_EVIDENCE, 0, 0);

    private final InetSocketAddress at = Ports.freeAddress(HOST);
    private final TestNode node =
            TestNode.start(TestNode.sockets("u", TestNode.udp(at), "t", TestNode.tcp(at)) + "transport.lanes = 2\n");

    @AfterEach
    void close() {
        node.close();
    }

    private CompletableFuture<PingResult> pings(InetSocketAddress where, String parameters, int timeoutMs) {
        return pings(node, where, parameters, timeoutMs);
    }

    private static CompletableFuture<PingResult> pings(
            TestNode node, InetSocketAddress where, String parameters, int timeoutMs) {
        String uri = "sip:" + SipText.hostPort(where) + parameters;
        Destination destination = new Destination("default", 1, uri, null, 1, 0, "", "");
        CompletableFuture<PingResult> result = new CompletableFuture<>();
        node.traffic()
                .ping(
                        new Ping(destination, "OPTIONS", "sip:dispatcher@localhost", 70, null, timeoutMs),
                        0,
                        reported -> assertThat(result.complete(reported)).isTrue());
        return result.orTimeout(20, TimeUnit.SECONDS);
    }

    @Test
    void aDestinationAnswersWhicheverLaneAsks() {
        for (int i = 0; i < 8; i++) {
            try (UdpPeer peer = UdpPeer.answering(HOST, 200)) {
                PingResult result = pings(peer.address(), "", 10_000).join();

                assertThat(result.outcome()).isEqualTo(PingOutcome.REPLIED);
                assertThat(result.code()).isEqualTo(200);
                assertThat(result.roundTripMicros()).isPositive();
            }
        }
        assertThat(node.count(LaneCounter.PINGS)).isEqualTo(8);
    }

    @Test
    void overTcpToo() {
        try (TcpPeer peer = TcpPeer.answering(HOST, 404)) {
            assertThat(pings(peer.address(), ";transport=tcp", 10_000).join().code())
                    .isEqualTo(404);
        }
    }

    @Test
    void oneThatNobodyListensForIsUnreachable() {
        InetSocketAddress nobody = Ports.freeAddress(HOST);

        assertThat(pings(nobody, ";transport=tcp", 15_000).join().outcome()).isEqualTo(PingOutcome.UNREACHABLE);
    }

    @Test
    void overUdpIcmpTellsThatNobodyListens() {
        InetSocketAddress nobody = Ports.freeAddress(HOST);
        String reason = ConnectedUdpCheck.unsupportedReason(nobody.getAddress());
        assumeTrue(reason == null, reason);

        assertThat(pings(nobody, "", 15_000).join().outcome()).isEqualTo(PingOutcome.UNREACHABLE);
    }

    @Test
    void afterASilentPingTheNextOneReceivesIcmpWithoutARepetition() {
        InetSocketAddress nobody = Ports.freeAddress(HOST);
        String reason = ConnectedUdpCheck.unsupportedReason(nobody.getAddress());
        assumeTrue(reason == null, reason);
        TestNode slow =
                TestNode.start(TestNode.sockets("u", TestNode.udp(Ports.freeAddress(HOST))) + "relay.t1 = 10s\n");
        try (slow) {
            assertThat(pings(slow, nobody, "", 100).join().outcome()).isEqualTo(PingOutcome.SILENT);
            assertThat(pings(slow, nobody, "", 9_000).join().outcome()).isEqualTo(PingOutcome.UNREACHABLE);
        }
    }

    @Test
    void oneThatKeepsQuietIsSilent() {
        try (UdpPeer peer = new UdpPeer(HOST)) {
            assertThat(pings(peer.address(), "", 300).join().outcome()).isEqualTo(PingOutcome.SILENT);
        }
    }

    @Test
    void thoseThatAreOpenWhenTheNodeClosesSayNothing() {
        try (UdpPeer peer = new UdpPeer(HOST)) {
            CompletableFuture<PingResult> open = pings(peer.address(), "", 60_000);

            node.close();

            assertThat(open.join()).isEqualTo(NO_EVIDENCE);
            assertThat(pings(peer.address(), "", 60_000).join()).isEqualTo(NO_EVIDENCE);
        }
    }
}
