package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sets.Algorithm.CALL_ID;
import static org.sipdispatch.sets.Algorithm.PRIORITY;
import static org.sipdispatch.sets.Algorithm.RANDOM;
import static org.sipdispatch.sets.Algorithm.RENDEZVOUS;
import static org.sipdispatch.sets.Algorithm.ROUND_ROBIN;
import static org.sipdispatch.sets.Algorithm.SMOOTH_ROUND_ROBIN;

import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The texts that explain a selection. */
class RecordingTraceTest {
    private static List<String> why(SetView set, Algorithm algorithm, int hash, String flags) {
        return why(set, new RoundRobinState(set.size()), algorithm, hash, flags);
    }

    private static List<String> why(SetView set, RoundRobinState cursor, Algorithm algorithm, int hash, String flags) {
        return answer(set, cursor, algorithm, hash, flags).why();
    }

    /** Advances the cursor without the trace, like traffic between two explanations. */
    private static RecordingTrace.SelectionRecord answer(
            SetView set, RoundRobinState cursor, Algorithm algorithm, int hash, String flags) {
        RecordingTrace trace = new RecordingTrace();
        SetActor.Select query = Views.query(algorithm, hash, SelectFlags.parse(flags), 0, trace, TestInbox.create());
        trace.select(set, cursor, query);
        SelectTrace.NONE.select(set, cursor, query);
        return trace.answer(0);
    }

    @Test
    void aHashIsReportedWithItsRemainder() {
        assertThat(why(Views.of(0, 0, 0), CALL_ID, 7, "F"))
                .containsExactly("next one in the ring", "first: hash 7 mod 3 = 1", "next one in the ring");
    }

    @Test
    void aHashIsReportedAsAnUnsignedNumber() {
        assertThat(why(Views.of(0, 0, 0), CALL_ID, -1, "")).contains("first: hash 4294967295 mod 3 = 0");
    }

    @Test
    void weightsAreReportedByTheirSum() {
        assertThat(why(Views.of(5, 3, 2), CALL_ID, 17, ""))
                .containsExactly(
                        "flag F is not set: one pick only",
                        "first: hash 17 mod 10 (sum of weights) = 7",
                        "flag F is not set: one pick only");
    }

    @Test
    void aHashThatFallsOnOneThatIsNotUsableIsReportedTwice() {
        assertThat(why(Views.without("b", 5, 3, 2), CALL_ID, 17, ""))
                .containsExactly(
                        "first: hash 17 mod 10 (sum of weights) = 7 is sip:b.example.net, not usable; among the usable"
                                + " ones mod 7 (sum of weights) = 3",
                        "not usable",
                        "flag F is not set: one pick only");
    }

    @Test
    void aRandomNumberIsNoHash() {
        assertThat(why(Views.of(1, 1), RANDOM, 4, "")).contains("first: random number 4 mod 2 (sum of weights) = 0");
    }

    @Test
    void theRoundRobinTellsHowFarItIs() {
        SetView set = Views.of(3, 1);
        RoundRobinState cursor = new RoundRobinState(2);
        Views.picks(set, cursor, ROUND_ROBIN, "", 2);

        assertThat(why(set, cursor, ROUND_ROBIN, 0, "F"))
                .containsExactly("first: round robin is at this destination, 2 of 3 taken", "next one in the ring");
        assertThat(why(set, cursor, ROUND_ROBIN, 0, "F"))
                .containsExactly(
                        "next one in the ring",
                        "first: round robin was at sip:a.example.net, 3 of 3 taken; next usable one in the ring");
    }

    @Test
    void theRoundRobinReportsWhichItPasses() {
        assertThat(why(Views.without("a", 1, 1), ROUND_ROBIN, 0, ""))
                .containsExactly(
                        "not usable",
                        "first: round robin was at sip:a.example.net, which is not usable; next usable one in"
                                + " the ring");
    }

    @Test
    void theRoundRobinOfOneComesBack() {
        SetView set = Views.without("b", 1, 1);
        RoundRobinState cursor = new RoundRobinState(2);
        Views.picks(set, cursor, ROUND_ROBIN, "", 1);

        assertThat(why(set, cursor, ROUND_ROBIN, 0, ""))
                .contains("first: round robin returns to this destination, no other is usable");
    }

    @Test
    void aReserveStandsInAndIsReportedAsOne() {
        assertThat(why(Views.of(1, 1), PRIORITY, 0, "FD"))
                .containsExactly("first: the highest priority", "the reserve (flag D)");
        assertThat(why(Views.without("a", 1, 1), PRIORITY, 0, "FD"))
                .containsExactly("not usable", "first: the reserve (flag D), since no other is usable");
        assertThat(why(Views.of(1, 1), PRIORITY, 0, "D"))
                .containsExactly("first: the highest priority", "held back as the reserve (flag D)");
    }

    @Test
    void theRoundRobinMayStillStandOnTheReserve() {
        SetView away = Views.without("a", 1, 2);
        RoundRobinState cursor = new RoundRobinState(2);
        Views.picks(away, cursor, ROUND_ROBIN, "D", 1);
        SetView back = Views.of(1, 2);
        cursor.move(away, back);

        assertThat(why(back, cursor, ROUND_ROBIN, 0, "FD"))
                .containsExactly("next one in the ring", "first: round robin is still at the reserve (flag D)");
    }

    @Test
    void aDestinationBeyondTheLimitIsReported() {
        assertThat(why(Views.without("b", 1, 1, 1, 1), PRIORITY, 0, "FM2"))
                .containsExactly(
                        "first: the highest priority",
                        "not usable",
                        "next in the order of priority",
                        "beyond max_results or flag M: 2 at most");
    }

    @Test
    void drawsAreReportedAsDraws() {
        assertThat(why(Views.of(1), RENDEZVOUS, 9, "F"))
                .containsExactly("first: the highest draw of the usable ones from hash 9");
        assertThat(why(Views.of(1, 1), RENDEZVOUS, 9, "F")).contains("the next draw");
    }

    @Test
    void theSmoothRoundRobinTellsItsCredit() {
        SetView set = Views.of(1, 1);
        RoundRobinState cursor = new RoundRobinState(2);
        Views.picks(set, cursor, SMOOTH_ROUND_ROBIN, "", 1);

        assertThat(why(set, cursor, SMOOTH_ROUND_ROBIN, 0, ""))
                .contains("first: round robin: its credit of 1 plus its weight is the largest");
    }

    @Test
    void nobodyIsUsable() {
        RecordingTrace.SelectionRecord answer =
                answer(Views.without("ab", 1, 1), new RoundRobinState(2), CALL_ID, 1, "");

        assertThat(answer.candidates()).isEmpty();
        assertThat(answer.why()).containsExactly("not usable", "not usable");
    }
}
