package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.proxy.Explanation.OfMember;

/** Limits of destinations and sources in a lane. */
class CallLimitsTest {
    private static final String D1 = "default:1:sip:10.0.0.1";
    private static final String SOURCE = "limits.sources = [{ name = acme, from = \"192.0.2.0/24\", max-calls = 2 }]";
    private static final String CALL_LONGEST = "relay.call-longest = 1m";
    /** Longer than any call, and the lifetime of any transaction. */
    private static final long FOR_EVER_MS = 600_000;

    private LaneFixture fixture = fixture();

    private static LaneFixture fixture(String... settings) {
        return LaneFixture.stateful(CALL_LONGEST + "\n" + String.join("\n", settings));
    }

    private static String call(String text, int number) {
        return text.replace("c1@", "c" + number + "@").replaceAll("(z9hG4bK\\w+)", "$1n" + number);
    }

    private void calls(int number) {
        fixture.callerSends(call(invite(), number));
    }

    private int used(String name) {
        return fixture.limits.all().stream()
                .filter(one -> one.name().equals(name))
                .mapToInt(CallLimits::used)
                .sum();
    }

    private String lastStatus() {
        return fixture.lastTo("caller").startLine();
    }

    private long hits(Limit limit) {
        return fixture.counters.limits().hits(limit);
    }

    /** In every case, no place remains taken. */
    @AfterEach
    void allPlacesAreGivenBack() {
        fixture.passes(FOR_EVER_MS);

        assertThat(fixture.limits.all())
                .allSatisfy(one -> assertThat(one.used()).isZero());
    }

    @Test
    void overTheLimitTheNextCandidateGetsTheCall() {
        fixture.attrs(1, "maxcalls=1", "maxcalls=1", "");

        calls(1);
        calls(2);
        calls(3);
        calls(4);

        assertThat(fixture.sent().stream().filter(sent -> sent.startsWith("INVITE")))
                .containsExactly("INVITE to d1", "INVITE to d2", "INVITE to d3", "INVITE to d3");
        assertThat(hits(Limit.DESTINATION_CALLS)).isEqualTo(5);
        assertThat(fixture.observations).isEmpty();
    }

    @Test
    void ifAllAreFullTheCallerIsToldWhenToTryAgain() {
        fixture = fixture("limits.retry-after = 7s");
        fixture.attrs(1, "maxcalls=1", "maxcalls=1", "maxcalls=1");
        calls(1);
        calls(2);
        calls(3);

        calls(4);

        assertThat(lastStatus()).isEqualTo("SIP/2.0 503 Too Many Calls");
        assertThat(fixture.lastTo("caller").line("Retry-After")).isEqualTo("Retry-After: 7");
        assertThat(used(D1)).isEqualTo(1);
    }

