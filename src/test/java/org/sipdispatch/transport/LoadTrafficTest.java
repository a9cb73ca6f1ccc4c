package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Peer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.sip.SipRequest;

/** Selection by load and latency with real calls: one of four gateways differs from the others. */
@Timeout(300)
class LoadTrafficTest extends TrafficFixture {
    private static final int GATEWAYS = 4;
    /** Shorter than the first retransmission of an INVITE, and much longer than any other response on a busy host. */
    private static final int SLOW_MS = 1500;
    /** Calls at the same time. */
    private static final int ROUND = 8;

    private final ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor();
    private final UdpPeer caller = closing(new UdpPeer(HOST));
    private final Requests requests = Requests.udp(caller.address());
    private final InetSocketAddress at = Ports.freeAddress(HOST);
    private final List<UdpPeer> gateways = new ArrayList<>();

    private void start(UdpPeer first, String algorithm) {
        closing((AutoCloseable) late::shutdownNow);
        gateways.add(first);
        while (gateways.size() < GATEWAYS) {
            gateways.add(closing(UdpPeer.answering(HOST, 486)));
        }
        String rules =
                "relay.t1 = 4s\nlatency-tiers = [1s]\nrules = [{ select { set = 1, alg = " + algorithm + " } }]\n";
        closing(TestNode.start(
                TestNode.sockets("main", TestNode.udp(at)) + rules,
                gateways.stream().map(LoadTrafficTest::uri).toArray(String[]::new)));
    }

    private static String uri(Peer peer) {
        return "sip:" + SipText.hostPort(peer.address());
    }

    private UdpPeer slow() {
        return closing(new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> {
            if (request.isMethod("INVITE")) {
                late.schedule(() -> refuse(peer, request), SLOW_MS, TimeUnit.MILLISECONDS);
            }
        }));
    }

    private static void refuse(UdpPeer peer, SipRequest request) {
        peer.send(peer.lastSource(), SipText.response(request, 486, "slow"));
    }

    /** Calls at once, each with its response. Returns how many of them the first gateway got. */
    private int round() {
        int before = invites(0);
        List<String> calls =
                IntStream.range(0, ROUND).mapToObj(i -> Requests.newCall()).toList();
        calls.forEach(call -> caller.send(at, requests.of("INVITE", call)));
        for (String call : calls) {
            caller.send(at, requests.ackOf(caller.awaitResponse(486, "INVITE", call)));
        }
        return invites(0) - before;
    }

    private int invites(int gateway) {
        return gateways.get(gateway).requests("INVITE").size();
    }

    @Test
    void roundRobinSendsAQuarterOfAllCallsToTheSlowOne() {
        start(slow(), "round-robin");

        int slowOnes = IntStream.range(0, 3).map(i -> round()).sum();

        assertThat(slowOnes).isEqualTo(3 * ROUND / GATEWAYS);
    }

    /** Until its latency has been measured, the slow one gets its share; from then on hardly any call. */
    @ParameterizedTest
    @ValueSource(strings = {"best-of", "latency-tiers"})
    void theSlowOneGetsHardlyAnyCall(String algorithm) {
        start(slow(), algorithm);
        int without = 0;
        while (without < 3) {
            without = round() == 0 ? without + 1 : 0;
        }
        int[] before = IntStream.range(0, GATEWAYS).map(this::invites).toArray();
        int rounds = 50;

        IntStream.range(0, rounds).forEach(i -> round());

        int[] calls = IntStream.range(0, GATEWAYS)
                .map(gateway -> invites(gateway) - before[gateway])
                .toArray();
        assertThat(calls[0]).isLessThanOrEqualTo(rounds * ROUND / 50);
        assertThat(Arrays.stream(calls).max().getAsInt()).isLessThan(rounds * ROUND * 9 / 10);
    }

    /** One that only rings keeps its call in flight, so all others go past it. */
    @Test
    void theOneThatHoldsItsCallGetsNoOther() {
        UdpPeer ringing = closing(new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> {
            if (request.isMethod("INVITE")) {
                peer.send(peer.lastSource(), SipText.response(request, 180, "ringing"));
            }
        }));
        start(ringing, "least-in-flight");

        for (int i = 0; i < 40; i++) {
            String call = Requests.newCall();
            int before = invites(0);
            caller.send(at, requests.of("INVITE", call));
            await().until(() -> invites(0) > before || caller.answered("INVITE").contains(call));
        }

        assertThat(ringing.requests("INVITE")).hasSize(1);
        assertThat(IntStream.range(1, GATEWAYS).map(this::invites)).containsOnly(13);
    }
}
