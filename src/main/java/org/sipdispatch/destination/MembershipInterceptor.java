package org.sipdispatch.destination;

import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import org.sipdispatch.destination.DestinationActor.Command;
import org.sipdispatch.destination.DestinationActor.ConfirmationDue;
import org.sipdispatch.destination.DestinationActor.Define;
import org.sipdispatch.destination.DestinationActor.JournalReply;
import org.sipdispatch.destination.DestinationActor.MayExecute;
import org.sipdispatch.destination.DestinationActor.MembershipCheckDue;
import org.sipdispatch.destination.DestinationActor.Observe;
import org.sipdispatch.destination.DestinationActor.ObserveTarget;
import org.sipdispatch.destination.DestinationActor.Order;
import org.sipdispatch.destination.DestinationActor.PeerProbeTimeout;
import org.sipdispatch.destination.DestinationActor.PeerProbed;
import org.sipdispatch.destination.DestinationActor.Permission;
import org.sipdispatch.destination.DestinationActor.PermissionReply;
import org.sipdispatch.destination.DestinationActor.PingDue;
import org.sipdispatch.destination.DestinationActor.Pinged;
import org.sipdispatch.destination.DestinationActor.ProbeNow;
import org.sipdispatch.destination.DestinationActor.Remove;
import org.sipdispatch.destination.DestinationActor.StatusFound;
import org.sipdispatch.destination.DestinationActor.StatusReplicated;
import org.sipdispatch.destination.DestinationActor.Stop;
import org.sipdispatch.destination.DestinationActor.TargetPingDue;
import org.sipdispatch.destination.DestinationActor.TargetsDue;
import org.sipdispatch.destination.DestinationActor.TargetsFound;

/**
 * Wraps a destination's actor so that it decides only while its node may. An actor that another one has superseded
 * stops before it handles another message. An actor whose node was paused or is cut off decides nothing until the
 * cluster has confirmed the node. An order is executed only if the node that issued it still waits for it.
 */
final class MembershipInterceptor extends BehaviorInterceptor<Command, Command> {
    /** Longer than any sender waits for an order. */
    private static final Duration PERMISSION = Duration.ofSeconds(15);

    private final DestinationActorContext destination;
    private final ActiveDestinationActor live;
    private final PendingOrders pending = new PendingOrders();
    /** The newest one that waits; null if none does. */
    private Define pendingDefinition;

    private long pauses;
    private boolean ending;

    private MembershipInterceptor(DestinationActorContext destination, ActiveDestinationActor live) {
        super(Command.class);
        this.destination = destination;
        this.live = live;
        pauses = destination.pauses();
    }

    static Behavior<Command> wrap(DestinationActorContext destination, ActiveDestinationActor live) {
        return Behaviors.intercept(() -> new MembershipInterceptor(destination, live), live);
    }

    @Override
    public Behavior<Command> aroundReceive(
            TypedActorContext<Command> context, Command message, ReceiveTarget<Command> target) {
        if (live.isSuperseded()) {
            destination.context().getLog().debug("another actor manages {}; this one stops", destination.id());
            return Behaviors.stopped();
        }
        long now = destination.pausesBeforeCheck();
        if (now != pauses) {
            // The result of a pending ping may have been lost while this node was paused.
            pauses = now;
            live.abandonPing();
        }
        if (message instanceof MembershipCheckDue) {
            onMembershipCheckDue();
            return Behaviors.same();
        }
        if (decides(message) && !destination.isCurrent()) {
            postpone(message);
            return Behaviors.same();
        }
        if (live.isOutdatedInSameTerm() && !(message instanceof StatusFound) && destination.isCurrent()) {
            // The node of the other actor was paused or cut off. Merging its status begins a later term.
            destination.readReplicated();
        }
        ending |= message instanceof Stop;
        return handle(context, message, target);
    }

    private Behavior<Command> handle(
            TypedActorContext<Command> context, Command message, ReceiveTarget<Command> target) {
        if (ending) {
            // The destination continues on another node; no sender may believe that this actor executes its order.
            return message instanceof Order || message instanceof PermissionReply
                    ? Behaviors.same()
                    : target.apply(context, message);
        }
        if (message instanceof Order order && order.ticket().needsPermission()) {
            askPermission(order);
            return Behaviors.same();
        }
        if (message instanceof PermissionReply permitted) {
            return permitted.granted() ? target.apply(context, permitted.order()) : Behaviors.same();
        }
        Behavior<Command> next = target.apply(context, message);
        if (!destination.isCurrent()) {
            // Writes to the journal wait until the node may decide.
            destination.scheduleMembershipCheck();
        }
        return next;
    }

    /** Several nodes may have issued the same order; each grants only its own. */
    private void askPermission(Order order) {
        destination
                .context()
                .ask(
                        Permission.class,
                        order.ticket().giver(),
                        PERMISSION,
                        replyTo -> new MayExecute(order.ticket().order(), replyTo),
                        (permission, none) -> new PermissionReply(order, permission != null && permission.granted()));
    }

    /** Whether a message can change the destination. */
    private static boolean decides(Command message) {
        return message instanceof Order
                || message instanceof PermissionReply
                || message instanceof Define
                || message instanceof Remove
                || isOfTargets(message)
                || message instanceof Observe
                || message instanceof ProbeNow
                || message instanceof PingDue
                || message instanceof Pinged
                || message instanceof PeerProbed
                || message instanceof PeerProbeTimeout
                || concernsOtherActor(message);
    }

    private static boolean isOfTargets(Command message) {
        return message instanceof ObserveTarget
                || message instanceof TargetPingDue
                || message instanceof TargetsDue
                || message instanceof TargetsFound;
    }

    /**
     * Merging another actor's status begins a new term. A version that was saved or replicated while this node was
     * paused may be superseded, so its operator must not get a success reply yet.
     */
    private static boolean concernsOtherActor(Command message) {
        return message instanceof StatusFound
                || message instanceof JournalReply
                || message instanceof StatusReplicated
                || message instanceof ConfirmationDue;
    }

    /** Drops observations, and ping results, which describe a past moment. A definition is repeated, but rarely. */
    private void postpone(Command message) {
        if (message instanceof Order || message instanceof Remove || concernsOtherActor(message)) {
            pending.add(message);
        } else if (message instanceof PermissionReply permitted) {
            // The permission may be out of date when this node may decide again.
            pending.add(permitted.order());
        } else if (message instanceof Define define) {
            boolean isOlder = pendingDefinition != null
                    && define.definition().revision()
                            < pendingDefinition.definition().revision();
            pendingDefinition = isOlder ? pendingDefinition : define;
        } else if (!isRepeated(message)) {
            live.abandonPing();
        }
        destination.scheduleMembershipCheck();
    }

    private static boolean isRepeated(Command message) {
        return message instanceof Observe
                || message instanceof ObserveTarget
                || message instanceof TargetsDue
                || message instanceof TargetsFound;
    }

    private void onMembershipCheckDue() {
        if (destination.isCurrent()) {
            pending.drain().forEach(destination.context().getSelf()::tell);
            if (pendingDefinition != null) {
                destination.context().getSelf().tell(pendingDefinition);
                pendingDefinition = null;
            }
            live.resume();
        } else {
            destination.scheduleMembershipCheck();
        }
    }
}
