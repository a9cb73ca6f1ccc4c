package org.sipdispatch.pauses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.pauses.RecordedOrder.Kind.HOLD;
import static org.sipdispatch.pauses.RecordedOrder.Kind.RELEASE;
import static org.sipdispatch.pauses.RecordedOrder.NO_ANSWER;
import static org.sipdispatch.pauses.RecordedOrder.Outcome.FAILED;
import static org.sipdispatch.pauses.RecordedOrder.Outcome.OK;
import static org.sipdispatch.pauses.RecordedOrder.Outcome.UNKNOWN;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderHistoryCheckerTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<RecordedOrder> orders = new ArrayList<>();
    private final List<StateSeen> seen = new ArrayList<>();

    private void order(
            String id,
            RecordedOrder.Kind kind,
            double invoked,
            double answered,
            RecordedOrder.Outcome outcome,
            String version) {
        orders.add(new RecordedOrder(
                id,
                "d",
                kind,
                0,
                (long) (invoked * SECOND),
                answered < 0 ? NO_ANSWER : (long) (answered * SECOND),
                outcome,
                version.isEmpty() ? null : StateVersion.of(version),
                "answer"));
    }

    private StateSeen state(String version, String order, boolean held) {
        return new StateSeen(order, StateVersion.of(version), held, StateSeen.UNKNOWN, "history");
    }

    private void seen(String version, String order, boolean held) {
        seen.add(state(version, order, held));
    }

    private List<String> violations(String version, String order, boolean held) {
        return OrderHistoryChecker.violations(orders, seen, state(version, order, held));
    }

    @Test
    void aHoldAndItsReleaseInTheirOrderAreRight() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", RELEASE, 3, 4, OK, "1.2");
        seen("1.1", "o1", true);
        seen("1.2", "o2", false);

        assertThat(violations("1.2", "o2", false)).isEmpty();
    }

    @Test
    void noOrdersAndTheStateOfTheTableAreRight() {
        assertThat(violations("1.0", "state 0", false)).isEmpty();
    }

    @Test
    void anEffectThatAnotherActorTakesUpIsOneEffect() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        seen("1.1", "o1", true);
        seen("2.0", "o1", true);

        assertThat(violations("3.0", "o1", true)).isEmpty();
    }

    @Test
    void ordersAtTheSameTimeTakeEffectInAnyOrder() {
        order("o1", HOLD, 1, 5, OK, "1.2");
        order("o2", RELEASE, 2, 3, OK, "1.3");
        order("o3", HOLD, 1, 5, OK, "1.1");
        seen("1.1", "o3", true);
        seen("1.2", "o2", false);
        seen("1.3", "o1", true);

        assertThat(violations("1.3", "o1", true)).isEmpty();
    }

    @Test
    void pingsChangeNothingAboutOrders() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", RELEASE, 3, 4, OK, "1.2");
        seen("1.1", "o1", true);
        seen("1.2", "o2", false);
        seen("1.3", "no reply", false);
        seen("1.4", "reply 200", false);

        assertThat(violations("1.4", "reply 200", false)).isEmpty();
    }

    /** Seen once: a node was paused right after its new actor had executed o8, and nobody has seen the other 2.1. */
    private void executeOrderInActorThatIsLost(String versionOfRelease) {
        order("o8", HOLD, 3, 18, UNKNOWN, "");
        order("o17", RELEASE, 7, 13, OK, versionOfRelease);
        order("o25", HOLD, 11, 13.1, OK, "2.2");
        order("o58", RELEASE, 27, 29, OK, "3.1");
        seen("1.1", "state 0", false);
        seen("2.1", "o8", true);
        seen("2.2", "o25", true);
        seen("3.1", "o58", false);
    }

    @Test
    void anAnswerShowsThatAnotherActorHadTheSameVersion() {
        executeOrderInActorThatIsLost("2.1");

        assertThat(violations("3.1", "o58", false)).isEmpty();
    }

    @Test
    void aReleaseBetweenTwoHoldsThatNoStateShowsIsLost() {
        executeOrderInActorThatIsLost("2.2");

        assertThat(violations("3.1", "o58", false))
                .singleElement()
                .asString()
                .startsWith("o17 (RELEASE) was answered OK");
    }

    @Test
    void anOrderWithoutAnAnswerMayBeGoneWithItsActor() {
        order("o1", HOLD, 1, 9, UNKNOWN, "");
        order("o2", RELEASE, 3, 4, OK, "2.1");
        seen("1.1", "o1", true);
        seen("2.1", "state 0", false);

        assertThat(violations("2.1", "state 0", false)).isEmpty();
    }

    @Test
    void theNextActorMayContinueWithTheStateOfAnEarlierOrder() {
        order("o1", RELEASE, 1, 2, OK, "1.1");
        order("o2", HOLD, 3, 9, UNKNOWN, "");
        order("o3", RELEASE, 3, 9, UNKNOWN, "");
        seen("1.1", "o1", false);
        seen("1.2", "o2", true);
        seen("1.3", "o3", false);
        seen("2.0", "o1", false);

        assertThat(violations("2.0", "o1", false)).isEmpty();
    }

    @Test
    void theNextActorMayExecuteAnOrderThatWasLostOnceMore() {
        order("o1", HOLD, 1, 9, OK, "2.2");
        order("o2", RELEASE, 4, 8, OK, "2.1");
        seen("1.1", "o1", true);
        seen("2.1", "state 0", false);
        seen("2.2", "o1", true);

        assertThat(violations("2.2", "o1", true)).isEmpty();
    }

    @Test
    void theNextActorMustNotSkipAnOrderThatWasAnsweredOk() {
        order("o1", RELEASE, 1, 2, OK, "1.1");
        order("o2", HOLD, 3, 4, OK, "1.2");
        seen("1.1", "o1", false);
        seen("1.2", "o2", true);
        seen("2.0", "o1", false);

        assertThat(violations("2.0", "o1", false)).isNotEmpty();
    }

    @Test
    void anOrderThatWasAnsweredOkIsNeverGoneWithItsActor() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        seen("1.1", "o1", true);
        seen("2.0", "state 0", false);

        assertThat(violations("2.0", "state 0", false)).isNotEmpty();
    }

    @Test
    void anOrderThatWasAnsweredOkAndThatNoStateShowsIsLost() {
        order("o1", HOLD, 1, 2, OK, "1.1");

        assertThat(violations("1.0", "state 0", false))
                .singleElement()
                .asString()
                .contains("o1", "lost");
    }

    @Test
    void anOrderThatFoundTheStateAsItWasToBeIsNotLost() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", HOLD, 3, 4, OK, "1.1");
        order("o0", RELEASE, 0, 0.5, OK, "1.0");
        seen("1.1", "o1", true);

        assertThat(violations("1.1", "o1", true)).isEmpty();
    }

    @Test
    void anOrderThatFoundAStateThatWasNoMoreIsLost() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", RELEASE, 3, 4, OK, "2.1");
        order("o3", HOLD, 5, 6, OK, "1.1");
        seen("1.1", "o1", true);
        seen("2.1", "o2", false);

        assertThat(violations("2.1", "o2", false)).singleElement().asString().contains("o3", "lost");
    }

    @Test
    void anOrderWithoutAVersionInItsAnswerMayHaveFoundAnyStateOfItsTime() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", RELEASE, 3, 6, OK, "1.2");
        order("o3", HOLD, 4, 5, OK, "");
        order("o4", HOLD, 7, 8, OK, "");
        seen("1.1", "o1", true);
        seen("1.2", "o2", false);

        assertThat(violations("1.2", "o2", false)).singleElement().asString().contains("o4", "lost");
    }

    @Test
    void anOrderThatFailedMustNotBeDone() {
        order("o1", HOLD, 1, 2, FAILED, "");
        seen("1.1", "o1", true);

        assertThat(violations("1.1", "o1", true)).singleElement().asString().contains("o1", "failed");
    }

    @Test
    void anOrderThatFailedAndIsNotDoneIsRight() {
        order("o1", HOLD, 1, 2, FAILED, "");

        assertThat(violations("1.0", "state 0", false)).isEmpty();
    }

    @Test
    void anOrderWhoseOutcomeIsNotKnownMayBeDoneOrNot() {
        order("o1", HOLD, 1, 2, UNKNOWN, "");
        order("o2", HOLD, 3, 4, UNKNOWN, "");
        seen("1.1", "o2", true);

        assertThat(violations("1.1", "o2", true)).isEmpty();
    }

    @Test
    void anOrderWhoseOutcomeIsNotKnownMustNotBeDoneBehindALaterOne() {
        order("o1", HOLD, 1, 2, UNKNOWN, "");
        order("o2", RELEASE, 3, 4, OK, "2.1");
        order("o0", HOLD, 0, 0.5, OK, "1.1");
        seen("1.1", "o0", true);
        seen("2.1", "o2", false);
        seen("3.1", "o1", true);

        assertThat(violations("3.1", "o1", true)).singleElement().asString().contains("o1", "behind an order");
    }

    @Test
    void anOrderThatWasNeverAnsweredMayBeDoneAtAnyTime() {
        order("o1", HOLD, 1, -1, UNKNOWN, "");
        order("o2", RELEASE, 3, 4, OK, "1.0");
        seen("3.1", "o1", true);

        assertThat(violations("3.1", "o1", true)).isEmpty();
    }

    @Test
    void theTimeOfAStateTellsAnOrderThatIsDoneAfterItsAnswer() {
        order("o1", HOLD, 1, 2, UNKNOWN, "");
        seen.add(new StateSeen("o1", StateVersion.of("1.1"), true, 5 * SECOND, "history"));

        assertThat(violations("1.1", "o1", true)).singleElement().asString().contains("o1", "3000 ms after its answer");
    }

    @Test
    void versionsMustNotContradictTheOrderInTime() {
        order("o1", HOLD, 1, 2, OK, "2.1");
        order("o2", RELEASE, 3, 4, OK, "1.1");
        seen("2.1", "o1", true);
        seen("1.1", "o2", false);

        assertThat(violations("2.1", "o1", true)).singleElement().asString().contains("o1", "behind an order");
    }

    @Test
    void aStateThatComesBackIsWrong() {
        order("o1", HOLD, 1, 2, OK, "7.1");
        order("o2", RELEASE, 3, 4, OK, "7.2");
        seen("7.1", "o1", true);
        seen("7.2", "o2", false);
        seen("8.1", "o1", true);
        seen("9.0", "o2", false);

        assertThat(violations("9.0", "o2", false))
                .anySatisfy(text -> assertThat(text).contains("came back after o2", "8.1"));
    }

    @Test
    void oneVersionMustNotHaveTwoStates() {
        order("o1", HOLD, 1, 4, OK, "2.1");
        order("o2", RELEASE, 1, 4, OK, "2.1");
        seen("2.1", "o1", true);
        seen("2.1", "o2", false);

        assertThat(violations("2.1", "o1", true))
                .contains("one version, two states: 2.1 held by 'o1' (history) and 2.1 free by 'o2' (history)");
    }

    @Test
    void aChangeThatWasNotConfirmedMayBeLostToAnotherActorOfItsTerm() {
        order("o1", HOLD, 1, 14, UNKNOWN, "");
        order("o2", RELEASE, 6, 7, OK, "2.1");
        seen("2.1", "o1", true);
        seen("2.1", "state 0", false);

        assertThat(violations("2.1", "state 0", false)).isEmpty();
    }

    @Test
    void whatTheTableSaysBeforeAnyActorIsNoState() {
        seen("0.0", "state 0", false);
        seen("0.0", "state 1", true);

        assertThat(violations("1.0", "state 0", false)).isEmpty();
    }

    @Test
    void aHoldThatReleasesIsWrong() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        seen("1.1", "o1", false);

        assertThat(violations("1.1", "o1", true)).singleElement().asString().contains("o1 was a HOLD");
    }

    @Test
    void theLastStateMustBeThatOfTheLastEffect() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", RELEASE, 3, 4, OK, "1.2");
        seen("1.1", "o1", true);
        seen("1.2", "o2", false);

        assertThat(violations("1.1", "o1", true)).singleElement().asString().contains("the last state is 1.1");
    }

    @Test
    void aHoldMustNotEndWithoutAnOrder() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", HOLD, 20, 21, OK, "2.1");
        seen("1.1", "o1", true);
        seen("2.0", "state 0", false);
        seen("2.1", "o2", true);

        assertThat(violations("2.1", "o2", true)).singleElement().asString().contains("without an order", "2.0", "1.1");
    }

    @Test
    void aHoldMustNotBeginWithoutAnOrder() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", RELEASE, 3, 4, OK, "1.2");
        order("o3", RELEASE, 20, 21, OK, "2.1");
        seen("1.1", "o1", true);
        seen("1.2", "o2", false);
        seen("2.0", "table", true);
        seen("2.1", "o3", false);

        assertThat(violations("2.1", "o3", false)).singleElement().asString().contains("without an order", "2.0");
    }

    @Test
    void aPingMustNotEndAHold() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", RELEASE, 20, 21, OK, "2.5");
        seen("1.1", "o1", true);
        seen("2.0", "200 OK", false);

        assertThat(violations("2.5", "200 OK", false))
                .anySatisfy(text -> assertThat(text).contains("without an order", "2.0"));
    }

    @Test
    void anOrderMustNotChangeTheStateTwice() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", HOLD, 20, 21, OK, "1.3");
        seen("1.1", "o1", true);
        seen("1.2", "o1", false);
        seen("1.3", "o2", true);

        assertThat(violations("1.3", "o2", true)).singleElement().asString().contains("without an order", "1.2");
    }

    @Test
    void theNextActorMayGoBackBehindAnOrderWithoutAnAnswerAndItsPings() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", RELEASE, 3, 9, UNKNOWN, "");
        seen("1.1", "o1", true);
        seen("1.2", "o2", false);
        seen("1.3", "no reply", false);
        seen("2.0", "o1", true);

        assertThat(violations("2.0", "o1", true)).isEmpty();
    }

    @Test
    void theNextActorMayKeepAnOrderWithoutAnAnswerBehindItsPings() {
        order("o1", HOLD, 1, 2, OK, "1.1");
        order("o2", RELEASE, 3, 9, UNKNOWN, "");
        seen("1.1", "o1", true);
        seen("1.2", "o2", false);
        seen("2.0", "no reply", false);

        assertThat(OrderHistoryChecker.violations(orders, seen, state("2.0", "no reply", false)))
                .noneMatch(text -> text.contains("without an order"));
    }
}
