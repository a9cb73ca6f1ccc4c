package org.sipdispatch.sets;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A selection as a request sees it: a query to the set's actor, and the answer to the actor that asked, both on one
 * thread. Each answer is followed by the next query. Calls begin and end as in {@link SelectBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class QueryBenchmark {
    private static final int QUERIES = 10_000;
    private static final int STEP = 0x9e3779b9;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String ONE_THREAD = "akka.actor.default-dispatcher {\n"
            + "executor = thread-pool-executor\nthread-pool-executor.fixed-pool-size = 1\nthroughput = 128\n}";

    @Param({"0", "6", "8", "9", "least-in-flight", "call-load", "smooth-round-robin", "best-of"})
    public String algorithm;

    @Param({"10", "10000"})
    public int members;

    private ActorSystem<Object> system;

    /** Asks for all queries, one after the other. */
    private record Begin(ActorRef<Integer> replyTo) {}

    private enum Context implements SelectContext {
        INSTANCE;

        @Override
        public int place() {
            return 0;
        }

        @Override
        public SelectTrace trace() {
            return SelectTrace.NONE;
        }

        @Override
        public void selected(List<Destination> candidates) {}
    }

    private static final class Asker {
        private final ActorRef<SetActor.Command> set;
        private final ActorRef<SetActor.Selected> self;
        private final Algorithm algorithm;
        private final SelectBenchmark.Calls calls;
        private final FigureRanking ranking;
        private final boolean comparesCalls;
        private final SelectFlags flags = SelectFlags.parse("");
        private ActorRef<Integer> replyTo;
        private int left;
        private int hash;

        Asker(
                ActorRef<SetActor.Command> set,
                ActorRef<SetActor.Selected> self,
                Algorithm algorithm,
                SelectBenchmark.Calls calls) {
            this.set = set;
            this.self = self;
            this.algorithm = algorithm;
            this.calls = calls;
            ranking = SelectBenchmark.byCalls(calls);
            comparesCalls = SelectBenchmark.comparesCalls(algorithm);
        }

        Behavior<Object> begin(Begin begin) {
            replyTo = begin.replyTo();
            left = QUERIES;
            ask();
            return Behaviors.same();
        }

        private void ask() {
            hash += STEP;
            set.tell(
                    algorithm == Algorithm.FIGURE
                            ? new SetActor.Rank(ranking, flags, Context.INSTANCE, self)
                            : new SetActor.Select(algorithm, hash, flags, Context.INSTANCE, self));
        }

        Behavior<Object> selected(SetActor.Selected selected) {
            if (comparesCalls) {
                calls.begin(selected.candidates().get(0));
            }
            left--;
            if (left > 0) {
                ask();
            } else {
                replyTo.tell(selected.candidates().size());
            }
            return Behaviors.same();
        }
    }

    @Setup
    public void prepare() {
        SetView view = SelectBenchmark.view(members);
        Algorithm wanted = Algorithm.of(algorithm);
        SelectBenchmark.Calls calls = new SelectBenchmark.Calls();
        calls.open(view);
        LoadContext load = new LoadContext(calls, LoadContext.NONE.settings());
        system = ActorSystem.create(
                Behaviors.setup(context -> {
                    Asker asker = new Asker(
                            context.spawn(SetActor.create(view, load), "set", DispatcherSelector.sameAsParent()),
                            context.getSelf().narrow(),
                            wanted,
                            calls);
                    return Behaviors.receive(Object.class)
                            .onMessage(SetActor.Selected.class, asker::selected)
                            .onMessage(Begin.class, asker::begin)
                            .build();
                }),
                "queries",
                ConfigFactory.parseString(ONE_THREAD).withFallback(ConfigFactory.load()));
    }

    @TearDown
    public void stop() {
        system.terminate();
    }

    @Benchmark
    @OperationsPerInvocation(QUERIES)
    public int query() {
        return AskPattern.<Object, Integer>ask(system, Begin::new, PATIENCE, system.scheduler())
                .toCompletableFuture()
                .join();
    }
}
