package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Limits with real calls on several lanes: the destination never has more calls than it may have. */
@Timeout(300)
class LimitTrafficTest extends TrafficFixture {
    private static final int LANES = 3;

    private final InetSocketAddress at = Ports.freeAddress(HOST);
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();
    private final UdpPeer limited = closing(new UdpPeer(new InetSocketAddress(HOST, 0), this::count));
    private final UdpPeer other = closing(UdpPeer.answering(HOST, 200));

    private void count(UdpPeer peer, SipRequest request) {
        if (request.isMethod("INVITE")) {
            open.add(SipText.callId(request));
            most.accumulateAndGet(open.size(), Math::max);
        } else if (request.isMethod("BYE")) {
            open.remove(SipText.callId(request));
        }
        if (!request.isMethod("ACK")) {
            String contact = "Contact: <sip:callee@" + SipText.hostPort(peer.address()) + ">";
            peer.send(peer.lastSource(), SipText.response(request, 200, "callee", contact));
        }
    }

    private TestNode start(String settings, String attrs) {
        String text =
                TestNode.sockets("main", TestNode.udp(at)) + "transport.lanes = " + LANES + "\n" + settings + "\n";
        return closing(TestNode.start(text, set(attrs)));
    }

    private SetView set(String attrs) {
        List<SetView.SetMember> members = new ArrayList<>();
        for (UdpPeer peer : List.of(limited, other)) {
            String uri = "sip:" + SipText.hostPort(peer.address());
            Destination destination = new Destination("default", 1, uri, null, 1, 0, peer == limited ? attrs : "", "");
            members.add(new SetView.SetMember(destination, true));
        }
        return SetView.of(new SetId("default", 1), members);
    }

    private static int used(TestNode node) {
        return node.limits().all().stream().mapToInt(CallLimits::used).sum();
    }

    /** The calls of all lanes together, at any moment: a call that ends makes place for the next one. */
    @Test
    void theCallsOfAllLanesNeverExceedTheLimitAndTheNextDestinationGetsTheOthers() throws Exception {
        int limit = 4;
        TestNode node = start("", "maxcalls=" + limit);
        List<CallingAgent> callers = IntStream.range(0, 4)
                .mapToObj(i -> closing(CallingAgent.start(HOST, at, 100)))
                .toList();
        await().until(() -> callers.stream().mapToInt(CallingAgent::completed).sum() > 2_000);
        for (CallingAgent caller : callers) {
            caller.finish();
        }

        assertThat(callers).allSatisfy(caller -> assertThat(caller.failures()).isEmpty());
        assertThat(most.get()).isBetween(1, limit);
        await().untilAsserted(() -> assertThat(used(node)).isZero());
    }

    /** Calls that stay: exactly as many as the limit on all lanes together, and as many again when these have ended. */
    @Test
    void asManyCallsAsTheLimitStayOnAllLanesTogether() {
        int limit = 20;
        UdpPeer caller = closing(new UdpPeer(HOST));
        Requests requests = Requests.udp(caller.address());
        TestNode node = start("", "maxcalls=" + limit);
        for (int round = 1; round <= 3; round++) {
            List<String> calls = IntStream.range(0, 3 * limit)
                    .mapToObj(i -> Requests.newCall())
                    .toList();
            calls.forEach(call -> caller.send(at, requests.of("INVITE", call)));
            List<SipResponse> answers = calls.stream()
                    .map(call -> caller.awaitResponse(200, "INVITE", call))
                    .toList();
            answers.forEach(answer -> caller.send(at, requests.inDialog("ACK", answer)));
            assertThat(open).hasSize(limit);
            assertThat(used(node)).isEqualTo(limit);

            answers.forEach(answer -> caller.send(at, requests.inDialog("BYE", answer)));
            await().untilAsserted(() -> assertThat(used(node)).isZero());
            await().untilAsserted(() -> assertThat(open).isEmpty());
        }
        assertThat(most.get()).isEqualTo(limit);
    }

    @Test
    void aSourceGetsAsManyCallsAsItMayHaveOnAllLanesTogether() {
        int limit = 10;
        UdpPeer caller = closing(new UdpPeer(HOST));
        Requests requests = Requests.udp(caller.address());
        start("limits.sources = [{ name = all, from = \"0.0.0.0/0\", max-calls = " + limit + " }]", "");
        List<String> calls =
                IntStream.range(0, 3 * limit).mapToObj(i -> Requests.newCall()).toList();
        calls.forEach(call -> caller.send(at, requests.of("INVITE", call)));

        await().until(() -> caller.answered("INVITE").containsAll(calls));

        long refused = calls.stream()
                .filter(call -> caller.awaitResponse(0, "INVITE", call).status() == 503)
                .count();
        assertThat(refused).isEqualTo(2L * limit);
    }
}
