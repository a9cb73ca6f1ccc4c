package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.sipdispatch.destination.PeerProbeResult;
import org.sipdispatch.destination.PeerProber;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.membership.Supervision;
import org.sipdispatch.replication.TrafficViewUpdater;

/** The reachable other nodes. Thread-safe. */
final class Peers implements PeerProber {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ActorSystem<?> system;
    private final TrafficViewUpdater traffic;
    private final AtomicInteger nextPeer = new AtomicInteger();
    private volatile List<ActorRef<PeerActor.Command>> others = List.of();

    Peers(ActorSystem<?> system, TrafficViewUpdater views) {
        this.system = system;
        this.traffic = views;
    }

    /** An actor that keeps the list of nodes current from the receptionist. */
    Behavior<Receptionist.Listing> subscriber() {
        return Supervision.resuming(Behaviors.setup(context -> {
            system.receptionist().tell(Receptionist.subscribe(PeerActor.KEY, context.getSelf()));
            return Behaviors.receiveMessage(listing -> {
                listed(listing);
                return Behaviors.same();
            });
        }));
    }

    private void listed(Receptionist.Listing listing) {
        others = listing.getServiceInstances(PeerActor.KEY).stream()
                .filter(peer -> peer.path().address().hasGlobalScope())
                .toList();
        traffic.carryCalls(!others.isEmpty());
    }

    @Override
    public int probe(int most, Ping ping, Consumer<PeerProbeResult> then) {
        List<ActorRef<PeerActor.Command>> all = others;
        int count = Math.min(most, all.size());
        int first = Math.floorMod(nextPeer.getAndIncrement(), Math.max(1, all.size()));
        Duration timeout = Duration.ofMillis(ping.timeoutMs()).plus(GRACE);
        for (int i = 0; i < count; i++) {
            ActorRef<PeerActor.Command> peer = all.get((first + i) % all.size());
            CompletionStage<PeerProbeResult> answer =
                    AskPattern.ask(peer, replyTo -> question(ping, replyTo), timeout, system.scheduler());
            answer.thenAccept(then);
        }
        return count;
    }

    private static PeerActor.Command question(Ping ping, ActorRef<PeerProbeResult> replyTo) {
        return ping.target().isEmpty()
                ? new PeerActor.Probe(ping, replyTo)
                : new PeerActor.ProbeTarget(ping, ping.target(), replyTo);
    }

    /** The other nodes' calls to a destination, from the nodes that answer in time. */
    CompletionStage<List<PeerActor.Calls>> calls(String id) {
        CompletionStage<List<PeerActor.Calls>> all = CompletableFuture.completedFuture(List.of());
        for (ActorRef<PeerActor.Command> peer : others) {
            CompletionStage<PeerActor.Calls> answer =
                    AskPattern.ask(peer, replyTo -> new PeerActor.GetCalls(id, replyTo), GRACE, system.scheduler());
            all = all.thenCombine(answer.exceptionally(late -> null), Peers::with);
        }
        return all;
    }

    /** {@code calls}: null if the node did not answer. */
    private static List<PeerActor.Calls> with(List<PeerActor.Calls> all, PeerActor.Calls calls) {
        return calls == null
                ? all
                : Stream.concat(all.stream(), Stream.of(calls)).toList();
    }

    /** Sends this node's pending INVITE transactions to all other nodes. */
    void carry(byte[] calls) {
        PeerActor.ReplicateTransactions message = new PeerActor.ReplicateTransactions(calls);
        others.forEach(peer -> peer.tell(message));
    }
}
