package org.sipdispatch.sets;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import java.util.List;

/** One destination set on one lane: the view that traffic sees, its cursor, and the algorithms applied to them. */
public final class SetActor extends AbstractBehavior<SetActor.Command> {
    /** What a set can be told. */
    public sealed interface Command {}

    /**
     * Asks who is to take a request.
     *
     * @param hash the key's hash, unsigned; 0 for algorithms without a key
     * @param context given back with the answer
     */
    public record Select(Algorithm algorithm, int hash, SelectFlags flags, Object context, ActorRef<Selected> replyTo)
            implements Command {}

    /**
     * Asks whom the set would choose, one question after the other, and why; the cursor stays where it is.
     *
     * @param context given back with the answer
     */
    public record Explain(List<Question> questions, Object context, ActorRef<Explained> replyTo) implements Command {}

    /** Puts a new view in place of the old one; the cursor stays where it is. */
    public record Replace(SetView view) implements Command {}

    /** Asks for the view that traffic sees. */
    public record GetView(ActorRef<SetView> replyTo) implements Command {}

    /** Ends the set; what was asked before is answered first. */
    public enum End implements Command {
        /** The only one. */
        INSTANCE
    }

    /** The destinations to try, best first; empty if none is usable. */
    public record Selected(Object context, List<Destination> candidates) {}

    /** What was asked by {@link Explain}: the view that traffic sees, and the answers in the order of the questions. */
    public record Explained(Object context, SetView view, List<Reasoned> answers) {}

    public static Behavior<Command> create(SetView view) {
        // A bug that one request meets must not take the set from all others.
        return Behaviors.supervise(Behaviors.<Command>setup(context -> new SetActor(context, view)))
                .onFailure(SupervisorStrategy.resume());
    }

    private SetView view;
    private final Cursor cursor;

    private SetActor(ActorContext<Command> context, SetView view) {
        super(context);
        this.view = view;
        this.cursor = new Cursor(view.size());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Select.class, this::onSelect)
                .onMessage(Explain.class, this::onExplain)
                .onMessage(Replace.class, this::onReplace)
                .onMessage(GetView.class, this::onGetView)
                .onMessageEquals(End.INSTANCE, Behaviors::stopped)
                .build();
    }

    private Behavior<Command> onSelect(Select select) {
        List<Destination> candidates =
                Selection.select(view, cursor, select.algorithm(), select.hash(), select.flags());
        select.replyTo().tell(new Selected(select.context(), candidates));
        return this;
    }

    private Behavior<Command> onExplain(Explain explain) {
        List<Reasoned> answers = Reasons.of(view, cursor.copy(), explain.questions());
        explain.replyTo().tell(new Explained(explain.context(), view, answers));
        return this;
    }

    private Behavior<Command> onReplace(Replace replace) {
        cursor.move(view, replace.view());
        view = replace.view();
        return this;
    }

    private Behavior<Command> onGetView(GetView get) {
        get.replyTo().tell(view);
        return this;
    }
}
