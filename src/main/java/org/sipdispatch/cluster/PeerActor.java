package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import org.sipdispatch.destination.MembershipCheck;
import org.sipdispatch.destination.PeerProbeResult;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Pinger;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.replication.TrafficViewUpdater;

/**
 * Serves the other nodes: probes destinations for them, reports this node's calls, and receives the pending INVITE
 * transactions of the other nodes.
 */
public final class PeerActor extends AbstractBehavior<PeerActor.Command> {
    static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "peer");

    sealed interface Command {}

    /** Sends one ping and replies with its result. */
    public record Probe(Ping ping, ActorRef<PeerProbeResult> replyTo) implements Command, WireMessage {}

    /** Like {@link Probe}, to the target with this name. */
    public record ProbeTarget(Ping ping, String target, ActorRef<PeerProbeResult> replyTo)
            implements Command, WireMessage {}

    /** Delivers the sender's pending INVITE transactions. */
    public record ReplicateTransactions(byte[] calls) implements Command, WireMessage {}

    /** Asks for the number of this node's calls to a destination. */
    public record GetCalls(String id, ActorRef<Calls> replyTo) implements Command, WireMessage {}

    /** Established calls through a node, and its INVITEs without a final response. */
    public record Calls(String node, int open, int ringing) implements WireMessage {
        static Calls of(String node, LocalCalls own, String id) {
            // Ringing first: a call that is answered in between is counted twice rather than not at all.
            int ringing = own.ringing(id);
            return new Calls(node, own.open(id), ringing);
        }
    }

    record Setup(
            Pinger pinger, MembershipCheck membership, TrafficViewUpdater traffic, LocalCalls calls, String node) {}

    static Behavior<Command> create(Setup setup) {
        return Supervision.resuming(Behaviors.setup(context -> new PeerActor(context, setup)));
    }

    private final Setup setup;

    private PeerActor(ActorContext<Command> context, Setup setup) {
        super(context);
        this.setup = setup;
        context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Probe.class, probe -> onProbe(probe.ping(), probe.replyTo()))
                .onMessage(ProbeTarget.class, probe -> onProbe(probe.ping().to(probe.target()), probe.replyTo()))
                .onMessage(ReplicateTransactions.class, this::onReplicateTransactions)
                .onMessage(GetCalls.class, this::onGetCalls)
                .build();
    }

    /** A question that waited while this process was paused may be from an actor that no longer decides. */
    private Behavior<Command> onProbe(Ping ping, ActorRef<PeerProbeResult> replyTo) {
        long pauses = setup.membership().pauses();
        if (setup.membership().isCurrent()) {
            setup.pinger().ping(ping, pauses, result -> answer(replyTo, result));
        } else {
            answer(replyTo, new PingResult(PingResult.PingOutcome.NO_EVIDENCE, 0, 0));
        }
        return this;
    }

    private void answer(ActorRef<PeerProbeResult> replyTo, PingResult result) {
        replyTo.tell(new PeerProbeResult(setup.node(), result, System.currentTimeMillis()));
    }

    private Behavior<Command> onReplicateTransactions(ReplicateTransactions message) {
        setup.traffic().carry(message.calls());
        return this;
    }

    private Behavior<Command> onGetCalls(GetCalls get) {
        get.replyTo().tell(Calls.of(setup.node(), setup.calls(), get.id()));
        return this;
    }
}
