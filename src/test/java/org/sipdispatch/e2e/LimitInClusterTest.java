package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.sip.SipRequest;

/**
 * A limit of calls in a cluster of three processes, of which the oldest, which allocates the places, is killed. The user
 * agents never have more calls than the limit.
 */
@Timeout(400)
class LimitInClusterTest {
    private static final int LIMIT = 40;
    private static final int CALLS_PER_SECOND = 60;
    private static final String HOST = "127.0.0.1";
    private static final String MORE = """
            probing { ds_ping_interval = 1s }
            rules = [ { select { set = 1, alg = 4 } } ]
            """;

    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();
    private final UdpPeer gateway = new UdpPeer(new InetSocketAddress(HOST, 0), this::take);
    private final List<HeldCalls> callers = new ArrayList<>();

    /** A call whose ACK is lost with the killed node is none. */
    private void take(UdpPeer peer, SipRequest request) {
        String call = SipText.callId(request);
        if (request.isMethod("ACK")) {
            if (!ended.contains(call)) {
                open.add(call);
                most.accumulateAndGet(open.size(), Math::max);
            }
            return;
        } else if (request.isMethod("BYE")) {
            ended.add(call);
            open.remove(call);
        }
        String contact = "Contact: <sip:callee@" + SipText.hostPort(peer.address()) + ">";
        peer.send(peer.lastSource(), SipText.response(request, 200, "callee", contact));
    }

    @AfterEach
    void close() {
        callers.forEach(HeldCalls::close);
        gateway.close();
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(20));
    }

    @Test
    void neverMoreCallsThanTheLimitAndAllPlacesAgainAfterADeath() throws IOException {
        String url = EmbeddedPostgres.jdbcUrl("limit_in_cluster");
        ClusterNodes.table(
                url,
                "setid, destination, attrs",
                List.of("1, 'sip:" + SipText.hostPort(gateway.address()) + "', 'maxcalls=" + LIMIT + "'"));
        try (ClusterNodes cluster = ClusterNodes.start(new ClusterNodes.Plan(3, url, MORE))) {
            for (int node = 0; node < 3; node++) {
                callers.add(new HeldCalls(HOST, cluster.sip(node), CALLS_PER_SECOND));
            }
            eventually().until(() -> most.get() == LIMIT);

            int oldest = cluster.oldest();
            cluster.kill(oldest);
            callers.get(oldest).turnTo(cluster.sip((oldest + 1) % 3));
            eventually().until(() -> open.size() < LIMIT);
            eventually().until(() -> open.size() == LIMIT);
            assertThat(most.get()).isEqualTo(LIMIT);

            callers.forEach(HeldCalls::stopPlacing);
            eventually().untilAsserted(() -> assertThat(open).isEmpty());
            cluster.restart(oldest);
            cluster.awaitMembers(3);
            callers.add(new HeldCalls(HOST, cluster.sip(oldest), 2 * CALLS_PER_SECOND));
            most.set(0);
            eventually().until(() -> open.size() == LIMIT);
            assertThat(most.get()).isEqualTo(LIMIT);
            assertThat(callers)
                    .allSatisfy(caller -> assertThat(caller.refused()).isPositive());
        }
    }
}
