package org.sipdispatch.sets;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.List;
import java.util.function.BiFunction;

/** One destination set on one lane: its view for traffic, its round-robin state, and the selection. */
public final class SetActor extends AbstractBehavior<SetActor.Command> {
    public sealed interface Command {}

    /**
     * Requests a selection.
     *
     * @param hash the key's hash, unsigned; a random number for algorithms that draw; 0 for the others
     * @param context returned with the answer
     */
    public record Select(
            Algorithm algorithm, int hash, SelectFlags flags, SelectContext context, ActorRef<Selected> replyTo)
            implements Command {}

    /** Requests a selection by the values of a ranking. */
    public record Rank(Ranking ranking, SelectFlags flags, SelectContext context, ActorRef<Selected> replyTo)
            implements Command {}

    /** Replaces the view and keeps the round-robin state. */
    public record Replace(SetView view) implements Command {}

    /** Stops the actor after all earlier requests have been answered. */
    public enum Stop implements Command {
        INSTANCE
    }

    /** The destinations to try, best first; empty if none is usable. */
    public record Selected(SelectContext context, List<Destination> candidates) {}

    /** @param load what the algorithms by load and latency read */
    public static Behavior<Command> create(SetView view, LoadContext load) {
        // A bug triggered by one request must not make the set unavailable to all others.
        return Behaviors.supervise(Behaviors.<Command>setup(context -> new SetActor(context, view, load)))
                .onFailure(SupervisorStrategy.resume());
    }

    private final LoadContext load;
    private final RoundRobinState cursor;
    private SetView view;
    /** Null while no member starts slowly. */
    private SlowStart slowStart;

    private SetActor(ActorContext<Command> context, SetView view, LoadContext load) {
        super(context);
        this.view = view;
        this.load = load;
        this.cursor = new RoundRobinState(view.size(), load);
        startSlowly();
    }

    private void startSlowly() {
        if (view.shares() == SlowShares.NONE) {
            slowStart = null;
        } else {
            slowStart = slowStart == null ? new SlowStart(cursor, load) : slowStart;
            slowStart.use(view);
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Select.class, this::onSelect)
                .onMessage(Replace.class, this::onReplace)
                .onMessage(Rank.class, this::onRank)
                .onMessageEquals(Stop.INSTANCE, Behaviors::stopped)
                .build();
    }

    private Behavior<Command> onSelect(Select select) {
        SelectTrace trace = select.context().trace();
        List<Destination> candidates = slowStart == null
                ? trace.select(view, cursor, select)
                : divided(
                        select.algorithm().isHash()
                                ? slowStart.withoutByKey(select.hash())
                                : slowStart.withoutByTurn(trace == SelectTrace.NONE),
                        (seen, state) -> trace.select(seen, state, select));
        select.replyTo().tell(new Selected(select.context(), candidates));
        // Supervision allocates a new interceptor for any other result, also for this object.
        return Behaviors.same();
    }

    private Behavior<Command> onRank(Rank rank) {
        SelectTrace trace = rank.context().trace();
        List<Destination> candidates = slowStart == null
                ? trace.rank(view, cursor, rank)
                : divided(
                        slowStart.withoutByTurn(trace == SelectTrace.NONE),
                        (seen, state) -> trace.rank(seen, state, rank));
        rank.replyTo().tell(new Selected(rank.context(), candidates));
        return Behaviors.same();
    }

    /** Selects without some of the members that start slowly; with more of them if no other can be selected. */
    private List<Destination> divided(int without, BiFunction<SetView, RoundRobinState, List<Destination>> selection) {
        int out = without;
        List<Destination> candidates = selection.apply(slowStart.view(out), slowStart.cursor(out));
        while (candidates.isEmpty() && out > 0) {
            out--;
            candidates = selection.apply(slowStart.view(out), slowStart.cursor(out));
        }
        return candidates;
    }

    private Behavior<Command> onReplace(Replace replace) {
        cursor.move(view, replace.view());
        view = replace.view();
        startSlowly();
        return this;
    }
}
