package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Peer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.TrafficShare;
import org.sipdispatch.sip.RetryAfter;
import org.sipdispatch.sip.SipResponse;

/** Backoff, slow starts and the quality of calls with real calls, on one node and on two that tell each other. */
@Timeout(120)
class BackoffTrafficTest extends TrafficFixture {
    private static final String SECRET = "relay.secret = \"one secret for all\"\nrelay.t1 = 4s\ntransport.lanes = 2\n";
    private static final String FIRST = "rules = [{ select { set = 1, alg = 8, flags = F } }]\n";

    private final UdpPeer caller = closing(new UdpPeer(HOST));
    private final Requests requests = Requests.udp(caller.address());
    private final InetSocketAddress at = Ports.freeAddress(HOST);
    /** The seconds of Retry-After; 0 for none, below 0 to answer calls. */
    private final AtomicInteger retryAfter = new AtomicInteger(60);

    private TestNode start(InetSocketAddress local, String more, Peer... destinations) {
        return closing(TestNode.start(
                TestNode.sockets("main", TestNode.udp(local)) + SECRET + more,
                Arrays.stream(destinations).map(BackoffTrafficTest::uri).toArray(String[]::new)));
    }

    private static String uri(Peer peer) {
        return "sip:" + SipText.hostPort(peer.address());
    }

    private static String id(Peer peer) {
        return "default:1:" + uri(peer);
    }

    /** A gateway that is overloaded as {@link #retryAfter} says. */
    private UdpPeer overloaded() {
        return closing(new UdpPeer(new InetSocketAddress(HOST, 0), (peer, request) -> {
            if (!request.isMethod("ACK")) {
                int seconds = retryAfter.get();
                boolean refuses = seconds >= 0 && !request.isMethod("BYE");
                String[] more = seconds > 0
                        ? new String[] {"Retry-After: " + seconds + " (overload)"}
                        : new String[] {"Contact: <sip:callee@" + SipText.hostPort(peer.address()) + ">"};
                peer.send(peer.lastSource(), SipText.response(request, refuses ? 503 : 200, "callee", more));
            }
        }));
    }

    private SipResponse call(InetSocketAddress node, int code) {
        String call = Requests.newCall();
        caller.send(node, requests.of("INVITE", call));
        SipResponse response = caller.awaitResponse(code, "INVITE", call);
        if (code >= 300) {
            caller.send(node, requests.ackOf(response));
        }
        return response;
    }

    private static int calls(Peer... peers) {
        return Arrays.stream(peers)
                .mapToInt(peer -> peer.requests("INVITE").size())
                .sum();
    }

    /** Calls until one does not reach the peers: new views reach the lanes after a moment. */
    private void awaitNoCallsTo(InetSocketAddress node, int code, Peer... peers) {
        await().until(() -> {
            int before = calls(peers);
            call(node, code);
            return calls(peers) == before;
        });
    }