    @Test
    void ifOneWasTriedTheCallerGetsItsAnswer() {
        fixture.attrs(1, "maxcalls=9", "maxcalls=1", "maxcalls=1");
        calls(1);
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(503);
        assertThat(fixture.sent()).contains("INVITE to d3");
        calls(2);
        fixture.destinationAnswers(503);
        calls(3);

        fixture.answers(fixture.lastOf("INVITE"), 500);

        assertThat(lastStatus()).isEqualTo("SIP/2.0 500 Answer");
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 404, 486, 500, 603})
    void aFinalAnswerGivesThePlaceBack(int code) {
        fixture.set(1, "sip:10.0.0.1").attrs(1, "maxcalls=1");
        calls(1);
        assertThat(used(D1)).isEqualTo(1);

        fixture.destinationAnswers(code);

        assertThat(used(D1)).isZero();
    }

    @Test
    void soDoesASilentDestinationAndOneThatCannotBeReached() {
        fixture.attrs(1, "maxcalls=1", "", "");
        fixture.refuses("10.0.0.1:5060");
        calls(1);
        assertThat(used(D1)).isZero();
        fixture.accepts("10.0.0.1:5060");

        calls(2);
        assertThat(used(D1)).isEqualTo(1);
        fixture.passes(5_100);

        assertThat(used(D1)).isZero();
    }

    @Test
    void anAnsweredCallKeepsItsPlaceUntilTheBye() {
        fixture.attrs(1, "maxcalls=1", "", "");
        calls(1);
        fixture.destinationAnswers(200);
        fixture.destinationAnswers(200);
        fixture.passes(59_000);
        assertThat(used(D1)).isEqualTo(1);

        fixture.callerSends(call(inDialog("BYE"), 1));
        fixture.callerSends(call(inDialog("BYE"), 1));
        assertThat(used(D1)).isEqualTo(1);
        fixture.destinationAnswers(401);
        assertThat(used(D1)).isEqualTo(1);
        fixture.destinationAnswers(200);

        assertThat(used(D1)).isZero();
    }

    @Test
    void aByeWithoutAnAnswerEndsTheCallAfterTheTimeOfATransaction() {
        fixture.attrs(1, "maxcalls=1", "", "");
        calls(1);
        fixture.destinationAnswers(200);
        fixture.callerSends(call(inDialog("BYE"), 1));
        fixture.passes(31_000);
        assertThat(used(D1)).isEqualTo(1);

        fixture.passes(1_100);

        assertThat(used(D1)).isZero();
    }

    @Test
    void aCallWithoutByeCountsForTheLongestTimeOfACall() {
        fixture.attrs(1, "maxcalls=1", "", "");
        calls(1);
        fixture.destinationAnswers(200);
        fixture.passes(59_000);
        assertThat(used(D1)).isEqualTo(1);

        fixture.passes(1_100);

        assertThat(used(D1)).isZero();
    }

    /** RFC 4028 section 8. */
    @Test
    void aCallEndsIfItsSessionIsNotRefreshed() {
        fixture = LaneFixture.stateful("relay.call-longest = 9m").attrs(1, "maxcalls=1", "", "");
        calls(1);
        fixture.destinationAnswers(200, "Session-Expires: 90;refresher=uac");
        fixture.passes(80_000);
        fixture.callerSends(call(inDialog("UPDATE"), 1));
        fixture.answers(fixture.lastOf("UPDATE"), 200, "x : 120");
        fixture.passes(129_000);
        assertThat(used(D1)).isEqualTo(1);

        fixture.passes(1_100);

        assertThat(used(D1)).isZero();
    }

    @Test
    void aSessionWithoutATimerLastsUntilTheBye() {
        fixture = LaneFixture.stateful("relay.call-longest = 9m").attrs(1, "maxcalls=1", "", "");
        calls(1);
        fixture.destinationAnswers(200, "Session-Expires: 90");
        fixture.callerSends(call(inDialog("INVITE"), 1).replace("z9hG4bKdialog", "z9hG4bKagain"));
        fixture.answers(fixture.lastOf("INVITE"), 200);

        fixture.passes(500_000);

        assertThat(used(D1)).isEqualTo(1);
    }

    @Test
    void withoutRecordRouteACallCountsUntilItIsAnswered() {
        fixture = fixture("relay-defaults.record-route = off");
        fixture.attrs(1, "maxcalls=1", "", "");
        calls(1);
        assertThat(used(D1)).isEqualTo(1);

        fixture.destinationAnswers(200);

        assertThat(used(D1)).isZero();
    }

    @Test
    void aCancelledCallKeepsItsPlaceUntilTheDestinationHasConfirmedThat() {
        fixture.attrs(1, "maxcalls=1", "", "");
        calls(1);
        fixture.destinationAnswers(180);
        fixture.callerSends(call(request("CANCEL"), 1));
        assertThat(used(D1)).isEqualTo(1);

        fixture.answers(fixture.lastOf("INVITE"), 487);

        assertThat(used(D1)).isZero();
    }

    /** It was given up after it rang too long, and answers before the CANCEL has arrived. */
    @Test
    void aLateAnswerCountsThoughTheLimitIsReachedAgain() {
        fixture = fixture("relay-defaults { fr_inv_timeout = 10s, failover = \"408\" }");
        fixture.attrs(1, "maxcalls=1", "", "");
        calls(1);
        fixture.destinationAnswers(180);
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(10_100);
        assertThat(fixture.lastTo("d2").isRequest("INVITE")).isTrue();
        assertThat(used(D1)).isEqualTo(1);

        fixture.answers(first, 200);

        assertThat(used(D1)).isEqualTo(1);
    }

    @Test
    void aSilentDestinationThatAnswersAtLastHasItsCallToo() {
        fixture.attrs(1, "maxcalls=1", "", "");
        calls(1);
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.passes(5_100);
        calls(2);
        assertThat(used(D1)).isEqualTo(1);

        fixture.answers(first, 200);

        assertThat(used(D1)).isEqualTo(2);
    }

    @Test
    void onlyCallsHaveLimits() {
        fixture.attrs(1, "maxcalls=1;maxcps=1", "", "");
        calls(1);
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.callerSends(call(request("MESSAGE"), 2));
        fixture.callerSends(call(request("OPTIONS"), 3));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "OPTIONS to d1");
    }

    @Test
    void callsPerSecondAreLimitedWithABurst() {
        fixture.attrs(1, "maxcps=10;burst=2", "", "");

        for (int i = 1; i <= 3; i++) {
            calls(i);
        }
        fixture.passes(100);
        calls(4);
        calls(5);

        assertThat(fixture.sent().stream().filter(sent -> sent.startsWith("INVITE")))
                .startsWith("INVITE to d1", "INVITE to d1", "INVITE to d2")
                .endsWith("INVITE to d1", "INVITE to d2");
        assertThat(hits(Limit.DESTINATION_RATE)).isEqualTo(2);
    }

    @Test
    void aCallOverTheRateTakesNoPlace() {
        fixture.attrs(1, "maxcalls=5;maxcps=1", "", "");

        calls(1);
        calls(2);

        assertThat(used(D1)).isEqualTo(1);
    }

    @Test
    void aSourceOverItsLimitIsRefusedBeforeASelection() {
        fixture = fixture(SOURCE);
        calls(1);
        calls(2);
        int asked = fixture.asked.size();

        calls(3);

        assertThat(lastStatus()).isEqualTo("SIP/2.0 503 Too Many Calls");
        assertThat(fixture.lastTo("caller").line("Retry-After")).isEqualTo("Retry-After: 5");
        assertThat(fixture.asked).hasSize(asked);
        assertThat(hits(Limit.SOURCE_CALLS)).isEqualTo(1);
        assertThat(used("source:acme")).isEqualTo(2);
    }

    @Test
    void theCallOfASourceKeepsItsPlaceThroughFailoverUntilTheBye() {
        fixture = fixture(SOURCE).attrs(1, "maxcalls=4", "", "");
        calls(1);
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(200);
        assertThat(used("source:acme")).isEqualTo(1);
        assertThat(used(D1)).isZero();

        fixture.callerSends(call(inDialog("BYE"), 1));
        fixture.destinationAnswers(200);

        assertThat(used("source:acme")).isZero();
    }

    @Test
    void destinationAndSourceBothCountACall() {
        fixture = fixture(SOURCE).attrs(1, "maxcalls=4", "", "");
        calls(1);
        fixture.destinationAnswers(200);
        assertThat(used("source:acme")).isEqualTo(1);
        assertThat(used(D1)).isEqualTo(1);

        fixture.callerSends(call(inDialog("BYE"), 1));
        fixture.destinationAnswers(200);

        assertThat(used("source:acme")).isZero();
        assertThat(used(D1)).isZero();
    }

    @Test
    void aSourceMayBeASet() {
        fixture = fixture("limits.sources = [{ name = own, set = 7, max-calls = 1 }]")
                .set(7, "sip:192.0.2.1:7000");
        calls(1);

        calls(2);

        assertThat(lastStatus()).isEqualTo("SIP/2.0 503 Too Many Calls");
        assertThat(used("source:own")).isEqualTo(1);
    }

    @Test
    void otherSourcesAreNotLimited() {
        fixture = fixture(SOURCE.replace("192.0.2.0/24", "192.0.3.0/24"));

        calls(1);
        calls(2);
        calls(3);

        assertThat(fixture.sent()).doesNotContain("503 to caller");
    }

    @Test
    void aChangedLimitAppliesAndCallsContinue() {
        fixture.attrs(1, "maxcalls=2", "", "");
        calls(1);
        calls(2);

        fixture.attrs(1, "maxcalls=1", "", "");
        calls(3);
        assertThat(fixture.sent()).last().isEqualTo("INVITE to d2");
        assertThat(used(D1)).isEqualTo(2);

        fixture.attrs(1, "", "", "");
        calls(4);
        assertThat(fixture.sent()).last().isEqualTo("INVITE to d1");

        fixture.attrs(1, "maxcalls=3", "", "");
        calls(5);
        assertThat(fixture.sent()).last().isEqualTo("INVITE to d1");
        assertThat(used(D1)).isEqualTo(3);
    }

    /** The answer of a fork: the caller ends both calls with one Call-ID. */
    @Test
    void aCallThatPassesTwiceHasThePlacesOfBothDestinations() {
        fixture = fixture().attrs(1, "maxcalls=4", "maxcalls=4", "");
        calls(1);
        LaneFixture.Sent first = fixture.lastOf("INVITE");
        fixture.callerSends(
                call(invite(), 1).replace("z9hG4bKc1n1", "z9hG4bKother").replace("sip:bob@", "sip:eve@"));
        fixture.answers(first, 200);
        fixture.answers(fixture.lastOf("INVITE"), 503);
        fixture.destinationAnswers(200);
        assertThat(used(D1)).isEqualTo(1);
        assertThat(used(D1.replace(".1", ".2"))).isEqualTo(1);

        fixture.callerSends(call(inDialog("BYE"), 1));
        fixture.destinationAnswers(200);

        assertThat(used(D1)).isZero();
        assertThat(used(D1.replace(".1", ".2"))).isZero();
    }

    /** Ten of twenty are answered. */
    @Test
    void aDestinationThatAnswersTooFewCallsGetsOneInTenSeconds() {
        fixture = LaneFixture.stateful("relay.call-longest = 9m").attrs(1, "minasr=51", "", "");
        for (int i = 1; i <= 20; i++) {
            calls(i);
            fixture.destinationAnswers(i % 2 == 0 ? 200 : 486);
        }
        fixture.sent();

        calls(21);
        fixture.destinationAnswers(486);
        assertThat(fixture.sent()).contains("INVITE to d2").doesNotContain("INVITE to d1");
        assertThat(hits(Limit.DESTINATION_ANSWERS)).isEqualTo(1);

        fixture.passes(10_000);
        calls(22);
        fixture.destinationAnswers(200);
        calls(23);
        assertThat(fixture.sent().stream().filter(sent -> sent.startsWith("INVITE")))
                .startsWith("INVITE to d1")
                .endsWith("INVITE to d1");
    }

    @Test
    void aDestinationWithAHighEnoughAnswerRatioGetsAllCalls() {
        fixture = LaneFixture.stateful("relay.call-longest = 9m").attrs(1, "minasr=50", "", "");
        for (int i = 1; i <= 40; i++) {
            calls(i);
            fixture.destinationAnswers(i % 2 == 1 ? 200 : 486);
        }

        assertThat(fixture.sent().stream().filter(sent -> sent.startsWith("INVITE")))
                .containsOnly("INVITE to d1");
    }

    private static LaneFixture withResources(String resources) {
        return fixture("rules = [ { select { set = 1, flags = F, resources = " + resources + " } } ]");
    }

    @Test
    void aCallNeedsAPlaceOfEachResourceThatTheRuleAsksFor() {
        fixture = withResources("[ pstn, transc ]").attrs(1, "pstn=2;transc=1", "pstn=1;transc=9", "pstn=9");

        calls(1);
        calls(2);
        calls(3);

        assertThat(fixture.sent().stream().filter(sent -> !sent.startsWith("100")))
                .containsExactly("INVITE to d1", "INVITE to d2", "503 to caller");
        assertThat(used(D1 + " / pstn")).isEqualTo(1);
        assertThat(used(D1 + " / transc")).isEqualTo(1);
        assertThat(hits(Limit.DESTINATION_CAPACITY)).isPositive();
    }

    @Test
    void theResourcesAreFreeAgainAfterTheCall() {
        fixture = withResources("\"pstn;transc\"").attrs(1, "pstn=2;transc=1;maxcalls=5", "", "");
        calls(1);
        fixture.destinationAnswers(200);
        assertThat(used(D1)).isEqualTo(1);
        fixture.callerSends(call(inDialog("BYE"), 1));
        fixture.destinationAnswers(200);

        calls(2);

        assertThat(fixture.sent()).last().isEqualTo("INVITE to d1");
        assertThat(used(D1 + " / transc")).isEqualTo(1);
        assertThat(used(D1)).isEqualTo(1);
    }

    @Test
    void aCapacityIsResized() {
        fixture = withResources("pstn").attrs(1, "pstn=1", "", "");
        calls(1);
        calls(2);
        assertThat(lastStatus()).isEqualTo("SIP/2.0 503 Too Many Calls");

        fixture.attrs(1, "pstn=2", "", "");
        calls(3);

        assertThat(fixture.sent()).last().isEqualTo("INVITE to d1");
        assertThat(used(D1 + " / pstn")).isEqualTo(2);
    }

    @Test
    void anExplanationGoesPastDestinationsAtTheirLimit() {
        fixture.attrs(1, "maxcalls=1", "maxcps=1", "");
        calls(1);
        assertThat(fixture.explained(call(invite(), 2)).candidates()).hasSize(2);
        calls(2);

        Explanation explained = fixture.explained(call(invite(), 3));
        assertThat(explained.reason()).startsWith("past 2 (maxcalls=1 is reached; maxcps=1 is reached): first to ");
        assertThat(explained.candidates()).hasSize(1);
        assertThat(explained.sets().get(0).members())
                .extracting(OfMember::why)
                .satisfiesExactly(
                        why -> assertThat(why).endsWith("; passed over: maxcalls=1 is reached"),
                        why -> assertThat(why).endsWith("; passed over: maxcps=1 is reached"),
                        why -> assertThat(why).doesNotContain("passed over"));
        assertThat(fixture.explained(call(request("MESSAGE"), 4)).candidates()).hasSize(3);
        calls(3);

        assertThat(fixture.sent()).last().isEqualTo("INVITE to d3");
    }

    @Test
    void anExplanationSaysThatAllAreFull() {
        fixture.attrs(1, "maxcalls=1", "maxcalls=1", "maxcalls=1");
        calls(1);
        calls(2);
        calls(3);

        Explanation explained = fixture.explained(call(invite(), 4));

        assertThat(explained.replyCode()).isEqualTo(503);
        assertThat(explained.reason()).isEqualTo("each candidate is passed over: maxcalls=1 is reached");
    }

    @Test
    void anExplanationNamesTheResourceThatIsMissing() {
        fixture = withResources("\"pstm;pstn\"").attrs(1, "pstn=1", "pstn=x", "");

        assertThat(fixture.explained(invite()).reason())
                .isEqualTo("each candidate is passed over: no resource pstm; no resource pstm, pstn");
    }

    @Test
    void anExplanationNamesTheCapacityThatIsUsed() {
        fixture = withResources("pstn").attrs(1, "pstn=1", "pstn=2", "");
        calls(1);

        assertThat(fixture.explained(call(invite(), 2)).reason())
                .startsWith("past 2 (pstn=1 is reached; no resource pstn): first to udp:10.0.0.2");
    }

    @Test
    void anExplanationSaysThatTheSourceIsFull() {
        fixture = fixture(SOURCE);
        calls(1);
        calls(2);

        assertThat(fixture.explained(call(invite(), 3)).reason()).isEqualTo("its source acme: max-calls=2 is reached");
    }
}
