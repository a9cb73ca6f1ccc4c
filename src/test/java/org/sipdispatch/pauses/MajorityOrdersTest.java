package org.sipdispatch.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MajorityOrdersTest {
    private static final long SECOND = 1_000_000_000L;

    private static RecordedOrder order(int node, long invoked, long answered, RecordedOrder.Outcome outcome) {
        return new RecordedOrder(
                "o1",
                "d",
                RecordedOrder.Kind.HOLD,
                node,
                invoked * SECOND,
                answered * SECOND,
                outcome,
                null,
                "503 not executed");
    }

    private static MajorityOrders check(RecordedOrder order, int nodes, Pause... pauses) {
        return new MajorityOrders(List.of(order), new RunningNodes(nodes, List.of(pauses)));
    }

    private static Pause pause(int node, long from, long to) {
        return new Pause(node, from * SECOND, to * SECOND);
    }

    @Test
    void twoOfThreeThatHaveRunLongEnoughExecuteOrders() {
        MajorityOrders failed =
                check(order(0, 26, 31, RecordedOrder.Outcome.FAILED), 3, pause(0, 5, 10), pause(2, 5, 40));

        assertThat(failed.violations()).singleElement().asString().contains("o1 to node 1", "FAILED", "16000 ms");
        assertThat(check(order(0, 26, 27, RecordedOrder.Outcome.OK), 3, pause(0, 5, 10), pause(2, 5, 40)))
                .satisfies(right -> assertThat(right.violations()).isEmpty())
                .satisfies(right -> assertThat(right.checked()).isEqualTo(1));
    }

    @Test
    void anOrderWithoutAKnownOutcomeIsNotExecuted() {
        assertThat(check(order(0, 26, 41, RecordedOrder.Outcome.UNKNOWN), 3, pause(2, 5, 60))
                        .violations())
                .singleElement()
                .asString()
                .contains("UNKNOWN", "all the time");
    }

    @Test
    void aMajorityThatHasJustBegunToRunMayRefuseOrders() {
        assertThat(check(order(0, 24, 25, RecordedOrder.Outcome.FAILED), 3, pause(0, 5, 10), pause(2, 5, 40))
                        .checked())
                .isZero();
    }

    @Test
    void aLoneNodeMayRefuseOrders() {
        assertThat(check(order(0, 30, 31, RecordedOrder.Outcome.FAILED), 3, pause(1, 5, 40), pause(2, 5, 40))
                        .checked())
                .isZero();
        assertThat(check(order(0, 30, 31, RecordedOrder.Outcome.FAILED), 2, pause(1, 5, 40))
                        .checked())
                .isZero();
    }

    @Test
    void aMajorityThatIsInterruptedBeforeTheAnswerMayRefuseOrders() {
        assertThat(check(order(0, 30, 36, RecordedOrder.Outcome.FAILED), 3, pause(1, 32, 40), pause(2, 5, 40))
                        .checked())
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "UNKNOWN"})
    void anOrderThatANewerOneHasReplacedIsNotSentAgain(RecordedOrder.Outcome outcome) {
        RecordedOrder older = order(0, 26, 41, outcome);
        RunningNodes running = new RunningNodes(3, List.of(pause(2, 25, 60)));

        assertThat(new MajorityOrders(List.of(older, order(0, 30, 31, RecordedOrder.Outcome.OK)), running).violations())
                .isEmpty();
        assertThat(new MajorityOrders(List.of(older, order(1, 30, 31, RecordedOrder.Outcome.OK)), running).violations())
                .hasSize(1);
        assertThat(new MajorityOrders(List.of(older, order(0, 42, 43, RecordedOrder.Outcome.OK)), running).violations())
                .hasSize(1);
    }
}
