package org.sipdispatch.replication;

import akka.actor.ActorRef;
import akka.actor.PoisonPill;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.cluster.ddata.DistributedData;
import akka.cluster.ddata.Replicator;
import akka.pattern.Patterns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.sipdispatch.destination.Status;

/**
 * Stops the replicator of a session that ends. A write that it confirmed after this node has read it last would count
 * for a majority, although this node forgets it.
 */
public final class ReplicatorShutdown {
    private static final Duration LONGEST = Duration.ofMillis(500);

    private ReplicatorShutdown() {}

    /**
     * Stops the replicator and passes its last statuses to the listener, so that traffic uses them until this node has
     * joined again.
     *
     * @return completes when traffic uses them, or after 500 ms
     */
    public static CompletionStage<?> stop(
            ActorSystem<?> system, akka.actor.typed.ActorRef<ReplicaListenerActor.Command> listener) {
        ActorRef replicator = DistributedData.get(Adapter.toClassic(system)).replicator();
        List<CompletableFuture<Object>> parts = new ArrayList<>();
        for (ReplicatedStatuses.Part part : ReplicatedStatuses.parts()) {
            Replicator.Get<Statuses> get = new Replicator.Get<>(part, Replicator.readLocal());
            parts.add(Patterns.ask(replicator, get, LONGEST).toCompletableFuture());
        }
        // The mailbox keeps the order: the replicator answers first.
        replicator.tell(PoisonPill.getInstance(), ActorRef.noSender());
        CompletableFuture<Void> used = new CompletableFuture<>();
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenAccept(all -> listener.tell(
                        new ReplicaListenerActor.LastStatuses(statuses(parts), () -> used.complete(null))));
        return used.completeOnTimeout(null, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Map<String, Status> statuses(List<CompletableFuture<Object>> parts) {
        Map<String, Status> all = new HashMap<>();
        for (CompletableFuture<Object> part : parts) {
            if (part.join() instanceof Replicator.GetSuccess<?> found && found.dataValue() instanceof Statuses some) {
                all.putAll(some.byId());
            }
        }
        return all;
    }
}