    @Test
    void aDestinationThatAsksForABackoffGetsNoCallsForThatTime() {
        UdpPeer busy = overloaded();
        UdpPeer other = closing(UdpPeer.answering(HOST, 200));
        retryAfter.set(3);
        TestNode node = start(at, FIRST, busy, other);

        call(at, 200);
        assertThat(node.traffic().shares().get(id(busy)).backoffMs()).isBetween(1L, 3_000L);
        awaitNoCallsTo(at, 200, busy);
        retryAfter.set(-1);
        while (node.traffic().shares().containsKey(id(busy))) {
            int before = calls(busy);
            call(at, 200);
            assertThat(calls(busy) == before || node.traffic().shares().isEmpty())
                    .isTrue();
        }
        await().until(() -> {
            int before = calls(busy);
            call(at, 200);
            return calls(busy) > before;
        });

        assertThat(node.count(LaneCounter.BACKOFFS)).isPositive();
        assertThat(node.observations()).allMatch(one -> one.failed() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void ifAllAreInBackoffTheCallerLearnsForHowLong(String mode) {
        UdpPeer one = overloaded();
        UdpPeer two = overloaded();
        TestNode node = start(at, FIRST + "relay-defaults.mode = " + mode + "\n", one, two);
        await().until(() -> {
            call(at, 503);
            return node.traffic().shares().size() == 2;
        });
        awaitNoCallsTo(at, 503, one, two);
        int before = calls(one, two);

        for (int i = 0; i < 10; i++) {
            assertThat(RetryAfter.seconds(call(at, 503))).isBetween(1L, 30L);
        }

        assertThat(calls(one, two)).isEqualTo(before);
        assertThat(node.count(LaneCounter.REFUSED_IN_BACKOFF)).isGreaterThanOrEqualTo(10);
    }

    @Test
    void theSettingBoundsABackoff() {
        UdpPeer busy = overloaded();
        retryAfter.set(3_600);
        TestNode node = start(at, FIRST + "backoff.longest = 2s\n", busy);

        assertThat(RetryAfter.seconds(call(at, 503))).isBetween(1L, 2L);
        retryAfter.set(-1);

        await().until(() -> {
            String call = Requests.newCall();
            caller.send(at, requests.of("INVITE", call));
            return caller.awaitResponse(0, "INVITE", call).status() == 200;
        });
        assertThat(node.traffic().shares()).isEmpty();
    }

    @Test
    void theOtherNodeLearnsOfABackoffAtOnce() {
        UdpPeer busy = overloaded();
        UdpPeer other = closing(UdpPeer.answering(HOST, 200));
        InetSocketAddress second = Ports.freeAddress(HOST);
        TestNode one = start(at, FIRST, busy, other);
        TestNode two = start(second, FIRST, busy, other);
        one.traffic().carryCalls(true);

        call(at, 200);
        await().until(() -> {
            one.carried().forEach(two.traffic()::carry);
            return two.traffic().shares().containsKey(id(busy));
        });
        awaitNoCallsTo(second, 200, busy);
        int before = calls(busy);
        for (int i = 0; i < 20; i++) {
            call(second, 200);
        }

        assertThat(calls(busy)).isEqualTo(before);
        assertThat(two.traffic().shares().get(id(busy)).backoffMs()).isBetween(1L, 30_000L);
        assertThat(two.count(LaneCounter.MALFORMED_CARRIED)).isZero();
    }

    @Test
    void aDestinationThatComesBackGetsItsCallsStepByStep() {
        UdpPeer back = closing(UdpPeer.answering(HOST, 486));
        UdpPeer other = closing(UdpPeer.answering(HOST, 486));
        String[] both = {uri(back), uri(other)};
        String rule = "rules = [{ select { set = 1, alg = smooth-round-robin } }]\n";
        String slow = "slow-start { duration = 1h, first-percent = 20 }\n";
        TestNode node = start(at, rule + slow, back, other);
        node.traffic().update(List.of(TestNode.set(1, List.of(both[0]), both)));

        node.traffic().update(List.of(TestNode.set(both)));
        await().until(() -> node.traffic().shares().equals(Map.of(id(back), new TrafficShare(0, 20))));
        // The new views reach the lanes after a moment.
        await().until(() -> {
            int before = calls(back);
            for (int i = 0; i < 20; i++) {
                call(at, 486);
            }
            return calls(back) - before <= 4;
        });
        int before = calls(back);
        int calls = 200;
        for (int i = 0; i < calls; i++) {
            call(at, 486);
        }

        // A fifth of its half, and each of two lanes takes its own turns.
        assertThat(calls(back) - before).isBetween(calls / 10 - 6, calls / 10 + 6);
    }

    @Test
    void theQualityOfCallsIsThatOfAllNodes() {
        UdpPeer good = closing(UdpPeer.answering(HOST, 200));
        UdpPeer bad = closing(UdpPeer.answering(HOST, 404));
        InetSocketAddress second = Ports.freeAddress(HOST);
        String rule = "rules = [{ select { set = 1, alg = quality } }]\nquality { least-calls = 10, order-by = asr }\n";
        TestNode one = start(at, rule, good, bad);
        TestNode two = start(second, rule, good, bad);
        one.traffic().carryCalls(true);
        for (int i = 0; i < 40; i++) {
            String call = Requests.newCall();
            caller.send(at, requests.of("INVITE", call));
            await().until(() -> caller.answered("INVITE").contains(call));
        }

        await().until(() -> {
            one.carried().forEach(two.traffic()::carry);
            return two.traffic().quality().all().containsKey(id(bad));
        });
        QualityCounts there = two.traffic().quality().all().get(id(bad));
        assertThat(there).isEqualTo(one.traffic().quality().all().get(id(bad)));
        assertThat(there.seizures()).isGreaterThanOrEqualTo(10);
        assertThat(there.answers()).isZero();

        // The second node has no calls of its own, and selects by the figures of the first one.
        await().until(() -> {
            one.carried().forEach(two.traffic()::carry);
            int before = calls(bad);
            for (int i = 0; i < 10; i++) {
                String call = Requests.newCall();
                caller.send(second, requests.of("INVITE", call));
                await().until(() -> caller.answered("INVITE").contains(call));
            }
            return calls(bad) == before;
        });
    }
}
