package org.sipdispatch.destination;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.List;
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
import org.sipdispatch.destination.DestinationActor.PingDue;
import org.sipdispatch.destination.DestinationActor.Pinged;
import org.sipdispatch.destination.DestinationActor.ProbeNow;
import org.sipdispatch.destination.DestinationActor.Remove;

/**
 * Stands before a destination's actor and lets it decide only while this node may: an actor that another one has superseded ends
 * before it handles anything, one whose node stood still or is cut off decides nothing until the cluster has confirmed the node, and an
 * order is executed only if the node that gave it still waits for it.
 */
final class MembershipGuard extends BehaviorInterceptor<Command, Command> {
    private final LoadingActor.Surroundings here;
    private final LiveActor live;
    private final PendingOrders pending = new PendingOrders();
    private long pauses;

    private MembershipGuard(LoadingActor.Surroundings here, LiveActor live) {
        super(Command.class);
        this.here = here;
        this.live = live;
        pauses = here.pauses();
    }

    static Behavior<Command> before(LoadingActor.Surroundings here, LiveActor live) {
        return Behaviors.intercept(() -> new MembershipGuard(here, live), live);
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
        if (message instanceof Order order && order.ticket().needsPermission()) {
            pending.ask(order);
            order.ticket()
                    .giver()
                    .tell(new MayExecute(order.ticket().order(), here.context().getSelf()));
            return Behaviors.same();
        }
        if (message instanceof Permission permission) {
            Behavior<Command> next = Behaviors.same();
            for (Order order : permitted(permission)) {
                next = target.apply(context, order);
            }
            return next;
        }
        return target.apply(context, message);
    }

    /** Whether something could become of the destination by it. */
    private static boolean decides(Command message) {
        return message instanceof Order
                || message instanceof Permission
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

    /** What is joined to what this actor knows begins a new term. */
    private static boolean tellsOfAnother(Command message) {
        return message instanceof Known
                || message instanceof JournalSaid said && said.answer() instanceof DestinationJournal.Ready;
    }

    private List<Order> permitted(Permission permission) {
        if (permission.granted()) {
            return pending.permitted(permission.order());
        }
        pending.refused(permission.order());
        return List.of();
    }

    /** What comes again by itself, or is evidence of the wrong moment, is dropped. */
    private void postpone(Command message) {
        if (message instanceof Order || message instanceof Remove || tellsOfAnother(message)) {
            pending.later(message);
        } else if (message instanceof Permission permission) {
            // The permission may be outdated when this node may decide again.
            permitted(permission).forEach(pending::later);
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
