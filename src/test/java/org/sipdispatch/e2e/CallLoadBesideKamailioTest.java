package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.sip.SipResponse;

/**
 * Algorithm 10, {@code call-load}, beside that of a running Kamailio: the same list, the same calls, one after the other.
 * The agent of each call is that in the Contact of its 200.
 */
@Tag("long")
@Timeout(300)
class CallLoadBesideKamailioTest {
    private static final int AGENTS = 3;
    private static final String LIST = """
            1 @0 0 0 duid=a
            1 @1 0 0 duid=b
            1 @2 0 0 duid=c
            2 @0 0 0 duid=a;maxload=2
            2 @1 0 0 duid=b;maxload=3
            2 @2 0 0 duid=c;maxload=1
            """;

    private BesideKamailio beside;
    /** The open calls of each proxy, for each agent. */
    private final Map<InetSocketAddress, List<Deque<SipResponse>>> open = new HashMap<>();

    @BeforeEach
    void start() {
        assertThat(KamailioProcess.hasModule("dispatcher"))
                .as("Kamailio with its module dispatcher is installed (package kamailio)")
                .isTrue();
        beside = BesideKamailio.start(AGENTS, LIST, false, "1-10", "2-10");
        for (InetSocketAddress proxy : beside.both()) {
            List<Deque<SipResponse>> calls = new ArrayList<>();
            IntStream.range(0, AGENTS).forEach(agent -> calls.add(new ArrayDeque<>()));
            open.put(proxy, calls);
        }
    }

    @AfterEach
    void close() {
        if (beside != null) {
            beside.close();
        }
    }

    /** The same calls through both; returns how many were refused by each. */
    private List<Integer> call(String selection, int calls) {
        Map<InetSocketAddress, Integer> refused = new HashMap<>();
        for (int i = 0; i < calls; i++) {
            String call = Requests.newCall();
            for (InetSocketAddress proxy : beside.both()) {
                SipResponse response = beside.caller.invite(proxy, "call-" + selection, call);
                if (response.isSuccess()) {
                    open.get(proxy).get(beside.agentsOf(response).get(0)).add(response);
                } else {
                    assertThat(response.status()).isEqualTo(480);
                    refused.merge(proxy, 1, Integer::sum);
                }
            }
        }
        return beside.both().stream()
                .map(proxy -> refused.getOrDefault(proxy, 0))
                .toList();
    }

    private void hangUp(int agent, int calls) {
        for (InetSocketAddress proxy : beside.both()) {
            for (int i = 0; i < calls; i++) {
                SipResponse response = open.get(proxy).get(agent).remove();
                assertThat(beside.caller.hangUp(proxy, response).isSuccess()).isTrue();
            }
        }
    }

    private void assertOpenAtBoth(Integer... calls) {
        for (InetSocketAddress proxy : beside.both()) {
            assertThat(open.get(proxy))
                    .as(proxy.toString())
                    .extracting(Deque::size)
                    .containsExactly(calls);
        }
        System.out.printf("figures: 10: open calls through Kamailio and here %s%n", Arrays.toString(calls));
    }

    @Test
    void theOneWithTheFewestCallsGetsTheNextOneAlsoAfterADeath() {
        call("1-10", 9);
        assertOpenAtBoth(3, 3, 3);

        hangUp(1, 3);
        call("1-10", 2);
        assertOpenAtBoth(3, 2, 3);

        beside.silent(true, 0);
        call("1-10", 3);
        assertOpenAtBoth(3, 4, 4);

        beside.silent(false, 0);
        call("1-10", 1);
        assertOpenAtBoth(4, 4, 4);
    }

    @Test
    void noneGetsMoreThanItsMaxload() {
        assertThat(call("2-10", 8)).containsExactly(2, 2);
        assertOpenAtBoth(2, 3, 1);

        hangUp(2, 1);
        assertThat(call("2-10", 2)).containsExactly(1, 1);
        assertOpenAtBoth(2, 3, 1);
    }

    /** Kamailio sends them to the first one of its order. */
    @Test
    void otherRequestsAreSpreadHereAndAtKamailioAreNot() {
        Map<InetSocketAddress, List<Integer>> counts = new HashMap<>();
        for (InetSocketAddress proxy : beside.both()) {
            int[] agents = new int[AGENTS];
            for (int i = 0; i < 12; i++) {
                SipResponse response = beside.caller.request(proxy, "MESSAGE", "call-1-10");
                assertThat(response.isSuccess()).isTrue();
                agents[beside.agentsOf(response).get(0)]++;
            }
            counts.put(proxy, Arrays.stream(agents).boxed().toList());
        }

        assertThat(beside.both().stream().map(counts::get)).containsExactly(List.of(0, 0, 12), List.of(4, 4, 4));
    }
}
