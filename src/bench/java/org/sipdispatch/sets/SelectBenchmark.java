package org.sipdispatch.sets;

import java.util.ArrayList;
import java.util.List;
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
 * Selects from a set whose members are all usable, with the hash or random number as an argument. Algorithm 9 reads one
 * figure of each member; for algorithm 10 an extension returns the priority.
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
        "call-load"
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
    private int hash;

    /** Reads the priority, as a value that each destination has. */
    private enum Priorities implements DestinationFacts {
        INSTANCE;

        @Override
        public LongSupplier reader(FigurePattern figure, Destination destination) {
            long value = destination.priority();
            return () -> value;
        }

        @Override
        public String scriptAttrs(Destination destination) {
            return "";
        }

        @Override
        public DestinationLoad load(Destination destination) {
            return new Load(destination.priority());
        }
    }

    /** As many calls in flight as the number, and ten times as many milliseconds. */
    private record Load(int number) implements DestinationLoad {
        @Override
        public long inFlight() {
            return number;
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

    @Setup
    public void prepare() {
        List<SetView.SetMember> rows = new ArrayList<>();
        for (int i = 0; i < members; i++) {
            String uri = "sip:10." + i / 62_500 + "." + i / 250 % 250 + "." + (i % 250 + 1);
            rows.add(new SetView.SetMember(new Destination("default", 1, uri, null, i % 5 + 1, i % 7, "", ""), true));
        }
        view = SetView.of(new SetId("default", 1), rows);
        state = new RoundRobinState(members, new LoadContext(Priorities.INSTANCE, LoadContext.NONE.settings()));
        wanted = Algorithm.of(algorithm);
        selectFlags = SelectFlags.parse(flags.equals("F") ? "F" : "");
        ranking = switch (wanted) {
            case FIGURE -> new FigureRanking(FigurePattern.parse("$stat(in_flight:%u)"), Priorities.INSTANCE);
            case ROUTE -> ByPriority.INSTANCE;
            default -> null;
        };
    }

    @Benchmark
    public List<Destination> select() {
        hash += STEP;
        return ranking == null
                ? Selection.select(view, state, wanted, hash, selectFlags)
                : new RankedSelection(view, ranking, selectFlags).take(state);
    }
}
