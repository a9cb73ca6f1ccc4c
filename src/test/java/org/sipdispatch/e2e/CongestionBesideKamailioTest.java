package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.sip.SipResponse;

/**
 * Algorithm 11 with {@code cc=1} beside that of a running Kamailio, while one of two destinations becomes slow. Kamailio
 * measures its pings, a node its requests, so each is compared with the shares that follow from its own latencies.
 */
@Tag("long")
@Timeout(300)
class CongestionBesideKamailioTest {
    private static final String LIST = """
            1 @0 0 0 rweight=50;weight=100;cc=1;latency=20
            1 @1 0 0 rweight=50;weight=100;cc=1;latency=20
            """;
    private static final int WEIGHT = 100;
    private static final int QUICK_MS = 20;
    private static final int SLOW_MS = 120;
    private static final int CALLS = 200;
    /** Of a hundred calls; latencies change while they are made. */
    private static final double NEARLY = 8;

    private static final Pattern AT_KAMAILIO =
            Pattern.compile("(?s)URI: (\\S+).*?RWEIGHT: (\\d+).*?AVG: ([\\d.]+).*?EST: ([\\d.]+)");
    private static final Pattern HERE = Pattern.compile("weight (\\d+), congestion (\\d+) ms");

    private final BesideKamailio beside = BesideKamailio.start(2, LIST, true, "1-11");

    /** What a proxy knows of a destination. */
    private record Known(int weight, double congestionMs) {}

    @AfterEach
    void close() {
        beside.close();
    }

    @Test
    void theWeightIsLoweredByTheCongestion() {
        for (int agent = 0; agent < 2; agent++) {
            beside.agents.answerAfter(agent, QUICK_MS, QUICK_MS);
        }
        callUntil(200);
        assertThat(here()).allSatisfy(one -> assertThat(one.weight()).isGreaterThan(WEIGHT / 2));

        beside.agents.answerAfter(0, SLOW_MS, SLOW_MS);
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> {
                    callUntil(10);
                    return here().get(0).congestionMs() > WEIGHT / 3.0
                            && atKamailio().get(0).congestionMs() > WEIGHT / 3.0;
                });

        assertShares("Kamailio", atKamailio(), count(true));
        assertShares("here", here(), count(false));
    }

    private void callUntil(int calls) {
        for (int i = 0; i < calls; i++) {
            SipResponse response = beside.caller.invite(beside.here(), "call-1-11", Requests.newCall());
            assertThat(response.isSuccess()).isTrue();
            assertThat(beside.caller.hangUp(beside.here(), response).isSuccess())
                    .isTrue();
        }
    }

    private int[] count(boolean kamailio) {
        BesideKamailio.Orders orders = beside.ask("1-11", CALLS);
        return kamailio ? orders.firstsOfKamailio(2) : orders.firstsHere(2);
    }

    private static void assertShares(String proxy, List<Known> known, int[] counts) {
        System.out.printf("figures: 11 with cc=1, %s: %s, calls %d and %d%n", proxy, known, counts[0], counts[1]);
        assertThat(known)
                .allSatisfy(one -> assertThat((double) one.weight())
                        .isCloseTo(Math.max(0, WEIGHT - one.congestionMs()), within(2.0)));
        double sum = known.get(0).weight() + known.get(1).weight();
        assertThat(100.0 * counts[0] / CALLS).isCloseTo(100 * known.get(0).weight() / sum, within(NEARLY));
        assertThat(counts[0]).isLessThan(counts[1]);
    }

    private List<Known> atKamailio() {
        List<Known> known = new ArrayList<>();
        List<MatchResult> rows =
                AT_KAMAILIO.matcher(beside.kamailio.destinations()).results().toList();
        for (String uri : beside.agents.uris()) {
            MatchResult row = rows.stream()
                    .filter(one -> one.group(1).equals(uri))
                    .findFirst()
                    .orElseThrow();
            double congestionMs = Double.parseDouble(row.group(4)) - Double.parseDouble(row.group(3));
            known.add(new Known(Integer.parseInt(row.group(2)), Math.max(0, congestionMs)));
        }
        return known;
    }

    /** In the order of the agents; the node has its rows in reverse. */
    private List<Known> here() {
        List<Known> known = new ArrayList<>();
        HERE.matcher(beside.explained("order-1-11"))
                .results()
                .forEach(
                        one -> known.add(0, new Known(Integer.parseInt(one.group(1)), Integer.parseInt(one.group(2)))));
        assertThat(known).hasSize(2);
        return known;
    }
}
