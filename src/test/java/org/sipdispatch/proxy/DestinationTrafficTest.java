package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.ack;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.observation.LaneCounters;

/** What a lane counts for each destination. */
class DestinationTrafficTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    private static Map<String, DestinationTraffic> read(LaneFixture... fixtures) {
        return LaneCounters.destinations(java.util.Arrays.stream(fixtures)
                        .map(one -> one.counters)
                        .toList())
                .stream()
                .collect(Collectors.toMap(one -> one.destination().uri().replaceFirst(".*\\.", "d"), one -> one));
    }

    private static DestinationTraffic read(LaneFixture fixture, String name) {
        return read(fixture).get(name);
    }

    /** First hits, requests, silent, unreachable, failovers. */
    private static List<Long> figures(DestinationTraffic one) {
        return List.of(one.firstHits(), one.requests(), one.silent(), one.unreachable(), one.failovers());
    }

    private static void invites(LaneFixture fixture, String name) {
        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bK" + name).replace("c1@", name + "@"));
    }

    @Test
    void aDestinationWithoutTrafficIsNotReported() {
        invites(fixture, "a");

        assertThat(read(fixture)).containsOnlyKeys("d1");
    }

    @Test
    void aCallThatIsAnsweredCountsItsRequestAndItsReplies() {
        invites(fixture, "a");
        fixture.destinationAnswers(100);
        fixture.destinationAnswers(180);
        fixture.destinationAnswers(200);

        assertThat(figures(read(fixture, "d1"))).containsExactly(1L, 1L, 0L, 0L, 0L);
        assertThat(read(fixture, "d1").replies()).containsExactly(2L, 1L, 0L, 0L, 0L, 0L);
    }

    @ParameterizedTest
    @CsvSource({"302, 2", "486, 3", "500, 4", "603, 5"})
    void aRefusalCountsByItsClass(int code, int place) {
        LaneFixture one = LaneFixture.stateful("relay-defaults.failover = \"\"");
        invites(one, "a");
        one.destinationAnswers(code);

        assertThat(read(one, "d1").replies().get(place)).isEqualTo(1);
    }

    @Test
    void repetitionsOfRequestsAndRepliesDoNotCount() {
        invites(fixture, "a");
        invites(fixture, "a");
        fixture.passes(1600);
        fixture.destinationAnswers(200);
        fixture.destinationAnswers(200);
        invites(fixture, "b");
        fixture.destinationAnswers(486);
        fixture.destinationAnswers(486);

        assertThat(figures(read(fixture, "d1"))).containsExactly(2L, 2L, 0L, 0L, 0L);
        assertThat(read(fixture, "d1").replies()).containsExactly(0L, 1L, 0L, 1L, 0L, 0L);
    }

    @Test
    void aFailoverCountsAtTheDestinationThatIsLeft() {
        invites(fixture, "a");
        fixture.destinationAnswers(500);
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(500);

        assertThat(figures(read(fixture, "d1"))).containsExactly(1L, 1L, 0L, 0L, 1L);
        assertThat(figures(read(fixture, "d2"))).containsExactly(0L, 1L, 0L, 0L, 1L);
        assertThat(figures(read(fixture, "d3"))).containsExactly(0L, 1L, 0L, 0L, 0L);
    }

    @Test
    void anotherAddressOfTheSameDestinationIsNoFailover() {
        fixture.set(1, "sip:two.example.net", "sip:10.0.0.2").host("two.example.net", "10.0.0.1:5060", "10.0.0.3:5060");
        invites(fixture, "a");
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(200);

        List<DestinationTraffic> all = LaneCounters.destinations(List.of(fixture.counters));
        assertThat(all).hasSize(1);
        assertThat(figures(all.get(0))).containsExactly(1L, 2L, 0L, 0L, 0L);
    }

    @Test
    void aDestinationThatStaysSilentCountsOnceForEachRequest() {
        invites(fixture, "a");
        fixture.passes(33_000);

        assertThat(figures(read(fixture, "d1"))).containsExactly(1L, 1L, 1L, 0L, 1L);
    }

    @Test
    void oneThatRingsTooLongIsSilentAsWell() {
        LaneFixture one = LaneFixture.stateful("relay-defaults.fr_inv_timeout = 3s");
        invites(one, "a");
        one.destinationAnswers(180);
        one.passes(4_000);

        assertThat(read(one, "d1").silent()).isEqualTo(1);
    }

    @Test
    void oneThatNobodyListensAtIsUnreachable() {
        invites(fixture, "a");
        fixture.isUnreachable(MAIN, "10.0.0.1:5060");

        assertThat(figures(read(fixture, "d1"))).containsExactly(1L, 1L, 0L, 1L, 1L);
    }

    @Test
    void oneThatNothingCanBeSentToGetsNoRequest() {
        fixture.refuses("10.0.0.1:5060");
        invites(fixture, "a");

        assertThat(figures(read(fixture, "d1"))).containsExactly(1L, 0L, 0L, 1L, 1L);
        assertThat(figures(read(fixture, "d2"))).containsExactly(0L, 1L, 0L, 0L, 0L);
    }

    @Test
    void oneWithoutAnAddressGetsNoRequest() {
        fixture.set(1, "sip:nowhere.example.net", "sip:10.0.0.2");
        invites(fixture, "a");

        List<DestinationTraffic> all = LaneCounters.destinations(List.of(fixture.counters));
        assertThat(figures(all.get(0))).containsExactly(1L, 0L, 0L, 1L, 1L);
    }

    @Test
    void aCallThatIsCalledOffCountsItsReplyButNotThatOfTheCancel() {
        invites(fixture, "c1");
        fixture.destinationAnswers(180);
        fixture.callerSends(request("CANCEL"));
        fixture.answers(fixture.lastOf("CANCEL"), 200);
        fixture.destinationAnswers(487);
        fixture.callerSends(ack(fixture.lastTo("caller")));

        assertThat(figures(read(fixture, "d1"))).containsExactly(1L, 1L, 0L, 0L, 0L);
        assertThat(read(fixture, "d1").replies()).containsExactly(1L, 0L, 0L, 1L, 0L, 0L);
    }

    @Test
    void requestsThatFollowTheirDialogAreNotDispatched() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.callerSends(inDialog("BYE"));
        fixture.destinationAnswers(200);

        assertThat(figures(read(fixture, "d1"))).containsExactly(1L, 1L, 0L, 0L, 0L);
        assertThat(read(fixture, "d1").replies().get(1)).isEqualTo(1);
    }

    @Test
    void theTimeToTheFirstReplyIsCounted() {
        LaneFixture one = LaneFixture.stateful("relay-defaults.fr_timeout = 10s");
        invites(one, "a");
        one.passes(40);
        one.destinationAnswers(100);
        one.passes(4000);
        one.destinationAnswers(200);
        invites(one, "b");
        one.passes(6000);
        one.destinationAnswers(486);

        DestinationTraffic seen = read(one, "d1");
        assertThat(seen.latency()).containsExactly(0L, 0L, 0L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 1L);
        assertThat(seen.latencySumMicros()).isEqualTo(6_040_000);
    }

    @Test
    void aBoundBelongsToItsBucket() {
        invites(fixture, "a");
        fixture.passes(20);
        fixture.destinationAnswers(200);

        assertThat(read(fixture, "d1").latency().get(DestinationTraffic.LATENCY_MS.indexOf(20)))
                .isEqualTo(1);
    }

    @Test
    void aReplyThatComesTooLateCountsButNotItsTime() {
        LaneFixture one = LaneFixture.stateful("relay-defaults.fr_timeout = 1s");
        invites(one, "a");
        LaneFixture.Sent first = one.lastOf("INVITE");
        one.passes(1100);
        one.answers(first, 180);

        assertThat(read(one, "d1").replies().get(0)).isEqualTo(1);
        assertThat(read(one, "d1").latency()).containsOnly(0L);
    }

    @Test
    void aRedirectIsAFirstHitOnly() {
        LaneFixture one = LaneFixture.stateful("relay-defaults.mode = redirect");
        invites(one, "a");

        assertThat(read(one)).containsOnlyKeys("d1");
        assertThat(figures(read(one, "d1"))).containsExactly(1L, 0L, 0L, 0L, 0L);
    }

    @Test
    void withoutTransactionsRequestsAndRepliesCountToo() {
        LaneFixture one = LaneFixture.stateless();
        invites(one, "c1");
        invites(one, "c1");
        one.destinationAnswers(180);
        one.destinationAnswers(200);
        one.callerSends(request("CANCEL"));
        one.answers(one.lastOf("CANCEL"), 200);

        assertThat(figures(read(one, "d1"))).containsExactly(1L, 1L, 0L, 0L, 0L);
        assertThat(read(one, "d1").replies()).containsExactly(1L, 1L, 0L, 0L, 0L, 0L);
        assertThat(read(one, "d1").latency()).containsOnly(0L);
    }

    @Test
    void withoutTransactionsTheNextOneIsTriedOnlyWhereNothingCanBeSent() {
        LaneFixture one = LaneFixture.stateless();
        one.refuses("10.0.0.1:5060");
        invites(one, "a");

        assertThat(figures(read(one, "d1"))).containsExactly(1L, 0L, 0L, 1L, 1L);
        assertThat(figures(read(one, "d2"))).containsExactly(0L, 1L, 0L, 0L, 0L);
    }

    @Test
    void countsSurviveNewDefinitions() {
        invites(fixture, "a");
        fixture.set(1, "sip:10.0.0.1", "sip:10.0.0.2");
        invites(fixture, "b");

        assertThat(read(fixture, "d1").requests()).isEqualTo(2);
    }

    @Test
    void lanesAreSummedUp() {
        LaneFixture other = LaneFixture.stateful();
        invites(fixture, "a");
        invites(other, "b");
        other.passes(60);
        other.destinationAnswers(200);
        other.set(1, "sip:10.0.0.3");
        invites(other, "c");

        Map<String, DestinationTraffic> sum = read(fixture, other);
        assertThat(sum).containsOnlyKeys("d1", "d3");
        assertThat(sum.get("d1").requests()).isEqualTo(2);
        assertThat(sum.get("d1").replies().get(1)).isEqualTo(1);
        assertThat(sum.get("d1").latencySumMicros()).isEqualTo(60_000);
        assertThat(sum.get("d1").openCalls()).isEqualTo(1);
    }
}
