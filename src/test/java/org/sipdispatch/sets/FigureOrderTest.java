package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Algorithm 9 with kept values, compared with a selection that reads all values and sorts them. */
class FigureOrderTest {
    private static final FigurePattern FIGURE = FigurePattern.parse("$stat(in_flight:%u)");

    /** Values that change, and readers that learn which ones have changed. */
    private static final class Values implements DestinationFacts {
        private final long[] values;
        private final Random random;

        Values(int size, Random random) {
            values = new long[size];
            this.random = random;
        }

        void change() {
            values[random.nextInt(values.length)] =
                    random.nextInt(30) == 0 ? Ranking.LAST : random.nextInt(1 + random.nextInt(6));
        }

        @Override
        public LongSupplier reader(FigurePattern figure, Destination destination) {
            int place = destination.description().charAt(0) - 'a';
            return () -> values[place];
        }

        /** Sometimes it does not know, sometimes it names one that has not changed. */
        @Override
        public FigureChanges changes(FigurePattern figure, List<Destination> members) {
            long[] told = new long[values.length];
            Arrays.fill(told, -1);
            return changed -> {
                boolean knows = told[0] >= 0 && random.nextInt(20) > 0;
                for (int i = 0; knows && i < told.length; i++) {
                    if (told[i] != values[i] || random.nextInt(10) == 0) {
                        changed.accept(i);
                    }
                }
                System.arraycopy(values, 0, told, 0, told.length);
                return knows;
            };
        }

        @Override
        public String scriptAttrs(Destination destination) {
            return "";
        }
    }

    private static SelectFlags flags(Random random) {
        return SelectFlags.parse(new String[] {"", "F", "FM3", "D", "FD", "FDM2"}[random.nextInt(6)]);
    }

    /** Some members die, return, or start slowly; sometimes the members are defined again. */
    private static SetView next(SetView view, Random random) {
        if (random.nextInt(5) == 0) {
            return Views.of(IntStream.range(0, view.size()).map(i -> 1).toArray());
        }
        MemberState[] states = IntStream.range(0, view.size())
                .mapToObj(i -> MemberState.values()[random.nextInt(2) * random.nextInt(MemberState.values().length)])
                .toArray(MemberState[]::new);
        return view.with(states, SlowShares.NONE);
    }

    @Property(tries = 1000)
    void candidatesAreThoseOfAllValuesInOrder(@ForAll long seed) {
        Random random = new Random(seed);
        int size = 1 + random.nextInt(12);
        Values values = new Values(size, random);
        FigureRanking ranking = new FigureRanking(FIGURE, values);
        SetView view = Views.of(IntStream.range(0, size).map(i -> 1).toArray());
        RoundRobinState kept = new RoundRobinState(size);
        RoundRobinState plain = new RoundRobinState(size);

        for (int step = 0; step < 40; step++) {
            IntStream.range(0, random.nextInt(4)).forEach(i -> values.change());
            view = random.nextInt(8) == 0 ? next(view, random) : view;
            SelectFlags flags = flags(random);

            assertThat(RankedSelection.take(view, ranking, flags, kept))
                    .isEqualTo(new RankedSelection(view, ranking, flags).take(plain));
            assertThat(kept.last).isEqualTo(plain.last);
        }
    }

    @Test
    void aSelectionThatIsNotUsedAdvancesNothing() {
        SetView view = Views.of(1, 1, 1, 1);
        RoundRobinState state = new RoundRobinState(4);
        state.last = 3;
        SelectTrace trace = SelectTrace.NONE.unmoved();
        Values values = new Values(4, new Random(1));
        values.values[0] = 9;
        SelectFlags flags = SelectFlags.parse("");

        trace.select(view, state, Views.query(Algorithm.CALL_ID, 1, flags, 0, trace, TestInbox.create()));
        assertThat(state.last).isEqualTo(3);
        List<Destination> ranked = trace.rank(
                view,
                state,
                new SetActor.Rank(
                        new FigureRanking(FIGURE, values),
                        flags,
                        new Views.Context(0, trace),
                        TestInbox.<SetActor.Selected>create().getRef()));

        assertThat(ranked).containsExactly(view.member(1));
        assertThat(state.last).isEqualTo(3);
    }
}
