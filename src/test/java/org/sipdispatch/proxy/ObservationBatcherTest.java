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
import org.junit.jupiter.params.provider.ValueSource;

/** The observations of destinations that a lane reports. */
class ObservationBatcherTest {
    private final LaneFixture fixture = LaneFixture.stateful("relay-defaults.mark = probing");

    /** Destination, succeeded, failed, strikes, silent, code. */
    private List<String> observations() {
        fixture.passes(300);
        List<String> received = fixture.observations.stream()
                .map(seen -> String.join(
                        " ",
                        seen.destination().uri().replaceFirst(".*\\.", "d"),
                        "+" + seen.succeeded(),
                        "-" + seen.failed(),
                        "strikes " + seen.strikes(),
                        seen.silent() ? "silent" : "heard",
                        "" + seen.code()))
                .toList();
        fixture.observations.clear();
        return received;
    }

    private void invites(String branch) {
        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bK" + branch));
    }

    @ParameterizedTest
    @ValueSource(ints = {180, 183, 200, 486, 404, 401, 302, 501, 505, 513, 600, 603})
    void anAnswerShowsThatADestinationIsAlive(int code) {
        invites("a");
        fixture.destinationAnswers(code);

        assertThat(observations()).containsExactly("d1 +1 -0 strikes 0 heard 0");
    }

    @Test
    void oneRequestIsOneSuccess() {
        invites("a");
        fixture.destinationAnswers(100);
        fixture.destinationAnswers(180);
        fixture.destinationAnswers(183);
        fixture.destinationAnswers(200);
        fixture.destinationAnswers(200);

        assertThat(observations()).containsExactly("d1 +1 -0 strikes 0 heard 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 504, 408})
    void aCodeThatFailsOverIsAFailure(int code) {
        invites("a");
        fixture.destinationAnswers(code);

        assertThat(observations()).containsExactly("d1 +0 -1 strikes 1 heard " + code);
    }

    @Test
    void a503IsAFailureWhateverFailoverSays() {
        LaneFixture none = LaneFixture.stateful("relay-defaults.failover = \"\"");
        none.callerSends(invite());
        none.destinationAnswers(503);

        none.passes(300);
        assertThat(none.observations).hasSize(1);
        assertThat(none.observations.get(0).failed()).isEqualTo(1);
    }

    @Test
    void silenceIsAFailureOfEachThatWasAsked() {
        invites("a");
        fixture.passes(5_000);
        assertThat(observations()).containsExactly("d1 +0 -1 strikes 1 silent 408");
        fixture.passes(10_000);
        assertThat(observations()).containsExactly("d2 +0 -1 strikes 1 silent 408", "d3 +0 -1 strikes 1 silent 408");
    }

    @Test
    void oneThatRangHasNotFailed() {
        invites("a");
        fixture.destinationAnswers(180);
        assertThat(observations()).hasSize(1);

        fixture.passes(200_000);

        assertThat(observations()).noneMatch(line -> line.startsWith("d1"));
    }

    @Test
    void oneThatSentOnlyA100HasFailedButIsNotSilent() {
        invites("a");
        fixture.destinationAnswers(100);

        fixture.passes(181_100);

        assertThat(observations()).contains("d1 +0 -1 strikes 1 heard 408");
    }

    @Test
    void oneThatCannotBeReachedHasFailed() {
        fixture.refuses("10.0.0.2:5060");
        fixture.set(1, "sip:10.0.0.1", "sip:10.0.0.2", "sip:nowhere.example.d3");
        invites("a");

        fixture.isUnreachable(MAIN, "10.0.0.1:5060");

        assertThat(observations())
                .containsExactly(
                        "d1 +0 -1 strikes 1 silent 503",
                        "d2 +0 -1 strikes 1 silent 503",
                        "dd3 +0 -1 strikes 1 silent 503");
    }

    @Test
    void aNameHasFailedOnlyWhenAllItsAddressesHave() {
        fixture.host("gw.d9", "10.0.0.1:5060", "10.0.0.2:5060").set(1, "sip:gw.d9");
        invites("a");

        fixture.isUnreachable(MAIN, "10.0.0.1:5060");
        assertThat(observations()).isEmpty();
        fixture.isUnreachable(MAIN, "10.0.0.2:5060");

        assertThat(observations()).containsExactly("dd9 +0 -1 strikes 1 silent 503");
    }

    @ParameterizedTest
    @CsvSource({"487", "503", "408"})
    void aCancelledCallIsNothing(int code) {
        invites("a");
        fixture.callerSends(request("CANCEL").replace("z9hG4bKc1", "z9hG4bKa"));
        fixture.destinationAnswers(180);
        fixture.answers(fixture.lastOf("INVITE"), code);

        assertThat(observations()).isEmpty();
    }

    @Test
    void requestsOfADialogShowNothing() {
        fixture.callerSends(inDialog("BYE"));
        fixture.passes(20_000);

        assertThat(observations()).isEmpty();
    }

    @Test
    void withoutMarkNothingStrikes() {
        LaneFixture unmarked = LaneFixture.stateful();
        unmarked.callerSends(invite());
        unmarked.destinationAnswers(500);

        unmarked.passes(300);
        assertThat(unmarked.observations.get(0).failed()).isEqualTo(1);
        assertThat(unmarked.observations.get(0).strikes()).isZero();
    }

    @Test
    void manyCallsAreReportedTogetherAndASuccessEndsTheStrikes() {
        fixture.set(1, "sip:10.0.0.1");
        for (int i = 0; i < 10; i++) {
            invites("x" + i);
            fixture.destinationAnswers(i == 6 ? 200 : 500);
        }

        assertThat(observations()).containsExactly("d1 +1 -9 strikes 3 heard 500");
        assertThat(observations()).isEmpty();
    }

    @Test
    void aCodeMayHoldADestinationAndASuccessDoesNotEndTheHold() {
        LaneFixture holding = LaneFixture.stateful("relay-defaults { mark { probing = \"408,5xx\", inactive = 404 } }");
        holding.callerSends(invite());
        holding.destinationAnswers(404);
        holding.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc2"));
        holding.destinationAnswers(200);

        holding.passes(300);
        assertThat(holding.observations).hasSize(1);
        assertThat(holding.observations.get(0).holds()).isTrue();
        assertThat(holding.observations.get(0).code()).isEqualTo(404);
    }

    @Test
    void codesThatAreNotMarkedOnlyCount() {
        LaneFixture holding = LaneFixture.stateful("relay-defaults { mark { probing = 503 } }");
        holding.callerSends(invite());
        holding.destinationAnswers(500);

        holding.passes(300);
        assertThat(holding.observations.get(0).failed()).isEqualTo(1);
        assertThat(holding.observations.get(0).strikes()).isZero();
    }
}
