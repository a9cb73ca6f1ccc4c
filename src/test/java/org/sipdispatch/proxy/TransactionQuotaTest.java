package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.transaction.Flow;

/** How source addresses share the capacity for transactions. */
class TransactionQuotaTest {
    private static final String GREEDY = "192.0.2.66:5060";
    private static final String OTHER = "192.0.2.77:5060";

    private final LaneFixture lane =
            LaneFixture.stateful("relay.transaction-memory = 1MiB").set(1, "sip:10.0.0.1");
    private int sent;

    private String sends(LaneFixture to, String source, int body) {
        to.sent();
        to.arrives(
                request("MESSAGE")
                        .replace("z9hG4bKc1", "z9hG4bKn" + ++sent)
                        .replace(
                                "Content-Length: 0\r\n\r\n", "Content-Length: " + body + "\r\n\r\n" + "x".repeat(body)),
                new Flow(MAIN, address(source), Flow.NO_CONNECTION));
        return String.join(", ", to.sent()).replaceAll(" to .*", "");
    }

    /** The number of requests from one address that are admitted before one is refused. */
    private int takes(LaneFixture to, String source, int body) {
        int taken = 0;
        while (sends(to, source, body).equals("MESSAGE")) {
            taken++;
        }
        return taken;
    }

    @Test
    void oneAddressAloneHasNearlyAllOfTheQuota() {
        int each = 2 * (60_000 + 300) + 1_100;

        int taken = takes(lane, GREEDY, 60_000);

        assertThat(taken * each).isBetween((1 << 20) * 3 / 4, 1 << 20);
        assertThat(lane.counters.limits().hits(Limit.TRANSACTION_SHARE)).isEqualTo(1);
    }

    @Test
    void oneAddressAloneHasSevenEighthsOfTheTransactions() {
        LaneFixture small = LaneFixture.stateful("relay.max-transactions = 800");

        assertThat(takes(small, GREEDY, 0)).isEqualTo(700);
    }

    @Test
    void anotherAddressGetsThroughWhateverTheFirstOneHas() {
        takes(lane, GREEDY, 60_000);

        for (int i = 0; i < 20; i++) {
            assertThat(sends(lane, OTHER, 500)).isEqualTo("MESSAGE");
        }
        assertThat(lane.counters.limits().full(0)).isEmpty();
    }

    @Test
    void manyGreedyAddressesLeaveSpaceForOneMore() {
        LaneFixture small = LaneFixture.stateful("relay.max-transactions = 10000");
        for (int i = 1; i <= 4; i++) {
            assertThat(takes(small, "192.0.2." + i + ":5060", 0)).isPositive();
        }

        assertThat(sends(small, OTHER, 0)).isEqualTo("MESSAGE");
    }

    @Test
    void theAddressesOfOneIpv6NetworkAreOneSource() {
        LaneFixture small = LaneFixture.stateful("relay.max-transactions = 800");
        int taken = 0;
        while (sends(small, "[2001:db8:0:1::" + Integer.toHexString(taken + 1) + "]:5060", 0)
                .equals("MESSAGE")) {
            taken++;
        }

        assertThat(taken).isEqualTo(700);
        assertThat(sends(small, "[2001:db8:0:2::1]:5060", 0)).isEqualTo("MESSAGE");
    }

    @Test
    void whatIsAnsweredCountsForNobodyAndTheLargestSourceIsForgottenFirst() {
        LaneFixture small = LaneFixture.stateful("relay.max-transactions = 100").set(1, "sip:10.0.0.1");
        String own = "z9hG4bKn" + (sent + 1);
        sends(small, OTHER, 0);
        small.destinationAnswers(200);
        for (int i = 0; i < 300; i++) {
            assertThat(sends(small, GREEDY, 0)).isEqualTo("MESSAGE");
            small.destinationAnswers(200);
        }

        small.sent();
        small.arrives(request("MESSAGE").replace("z9hG4bKc1", own), new Flow(MAIN, address(OTHER), Flow.NO_CONNECTION));
        assertThat(small.sent()).hasSize(1).first().asString().startsWith("200 to ");
        assertThat(small.transactions()).isEqualTo(100);
    }

    @Test
    void requestsThatWaitToBeSentCountWithWhatTheyWillTake() {
        lane.setsAreSlow();
        while (!sends(lane, GREEDY, 60_000).equals("503")) {
            assertThat(sent).isLessThan(100);
        }
        lane.setsAnswer();
        lane.sent();

        sends(lane, OTHER, 500);
        lane.setsAnswer();
        assertThat(lane.sent()).containsExactly("MESSAGE to d1");
    }

    @Test
    void failoversDoNotUseTheQuotaOfOthers() {
        LaneFixture three = LaneFixture.stateful("relay.transaction-memory = 1MiB");
        takes(three, GREEDY, 60_000);

        three.passes(6_000);
        three.passes(6_000);

        assertThat(three.counters.limits().hits(Limit.TRANSACTION_SHARE)).isGreaterThan(1);
        assertThat(sends(three, OTHER, 500)).isEqualTo("MESSAGE");
    }

    @Test
    void aLaneWithoutSpaceForAnybodyReportsThatItIsFull() {
        LaneFixture small = LaneFixture.stateful("relay.max-transactions = 1000");
        for (int i = 1; i <= 40; i++) {
            takes(small, "192.0.2." + i + ":5060", 0);
        }

        assertThat(small.counters.limits().full(0)).contains(Limit.MAX_TRANSACTIONS);
    }
}
