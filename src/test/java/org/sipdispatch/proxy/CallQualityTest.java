package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.sets.QualityCounts;

/** What a lane counts for the quality of calls to a destination. */
class CallQualityTest {
    private final LaneFixture fixture = LaneFixture.stateful("relay-defaults.fr_inv_timeout = 30s");

    private static QualityCounts of(LaneFixture lane, String uri) {
        return LaneCounters.destinations(List.of(lane.counters)).stream()
                .filter(one -> one.destination().uri().equals(uri))
                .findFirst()
                .orElseThrow()
                .quality();
    }

    private QualityCounts first() {
        return of(fixture, "sip:10.0.0.1");
    }

    private static QualityCounts outcome(int seizures, int answers, int effective) {
        return new QualityCounts(seizures, answers, effective, 0, 0, 0, 0);
    }

    @Test
    void anAnsweredCallHasADelayAndADuration() {
        fixture.callerSends(invite());
        fixture.passes(100);
        fixture.destinationAnswers(100);
        fixture.passes(900);
        fixture.destinationAnswers(183);
        fixture.passes(5_000);
        fixture.destinationAnswers(180);
        fixture.destinationAnswers(200);
        fixture.destinationAnswers(200);
        assertThat(first()).isEqualTo(new QualityCounts(1, 1, 1, 1, 1_000_000, 0, 0));

        fixture.passes(60_000);
        fixture.callerSends(inDialog("BYE"));
        fixture.callerSends(inDialog("BYE"));

        assertThat(first()).isEqualTo(new QualityCounts(1, 1, 1, 1, 1_000_000, 1, 60_000));
    }

    @Test
    void anAnswerWithoutRingingEndsTheDelay() {
        fixture.callerSends(invite());
        fixture.passes(200);
        fixture.destinationAnswers(200);

        assertThat(first()).isEqualTo(new QualityCounts(1, 1, 1, 1, 200_000, 0, 0));
    }

    @ParameterizedTest
    @CsvSource({"486, 1, 1", "404, 1, 0", "302, 0, 0", "407, 0, 0", "603, 1, 1"})
    void aRefusalCountsByItsCode(int code, int seizures, int effective) {
        fixture.callerSends(invite());
        fixture.destinationAnswers(code);
        fixture.destinationAnswers(code);

        assertThat(first()).isEqualTo(outcome(seizures, 0, effective));
    }

    @Test
    void aRefusalOfMoreCallsIsNoSeizureAndTheNextDestinationHasItsOwn() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(503, "Retry-After: 5");
        fixture.destinationAnswers(500);
        fixture.destinationAnswers(486);

        assertThat(first()).isEqualTo(QualityCounts.NONE);
        assertThat(of(fixture, "sip:10.0.0.2")).isEqualTo(outcome(1, 0, 0));
        assertThat(of(fixture, "sip:10.0.0.3")).isEqualTo(outcome(1, 0, 1));
    }

    @Test
    void aCallThatTheCallerEndsIsEffectiveIfItRang() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.callerSends(request("CANCEL"));
        fixture.destinationAnswers(487);
        assertThat(first()).isEqualTo(new QualityCounts(1, 0, 1, 1, 0, 0, 0));

        LaneFixture silent = LaneFixture.stateful();
        silent.callerSends(invite());
        silent.destinationAnswers(100);
        silent.callerSends(request("CANCEL"));
        silent.destinationAnswers(487);
        assertThat(of(silent, "sip:10.0.0.1")).isEqualTo(outcome(1, 0, 0));
    }

    @Test
    void ringingForTooLongIsEffectiveAndSilenceIsNot() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(180);
        fixture.passes(40_000);
        assertThat(first()).isEqualTo(new QualityCounts(1, 0, 1, 1, 0, 0, 0));

        LaneFixture silent = LaneFixture.stateful();
        silent.callerSends(invite());
        silent.passes(6_000);
        assertThat(of(silent, "sip:10.0.0.1")).isEqualTo(outcome(1, 0, 0));
    }

    @Test
    void anAnswerAfterTheFailoverIsAnAnswerOfTheSameSeizure() {
        LaneFixture lane = LaneFixture.stateful("relay-defaults.fr_timeout = 1s");
        lane.callerSends(invite());
        LaneFixture.Sent sent = lane.lastOf("INVITE");
        lane.passes(1_200);
        assertThat(of(lane, "sip:10.0.0.1")).isEqualTo(outcome(1, 0, 0));

        lane.answers(sent, 180);
        lane.answers(sent, 200);

        assertThat(of(lane, "sip:10.0.0.1")).isEqualTo(outcome(1, 1, 1));
    }

    @Test
    void anUnreachableDestinationIsAFailedSeizure() {
        fixture.callerSends(invite());
        fixture.isUnreachable(MAIN, "10.0.0.1:5060");

        assertThat(first()).isEqualTo(outcome(1, 0, 0));
    }

    @Test
    void otherMethodsRequestsOfDialogsAndRedirectsAreNoCalls() {
        fixture.callerSends(request("MESSAGE"));
        fixture.destinationAnswers(200);
        assertThat(first()).isEqualTo(QualityCounts.NONE);

        LaneFixture redirecting = LaneFixture.stateful("relay-defaults.mode = redirect");
        redirecting.callerSends(invite());
        assertThat(of(redirecting, "sip:10.0.0.1")).isEqualTo(QualityCounts.NONE);

        LaneFixture lane = LaneFixture.stateful();
        lane.callerSends(invite());
        lane.destinationAnswers(200);
        QualityCounts before = of(lane, "sip:10.0.0.1");
        lane.callerSends(inDialog("INVITE"));
        lane.destinationAnswers(486);
        assertThat(of(lane, "sip:10.0.0.1")).isEqualTo(before);
    }

    @Test
    void aDestinationThatAForkHasCancelledHasNoOutcome() {
        LaneFixture lane = LaneFixture.stateful("rules = [ { select { set = 1, alg = parallel } } ]")
                .set(1, "sip:10.0.0.1", "sip:10.0.0.2", "sip:10.0.0.3", "sip:10.0.0.4");
        lane.callerSends(invite());
        lane.answers(lane.firstTo("d1"), 180);
        lane.answers(lane.firstTo("d3"), 180);
        lane.answers(lane.firstTo("d4"), 486);
        lane.answers(lane.firstTo("d2"), 200);
        lane.answers(lane.firstTo("d1"), 487);
        lane.passes(40_000);

        assertThat(of(lane, "sip:10.0.0.1")).isEqualTo(new QualityCounts(0, 0, 0, 1, 0, 0, 0));
        assertThat(of(lane, "sip:10.0.0.2")).isEqualTo(new QualityCounts(1, 1, 1, 1, 0, 0, 0));
        assertThat(of(lane, "sip:10.0.0.3")).isEqualTo(new QualityCounts(0, 0, 0, 1, 0, 0, 0));
        assertThat(of(lane, "sip:10.0.0.4")).isEqualTo(outcome(1, 0, 1));
    }

    @Test
    void theSecondAnswerOfAForkCounts() {
        LaneFixture lane = LaneFixture.stateful("rules = [ { select { set = 1, alg = parallel } } ]")
                .set(1, "sip:10.0.0.1", "sip:10.0.0.2");
        lane.callerSends(invite());
        lane.answers(lane.firstTo("d1"), 180);
        lane.answers(lane.firstTo("d2"), 200);
        lane.answers(lane.firstTo("d1"), 200);

        assertThat(of(lane, "sip:10.0.0.1")).isEqualTo(new QualityCounts(1, 1, 1, 1, 0, 0, 0));
    }
}
