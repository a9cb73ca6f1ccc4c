package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.BehaviorTestKit;
import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Algorithms 9 and 10: selection by a value of each destination. */
class RankedSelectionTest {
    private static final long LAST = Ranking.LAST;

    /** Gives the members these values, in the set's order. */
    private record Values(long... all) implements Ranking {
        @Override
        public long[] values(SetView set, int size) {
            return Arrays.copyOf(all, size);
        }

        @Override
        public String text() {
            return "load";
        }
    }

    /** Fails like an algorithm that throws. */
    private enum Failing implements Ranking {
        INSTANCE;

        @Override
        public long[] values(SetView set, int size) {
            return null;
        }

        @Override
        public String text() {
            return "route:x";
        }
    }

    private static String picked(SetView set, String flags, long... values) {
        return new RankedSelection(set, new Values(values), SelectFlags.parse(flags))
                .take(new RoundRobinState(set.size())).stream()
                        .map(Destination::description)
                        .collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource({
        "3 1 2, F, bca",
        "3 1 2, '', b",
        "1 1 1, F, abc",
        "2 1 1, F, bca",
        "-5 0 1, F, abc",
        "3 1 2, FM2, bc",
        "3 1 2, FD, bac",
        "1 3 0, D, a",
        "0 0 0, FM1, a"
    })
    void theSmallestValueIsFirstAndEqualOnesKeepTheirOrder(String values, String flags, String expected) {
        long[] numbers =
                Arrays.stream(values.split(" ")).mapToLong(Long::parseLong).toArray();

        assertThat(picked(Views.of(1, 1, 1), flags, numbers)).isEqualTo(expected);
    }

    @Test
    void oneThatIsNotUsableIsNoCandidate() {
        assertThat(picked(Views.without("b", 1, 1, 1), "F", 3, 1, 2)).isEqualTo("ca");
        assertThat(picked(Views.without("abc", 1, 1, 1), "F", 3, 1, 2)).isEmpty();
    }

    @Test
    void anOpenSipsDefectIsNotRepeated() {
        // 2.4 returns the first destination twice and omits the last one.
        assertThat(picked(Views.of(1, 1, 1), "F", 2, 3, 1)).isEqualTo("cab");
        // 2.4 selects nothing with D and one destination.
        assertThat(picked(Views.of(1), "D", 7)).isEqualTo("a");
    }

    @Test
    void aNegativeAnswerComesLastAndIsNeverFirst() {
        assertThat(picked(Views.of(1, 1, 1), "F", LAST, 5, LAST)).isEqualTo("bac");
        assertThat(picked(Views.of(1, 1), "F", LAST, LAST)).isEmpty();
    }

    @Test
    void theReserveStandsInIfNoOtherCanBeFirst() {
        assertThat(picked(Views.without("ab", 1, 1, 1), "FD", 1, 2)).isEqualTo("c");
        assertThat(picked(Views.of(1, 1, 1), "FD", LAST, LAST)).isEqualTo("c");
        assertThat(picked(Views.without("c", 1, 1, 1), "FD", 2, 1)).isEqualTo("ba");
    }

    @Test
    void aFailedRankingSelectsNothingNotEvenTheReserve() {
        assertThat(new RankedSelection(Views.of(1, 1), Failing.INSTANCE, SelectFlags.parse("FD"))
                        .take(new RoundRobinState(2)))
                .isEmpty();
    }

    @Test
    void theRoundRobinContinuesFromThePick() {
        SetView set = Views.of(1, 1, 1);
        RoundRobinState cursor = new RoundRobinState(3);

        new RankedSelection(set, new Values(2, 1, 3), SelectFlags.parse("F")).take(cursor);

        assertThat(cursor.last).isEqualTo(1);
    }

    @Test
    void theActorOfASetAnswersWithTheRankedCandidates() {
        BehaviorTestKit<SetActor.Command> set =
                BehaviorTestKit.create(SetActor.create(Views.of(1, 1), LoadContext.NONE));
        TestInbox<SetActor.Selected> inbox = TestInbox.create();
        SelectContext context = new Views.Context(0, SelectTrace.NONE);

        set.run(new SetActor.Rank(new Values(9, 4), SelectFlags.parse("F"), context, inbox.getRef()));

        SetActor.Selected selected = inbox.receiveMessage();
        assertThat(selected.context()).isSameAs(context);
        assertThat(selected.candidates()).extracting(Destination::description).containsExactly("b", "a");
    }

    private static List<String> why(SetView set, Ranking ranking, String flags) {
        RecordingTrace trace = new RecordingTrace();
        SelectContext context = new Views.Context(0, trace);
        trace.rank(
                set,
                new RoundRobinState(set.size()),
                new SetActor.Rank(
                        ranking,
                        SelectFlags.parse(flags),
                        context,
                        TestInbox.<SetActor.Selected>create().getRef()));
        return trace.answer(0).why();
    }

    @Test
    void theExplanationHasTheValues() {
        assertThat(why(Views.without("c", 1, 1, 1), new Values(7, 3, 0), "F"))
                .containsExactly("next in ascending order: load = 7", "first: load = 3, the lowest", "not usable");
        assertThat(why(Views.of(1, 1), new Values(7, 3), ""))
                .containsExactly("flag F is not set: one pick only; load = 7", "first: load = 3, the lowest");
        assertThat(why(Views.of(1, 1), new Values(LAST, 3), "F"))
                .containsExactly("next in ascending order: load = negative", "first: load = 3, the lowest");
        assertThat(why(Views.of(1), new Values(LAST), "F"))
                .containsExactly("no member can be the first; load = negative");
        assertThat(why(Views.of(1, 1), new Values(4), "FD"))
                .containsExactly("first: load = 4, the lowest", "the reserve (flag D)");
        assertThat(why(Views.of(1), Failing.INSTANCE, "F")).containsExactly("route:x has failed");
    }

    @Test
    void aFigureIsLookedUpOnceForTheMembersAndReadAtEachSelection() {
        AtomicInteger lookUps = new AtomicInteger();
        AtomicInteger load = new AtomicInteger(1);
        DestinationFacts facts = new DestinationFacts() {
            @Override
            public LongSupplier reader(FigurePattern figure, Destination destination) {
                lookUps.incrementAndGet();
                return () -> destination.description().equals("a") ? load.get() : 5;
            }

            @Override
            public String scriptAttrs(Destination destination) {
                return "";
            }
        };
        FigurePattern figure = FigurePattern.parse("$figure(load:%u)");
        SetView set = Views.of(1, 1);

        assertThat(new FigureRanking(figure, facts).values(set, 2)).containsExactly(1, 5);
        load.set(8);
        assertThat(new FigureRanking(figure, facts).values(set.withActive(i -> true), 2))
                .containsExactly(8, 5);
        assertThat(lookUps).hasValue(2);
    }
}
