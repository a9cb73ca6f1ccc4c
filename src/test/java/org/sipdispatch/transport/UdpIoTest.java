package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.agents.Peer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpPeer;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.sets.Destination;

/** The UDP sockets of a node, regardless of what reads them. */
@Timeout(60)
class UdpIoTest extends TrafficFixture {
    /** What fits into the receive buffer that a kernel grants by default. */
    private static final int BURST = 150;

    private final UdpPeer callee = closing(UdpPeer.answering(HOST, 200));
    private final UdpPeer caller = closing(new UdpPeer(HOST));

    private TestNode start(UdpIo udp, String more, String... destinations) {
        return TestNode.start(
                TestNode.sockets("u", TestNode.udp(udpSocket)) + "transport.udp = " + udp + "\n" + more, destinations);
    }

    private static String uri(Peer peer) {
        return "sip:" + SipText.hostPort(peer.address());
    }

    /** Keeps the node's only lane busy until the latch is released. */
    private CountDownLatch busy() {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        closing(released::countDown);
        Destination pinged = new Destination("default", 1, uri(callee), null, 1, 0, "", "");
        node.traffic().ping(new Ping(pinged, "OPTIONS", "sip:dispatcher@localhost", 70, null, 10_000), 0, result -> {
            busy.countDown();
            awaitUninterrupted(released);
        });
        awaitUninterrupted(busy);
        return released;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> burst() {
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            calls.add(Requests.newCall());
            caller.send(udpSocket, Requests.udp(caller.address()).of("OPTIONS", calls.get(i)));
        }
        return calls;
    }

    @ParameterizedTest
    @EnumSource(UdpIo.class)
    void aBurstThatFindsTheLaneBusyIsAnswered(UdpIo udp) {
        node = closing(start(udp, "", uri(callee)));
        CountDownLatch lane = busy();

        List<String> calls = burst();
        lane.countDown();

        calls.forEach(call -> caller.awaitResponse(200, "OPTIONS", call));
    }

    @ParameterizedTest
    @EnumSource(UdpIo.class)
    void aNodeThatStopsWithOpenCallsLeavesItsPortAtOnce(UdpIo udp) throws IOException {
        UdpPeer ringing = closing(new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> {
            if (request.isMethod("INVITE")) {
                peer.send(peer.lastSource(), SipText.response(request, 180, "callee"));
            }
        }));
        try (TestNode stopping = start(udp, "transport.lanes = 2\n", uri(ringing))) {
            for (int i = 0; i < 8; i++) {
                String call = Requests.newCall();
                caller.send(udpSocket, Requests.udp(caller.address()).of("INVITE", call));
                caller.awaitResponse(180, "INVITE", call);
            }
            assertThat(stopping.traffic().ringing()).isEqualTo(8);
        }

        new DatagramSocket(udpSocket).close();
    }

    /** The lane's thread waits for UDP; what the thread of TCP finds has to end that wait, and the other way round. */
    @ParameterizedTest
    @EnumSource(UdpIo.class)
    void udpAndTcpTakeTurns(UdpIo udp) {
        InetSocketAddress tcpSocket = Ports.freeAddress(HOST);
        TcpPeer gateway = closing(TcpPeer.answering(HOST, 200));
        node = closing(TestNode.start(
                TestNode.sockets("u", TestNode.udp(udpSocket), "t", TestNode.tcp(tcpSocket)) + "transport.udp = " + udp
                        + "\n",
                uri(gateway) + ";transport=tcp"));
        TcpPeer tcpCaller = closing(new TcpPeer(HOST));
        TcpPeer.Connection connection = tcpCaller.connect(tcpSocket);

        for (int i = 0; i < 200; i++) {
            String call = Requests.newCall();
            caller.send(udpSocket, Requests.udp(caller.address()).of("OPTIONS", call));
            caller.awaitResponse(200, "OPTIONS", call);
            String tcpCall = Requests.newCall();
            connection.send(Requests.tcp(tcpCaller.address()).of("OPTIONS", tcpCall));
            tcpCaller.awaitResponse(200, "OPTIONS", tcpCall);
        }
    }

    @ParameterizedTest
    @EnumSource(UdpIo.class)
    void aSocketThatTheSystemClosesIsBoundAgain(UdpIo udp) throws Exception {
        node = closing(start(udp, "", uri(callee)));
        Process destroy = new ProcessBuilder("ss", "-K", "-uan", "src", SipText.hostPort(udpSocket))
                .redirectErrorStream(true)
                .start();
        String output = new String(destroy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(destroy.waitFor() == 0 && output.contains(SipText.hostPort(udpSocket)), output);

        String call = Requests.newCall();
        String request = Requests.udp(caller.address()).of("OPTIONS", call);
        await().until(() -> {
            caller.send(udpSocket, request);
            return caller.answered("OPTIONS").contains(call);
        });
    }
}
