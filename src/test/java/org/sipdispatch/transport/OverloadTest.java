package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** A node whose lane has more to do than it can, over real sockets. */
@Timeout(120)
class OverloadTest extends TrafficFixture {
    private static final int BURST = 50;

    private final UdpPeer callee = closing(UdpPeer.answering(HOST, 200));
    private final UdpPeer caller = closing(new UdpPeer(HOST));

    private void starts(String settings, UdpPeer destination) {
        node = closing(TestNode.start(
                TestNode.sockets("u", TestNode.udp(udpSocket)) + settings,
                "sip:" + SipText.hostPort(destination.address())));
    }

    private String sends(String method) {
        String call = Requests.newCall();
        caller.send(udpSocket, Requests.udp(caller.address()).of(method, call));
        return call;
    }

    @Test
    void aFloodIsRefusedAndTheNodeAnswersOptionsMeanwhileAndTakesAllAfterwards() {
        starts("relay.overload { shed = on, target = 1ms, interval = 10ms }\n", callee);
        String ok = sends("INVITE");
        caller.awaitResponse(200, "INVITE", ok);

        List<String> probes = new ArrayList<>();
        List<String> flood = new ArrayList<>();
        while (node.count(LaneCounter.REFUSED_OVERLOADED) < 200) {
            for (int i = 0; i < BURST; i++) {
                flood.add(sends("INVITE"));
            }
            probes.add(probe());
        }

        await().atMost(Duration.ofSeconds(20))
                .until(() -> caller.answered("OPTIONS").stream().anyMatch(probes::contains));
        SipMessage refusal = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> caller.received().stream()
                                .filter(message -> message instanceof SipResponse response && response.status() == 503)
                                .findFirst()
                                .orElse(null),
                        found -> found != null);
        assertThat(SipText.callId(refusal)).isIn(flood);
        assertThat(Ascii.text(refusal.bytes(), refusal.start(), refusal.end()))
                .startsWith("SIP/2.0 503 Overloaded\r\n")
                .doesNotContain("Retry-After");
        assertThat(caller.received())
                .noneMatch(message -> message instanceof SipResponse response
                        && response.cseqMethodIs("OPTIONS")
                        && response.status() != 200);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> node.traffic().overload().equals(OverloadState.NORMAL));
        assertThat(node.traffic().full()).isEmpty();
        String later = sends("INVITE");
        assertThat(caller.awaitResponse(0, "INVITE", later).status()).isEqualTo(200);
    }

    /** OPTIONS to the node itself, as a load balancer sends it. */
    private String probe() {
        String call = Requests.newCall();
        String options = Requests.udp(caller.address()).of("OPTIONS", call);
        caller.send(udpSocket, options.replaceFirst("^OPTIONS \\S+", "OPTIONS sip:" + SipText.hostPort(udpSocket)));
        return call;
    }

    /** T1 ends while the lane does nothing, and the response is in its socket. */
    @Test
    void aResponseThatWaitsInTheSocketStopsTheTimerThatIsDueBeforeItIsRead() throws InterruptedException {
        UdpPeer silent = closing(new UdpPeer(HOST));
        UdpPeer pinged = closing(new UdpPeer(HOST));
        starts("relay.t1 = 200ms\n", silent);
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        Destination other =
                new Destination("default", 2, "sip:" + SipText.hostPort(pinged.address()), null, 1, 0, "", "");
        node.traffic().ping(new Ping(other, "OPTIONS", "sip:dispatcher@localhost", 70, null, 20_000), 0, result -> {
            blocked.countDown();
            awaitUninterruptibly(free);
        });
        await().until(() -> !pinged.requests("OPTIONS").isEmpty());

        String call = sends("INVITE");
        SipRequest invite = silent.awaitRequest("INVITE", call);
        pinged.send(udpSocket, SipText.response(pinged.requests("OPTIONS").get(0), 200, "p"));
        blocked.await();
        int before = silent.requests("INVITE").size();
        silent.send(
                udpSocket,
                SipText.response(
                        invite, 200, "callee", "Contact: <sip:callee@" + SipText.hostPort(silent.address()) + ">"));
        await().pollDelay(Duration.ofMillis(290)).until(() -> true);
        free.countDown();

        caller.awaitResponse(200, "INVITE", call);
        assertThat(silent.requests("INVITE")).hasSize(before);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
