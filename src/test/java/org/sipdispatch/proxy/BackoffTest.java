package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.observation.LaneCounter;

/** A 503 with Retry-After begins the backoff of its destination. */
class BackoffTest {
    private static final String MARK = "relay-defaults.mark = inactive";

    private final LaneFixture fixture = LaneFixture.stateful(MARK);

    /** A request of another transaction and dialog. */
    private static String other(String name) {
        return invite().replace("z9hG4bKc1", "z9hG4bK" + name).replace("c1@", name + "@");
    }

    private Observation observed(LaneFixture lane) {
        lane.passes(300);
        assertThat(lane.observations).hasSize(1);
        return lane.observations.get(0);
    }

    @Test
    void theRequestFailsOverAndTheNextOnesPassTheDestinationOver() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(503, "Retry-After: 10");
        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", "INVITE to d2");

        // The fixture's set still selects d1 first; that the next candidate is in backoff is noticed.
        fixture.destinationAnswers(503, "Retry-After: 10");
        fixture.sent();
        fixture.callerSends(other("c2"));
        fixture.destinationAnswers(500);

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "ACK to d1", "INVITE to d3");
        assertThat(fixture.counters.get(LaneCounter.BACKOFFS)).isEqualTo(2);
    }

    @Test
    void aBackoffIsNoFailureOfTheDestination() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(503, "Retry-After: 10");

        Observation observation = observed(fixture);
        assertThat(observation.failed()).isZero();
        assertThat(observation.strikes()).isZero();
        assertThat(observation.succeeded()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"503, Retry-After: 0", "503, X-Other: 10", "500, Retry-After: 10"})
    void anyOtherAnswerIsAFailureAsBefore(int code, String line) {
        fixture.callerSends(invite());
        fixture.destinationAnswers(code, line);

        assertThat(observed(fixture).holds()).isTrue();
        assertThat(fixture.counters.get(LaneCounter.BACKOFFS)).isZero();
    }

    @Test
    void withoutABackoffA503IsAFailureAsBefore() {
        LaneFixture off = LaneFixture.stateful(MARK, "backoff.longest = 0s");
        off.callerSends(invite());
        off.destinationAnswers(503, "Retry-After: 10");

        assertThat(observed(off).holds()).isTrue();
    }

    @Test
    void aRequestOfADialogSaysNothing() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.callerSends(inDialog("MESSAGE"));
        fixture.destinationAnswers(503, "Retry-After: 10");

        assertThat(fixture.counters.get(LaneCounter.BACKOFFS)).isZero();
    }

    @Test
    void theLastAddressOfANameDecides() {
        fixture.set(1, "sip:two.example.net").host("two.example.net", "10.0.0.1:5060", "10.0.0.3:5060");
        fixture.callerSends(invite());
        fixture.destinationAnswers(503, "Retry-After: 10");
        assertThat(fixture.counters.get(LaneCounter.BACKOFFS)).isZero();
        assertThat(fixture.lastOf("INVITE")).hasToString("INVITE to d3");

        fixture.destinationAnswers(503, "Retry-After: 10");

        assertThat(fixture.counters.get(LaneCounter.BACKOFFS)).isOne();
    }

    @Test
    void ifAllAreInBackoffTheCallerLearnsWhenTheFirstEnds() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(503, "Retry-After: 20");
        fixture.passes(1_000);
        fixture.destinationAnswers(503, "Retry-After: 9");
        fixture.passes(2_500);
        fixture.destinationAnswers(503, "Retry-After: 25");

        assertThat(fixture.lastTo("caller").startLine()).isEqualTo("SIP/2.0 503 Service Unavailable");
        // 6.5 seconds, rounded up.
        assertThat(fixture.lastTo("caller").line("Retry-After")).isEqualTo("Retry-After: 7");
        assertThat(fixture.counters.get(LaneCounter.REFUSED_IN_BACKOFF)).isOne();
    }

    @Test
    void ifAnotherSetOfTheRuleIsUsableA503StaysHidden() {
        LaneFixture two = LaneFixture.stateful("rules = [{ select { set = \"1,2\", flags = \"F,\" } }]")
                .set(2, "sip:10.0.0.9");
        two.callerSends(invite());
        for (int i = 0; i < 3; i++) {
            two.destinationAnswers(503, "Retry-After: 20");
        }

        assertThat(two.lastTo("caller").startLine()).isEqualTo("SIP/2.0 500 All Destinations Failed");
    }

    @Test
    void theAnswerOfARuleToAFailureOfAllIsKept() {
        LaneFixture lane = LaneFixture.stateful("relay-defaults.all-failed.code = 480");
        lane.callerSends(invite());
        for (int i = 0; i < 3; i++) {
            lane.destinationAnswers(503, "Retry-After: 20");
        }

        assertThat(lane.lastTo("caller").startLine()).startsWith("SIP/2.0 480 ");
    }

    @Test
    void aSetWithoutAUsableDestinationAnswersTheSameForStatelessRequests() {
        for (LaneFixture lane : new LaneFixture[] {LaneFixture.stateful(), LaneFixture.stateless()}) {
            lane.set(1, "sip:10.0.0.1");
            lane.callerSends(request("MESSAGE"));
            lane.destinationAnswers(503, "Retry-After: 9");
            assertThat(lane.counters.get(LaneCounter.BACKOFFS)).isOne();

            lane.selectsNothing();
            lane.callerSends(other("c2"));

            assertThat(lane.lastTo("caller").startLine()).isEqualTo("SIP/2.0 503 Service Unavailable");
            assertThat(lane.lastTo("caller").line("Retry-After")).isEqualTo("Retry-After: 9");
        }
    }

    @Test
    void aSetWithoutAUsableDestinationIsAnsweredAsBeforeWithoutABackoff() {
        fixture.selectsNothing();
        fixture.callerSends(invite());

        assertThat(fixture.lastTo("caller").startLine()).isEqualTo("SIP/2.0 500 No Destination Available");
        assertThat(fixture.counters.get(LaneCounter.REFUSED_IN_BACKOFF)).isZero();
    }
}
