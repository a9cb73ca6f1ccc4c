package org.sipdispatch.destination;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.CurrentDue;
import org.sipdispatch.destination.DestinationActor.Define;
import org.sipdispatch.destination.DestinationActor.Heard;
import org.sipdispatch.destination.DestinationActor.JournalSaid;
import org.sipdispatch.destination.DestinationActor.Known;
import org.sipdispatch.destination.DestinationActor.MayExecute;
import org.sipdispatch.destination.DestinationActor.Observe;
import org.sipdispatch.destination.DestinationActor.OpinionsDue;
import org.sipdispatch.destination.DestinationActor.Order;
import org.sipdispatch.destination.DestinationActor.Permission;
import org.sipdispatch.destination.DestinationActor.Permitted;
import org.sipdispatch.destination.DestinationActor.PingDue;
import org.sipdispatch.destination.DestinationActor.Pinged;
import org.sipdispatch.destination.DestinationActor.ProbeNow;
import org.sipdispatch.destination.DestinationActor.Remove;
import org.sipdispatch.destination.DestinationActor.Spread;
import org.sipdispatch.destination.DestinationActor.Stop;

/**
 * Stands before a destination's actor and lets it decide only while this node may: an actor that another one has superseded ends
 * before it handles anything, one whose node stood still or is cut off decides nothing until the cluster has confirmed the node, and an
 * order is executed only if the node that gave it still waits for it.
 */
final class MembershipInterceptor extends BehaviorInterceptor<Command, Command> {
    /** Nobody waits longer for an order. */
    private static final Duration PERMISSION = Duration.ofSeconds(15);

    private final LoadingActor.Surroundings here;
    private final LiveActor live;
    private final PendingOrders pending = new PendingOrders();
    private long pauses;
    private boolean ending;

    private MembershipInterceptor(LoadingActor.Surroundings here, LiveActor live) {
        super(Command.class);
        this.here = here;
        this.live = live;
        pauses = here.pauses();
    }

    static Behavior<Command> before(LoadingActor.Surroundings here, LiveActor live) {
        return Behaviors.intercept(() -> new MembershipInterceptor(here, live), live);
    }

    @Override
    public Behavior<Command> aroundReceive(
            TypedActorContext<Command> context, Command message, ReceiveTarget<Command> target) {
        if (live.isSuperseded()) {
            here.context().getLog().debug("another actor has taken up {}; this one ends", here.id());
            return Behaviors.stopped();
        }
        if (here.pauses() != pauses) {
            // A ping that seems to be lost may have been answered while this node stood still.
            pauses = here.pauses();
            live.abandonPing();
        }
        if (message instanceof CurrentDue) {
            onCurrentDue();
            return Behaviors.same();
        }
        if (decides(message) && !here.isCurrent()) {
            postpone(message);
            return Behaviors.same();
        }
        ending |= message instanceof Stop;
        return handle(context, message, target);
    }

    private Behavior<Command> handle(
            TypedActorContext<Command> context, Command message, ReceiveTarget<Command> target) {
        if (ending) {
            // Its destination goes on elsewhere; nobody is to think that an order is being executed here.
            return message instanceof Order || message instanceof Permitted
                    ? Behaviors.same()
                    : target.apply(context, message);
        }
        if (message instanceof Order order && order.ticket().needsPermission()) {
            askPermission(order);
            return Behaviors.same();
        }
        if (message instanceof Permitted permitted) {
            return permitted.granted() ? target.apply(context, permitted.order()) : Behaviors.same();
        }
        Behavior<Command> next = target.apply(context, message);
        if (!here.isCurrent()) {
            // What it was about to write waits.
            here.awaitCurrent();
        }
        return next;
    }

    /** The same order may have been given at several nodes at once: each of them answers for its own. */
    private void askPermission(Order order) {
        here.context()
                .ask(
                        Permission.class,
                        order.ticket().giver(),
                        PERMISSION,
                        replyTo -> new MayExecute(order.ticket().order(), replyTo),
                        (permission, none) -> new Permitted(order, permission != null && permission.granted()));
    }

    /** Whether something could become of the destination by it. */
    private static boolean decides(Command message) {
        return message instanceof Order
                || message instanceof Permitted
                || message instanceof Define
                || message instanceof Remove
                || message instanceof Observe
                || message instanceof ProbeNow
                || message instanceof PingDue
                || message instanceof Pinged
                || message instanceof Heard
                || message instanceof OpinionsDue
                || tellsOfAnother(message);
    }

    /**
     * What is joined to what this actor knows begins a new term; and what was kept or spread while this node stood still may be
     * superseded by now, so no operator is to be told yet that it was done.
     */
    private static boolean tellsOfAnother(Command message) {
        return message instanceof Known || message instanceof JournalSaid || message instanceof Spread;
    }

    /** What comes again by itself, or is evidence of the wrong moment, is dropped. */
    private void postpone(Command message) {
        if (message instanceof Order || message instanceof Remove || tellsOfAnother(message)) {
            pending.later(message);
        } else if (message instanceof Permitted permitted) {
            // The permission may be outdated when this node may decide again.
            pending.later(permitted.order());
        } else if (!(message instanceof Define || message instanceof Observe)) {
            live.abandonPing();
        }
        here.awaitCurrent();
    }

    private void onCurrentDue() {
        if (here.isCurrent()) {
            pending.takeLater().forEach(here.context().getSelf()::tell);
            live.goOn();
        } else {
            here.awaitCurrent();
        }
    }
}
