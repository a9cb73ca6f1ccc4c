package org.sipdispatch.sets;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Selects from a set whose members are all usable, with the hash or random number as an argument. For the algorithms that
 * compare calls in flight, the selected member gets a call, and after sixteen selections sixteen random calls end: about
 * two calls for each member are in flight. For algorithm 10 an extension returns the priority.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class SelectBenchmark {
    private static final int STEP = 0x9e3779b9;

    @Param({
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "10",
        "smooth-round-robin",
        "rendezvous",
        "least-in-flight",
        "best-of",
        "latency-tiers",
        "priority-tiers",
        "percent-weight",
        "relative-weight",
        "latency-priority",
        "call-load",
        "quality",
        "srv-tiers",
        "turns-or-priority",
        "parallel"
    })
    public String algorithm;

    @Param({"1", "10", "100", "1000", "10000"})
    public int members;

    /** {@code first}: only the first choice; {@code F}: with the failover list. */
    @Param({"first", "F"})
    public String flags;

    private Algorithm wanted;
    private SelectFlags selectFlags;
    private SetView view;
    private RoundRobinState state;
    private Ranking ranking;
    /** Null if the algorithm does not compare calls. */
    private Calls calls;

    private int hash;

    /** The calls in flight of each member, which selections change. */
    static final class Calls implements DestinationFacts {
        /** So many calls end at a time, as many as have begun. */
        private static final int ENDS = 16;

        private final Map<Destination, Load> loads = new IdentityHashMap<>();
        private final Map<Destination, Integer> places = new IdentityHashMap<>();
        /** By index. */
        private Load[] members;
        /** The indexes of the members with calls, one for each call. */
        private int[] open;

        private int count;
        private long random;
        /** The members whose counts have changed, by index. */
        private final int[] changed = new int[ENDS + 1];
        /** -1 before the first time. */
        private int changes = -1;

        /** Two calls for each member. */
        void open(SetView view) {
            members = new Load[view.size()];
            open = new int[2 * view.size() + ENDS];
            for (int i = 0; i < 2 * view.size(); i++) {
                int place = i % view.size();
                members[place] = load(view.member(place));
                places.put(view.member(place), place);
                begin(place);
            }
        }

        /** This member gets a call; sometimes, others end. */
        void begin(int selected) {
            count(selected, 1);
            open[count++] = selected;
            if (count == open.length) {
                for (int i = 0; i < ENDS; i++) {
                    endOne();
                }
            }
        }

        void begin(Destination selected) {
            begin(places.get(selected));
        }

        private void endOne() {
            random += SplitMix64.STEP;
            int at = (int) WeightWheel.part(SplitMix64.mix(random), count);
            count(open[at], -1);
            open[at] = open[--count];
        }

        private void count(int place, int more) {
            members[place].inFlight += more;
            if (changes >= 0) {
                changed[changes++] = place;
            }
        }

        @Override
        public LongSupplier reader(FigurePattern figure, Destination destination) {
            Load load = load(destination);
            return load::inFlight;
        }

        @Override
        public FigureChanges changes(FigurePattern figure, List<Destination> all) {
            return reader -> {
                boolean known = changes >= 0;
                for (int i = 0; i < changes; i++) {
                    reader.accept(changed[i]);
                }
                changes = 0;
                return known;
            };
        }

        @Override
        public String scriptAttrs(Destination destination) {
            return "";
        }

        @Override
        public Load load(Destination destination) {
            return loads.computeIfAbsent(destination, one -> new Load(one.priority()));
        }
    }

    /** Ten times as many milliseconds as the number. */
    private static final class Load implements DestinationLoad {
        private final int number;
        private long inFlight;

        Load(int number) {
            this.number = number;
        }

        @Override
        public long inFlight() {
            return inFlight;
        }

        @Override
        public long latencyMicros() {
            return number * 10_000L;
        }

        @Override
        public long usualLatencyMicros() {
            return 10_000;
        }

        @Override
        public boolean isIdle() {
            return false;
        }
    }

    /** Reads the priority as an extension does. */
    private enum ByPriority implements Ranking {
        INSTANCE;

        @Override
        public long[] values(SetView set, int size) {
            long[] values = new long[size];
            for (int i = 0; i < size; i++) {
                values[i] = set.member(i).priority();
            }
            return values;
        }

        @Override
        public String text() {
            return "priority";
        }
    }

    /** So many usable members with weights from 1 to 5 and priorities from 0 to 6. */
    static SetView view(int members) {
        List<SetView.SetMember> rows = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            String uri = "sip:10." + i / 62_500 + "." + i / 250 % 250 + "." + (i % 250 + 1);
            rows.add(new SetView.SetMember(new Destination("default", 1, uri, null, i % 5 + 1, i % 7, "", ""), true));
        }
        return SetView.of(new SetId("default", 1), rows);
    }

    static boolean comparesCalls(Algorithm algorithm) {
        return switch (algorithm) {
            case FIGURE, LEAST_IN_FLIGHT, BEST_OF, CALL_LOAD -> true;
            default -> false;
        };
    }

    static FigureRanking byCalls(Calls facts) {
        return new FigureRanking(FigurePattern.parse("$stat(in_flight:%u)"), facts);
    }

    @Setup
    public void prepare() {
        view = view(members);
        wanted = Algorithm.of(algorithm);
        Calls facts = new Calls();
        facts.open(view);
        state = new RoundRobinState(members, new LoadContext(facts, LoadContext.NONE.settings()));
        calls = comparesCalls(wanted) ? facts : null;
        selectFlags = SelectFlags.parse(flags.equals("F") ? "F" : "");
        ranking = switch (wanted) {
            case FIGURE -> byCalls(facts);
            case ROUTE -> ByPriority.INSTANCE;
            default -> null;
        };
    }

    @Benchmark
    public List<Destination> select() {
        hash += STEP;
        List<Destination> selected = selected();
        if (calls != null) {
            calls.begin(state.last);
        }
        return selected;
    }

    private List<Destination> selected() {
        return ranking instanceof FigureRanking figure
                ? RankedSelection.take(view, figure, selectFlags, state)
                : ranking != null
                        ? new RankedSelection(view, ranking, selectFlags).take(state)
                        : Selection.select(view, state, wanted, hash, selectFlags);
    }
}
