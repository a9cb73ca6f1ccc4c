package org.sipdispatch.definitions;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.sipdispatch.replication.Definitions;
import org.sipdispatch.replication.ReplicaListenerActor;
import org.sipdispatch.settings.SettingException;

/** The definitions in Akka Distributed Data. Thread-safe. */
final class ReplicatedDefinitions {
    /** Timeout of a majority read. */
    private static final Duration READ = Duration.ofSeconds(1);

    private static final Duration REPLICATION = Duration.ofSeconds(2);
    /** While a dead node is not removed yet, a majority of two nodes cannot confirm. */
    private static final int CONFIRMATIONS = 3;

    /** A change, and its result for the definitions that the actor knows. */
    record PendingUpdate(Definitions mine, DefinitionsUpdate result, Function<Definitions, DefinitionsUpdate> edit) {
        static PendingUpdate of(Definitions mine, Function<Definitions, DefinitionsUpdate> edit) {
            return new PendingUpdate(mine, edit.apply(mine), edit);
        }
    }

    /**
     * The outcome of a change.
     *
     * @param definitions the definitions after it
     * @param result null if it was refused
     * @param failure why the change does not fit the replicator's definitions; null if it was made
     */
    record UpdateOutcome(Definitions definitions, DefinitionsUpdate result, SettingException failure) {}

    private final ActorSystem<?> system;
    private final ActorRef<Replicator.Command> replicator;
    private final long node;

    ReplicatedDefinitions(ActorSystem<?> system, ActorRef<Replicator.Command> replicator, long node) {
        this.system = system;
        this.replicator = replicator;
        this.node = node;
    }

    /** The newest definitions that a majority of the nodes knows; null if no majority answers. */
    CompletionStage<Definitions> newest() {
        CompletionStage<Replicator.GetResponse<Definitions>> answer = AskPattern.ask(
                replicator,
                replyTo -> new Replicator.Get<>(
                        ReplicaListenerActor.DEFINITIONS, new Replicator.ReadMajority(READ), replyTo),
                READ.multipliedBy(2),
                system.scheduler());
        return answer.handle((known, late) -> {
            if (known instanceof Replicator.GetSuccess<Definitions> found) {
                return found.get(ReplicaListenerActor.DEFINITIONS);
            }
            return known instanceof Replicator.NotFound ? Definitions.NONE : null;
        });
    }

    /**
     * Publishes a change; nodes that do not confirm it in time receive it by gossip. Completes with null if the
     * replicator did not apply the change, and fails if neither all nodes nor a majority confirmed it in time: a node
     * that is cut off has applied it alone. The replicator may have a newer revision than the actor, so the next
     * revision is determined in the update function.
     */
    CompletionStage<UpdateOutcome> publish(PendingUpdate change) {
        AtomicReference<UpdateOutcome> made = new AtomicReference<>();
        CompletionStage<Replicator.UpdateResponse<Definitions>> answer =
                update(new Replicator.WriteAll(REPLICATION), known -> {
                    made.set(apply(change, known));
                    return made.get().definitions();
                });
        return answer.handle((done, late) -> {
                    if (late != null && made.get() == null) {
                        throw new CompletionException(late);
                    }
                    UpdateOutcome outcome = made.get();
                    boolean isKnown = done instanceof Replicator.UpdateSuccess || outcome == null;
                    return isKnown || outcome.result() == null
                            ? CompletableFuture.completedFuture(outcome)
                            : confirmed(outcome, CONFIRMATIONS);
                })
                .thenCompose(confirmed -> confirmed);
    }

    private CompletionStage<UpdateOutcome> confirmed(UpdateOutcome made, int tries) {
        return update(new Replicator.WriteMajority(REPLICATION), known -> known)
                .handle((done, late) -> {
                    if (done instanceof Replicator.UpdateSuccess) {
                        return CompletableFuture.completedFuture(made);
                    }
                    return tries > 1
                            ? confirmed(made, tries - 1)
                            : CompletableFuture.<UpdateOutcome>failedFuture(
                                    new TimeoutException("no majority has confirmed the definitions"));
                })
                .thenCompose(confirmed -> confirmed);
    }

    private CompletionStage<Replicator.UpdateResponse<Definitions>> update(
            Replicator.WriteConsistency consistency, Function<Definitions, Definitions> change) {
        return AskPattern.ask(
                replicator,
                replyTo -> new Replicator.Update<>(
                        ReplicaListenerActor.DEFINITIONS, Definitions.NONE, consistency, replyTo, change::apply),
                REPLICATION.multipliedBy(2),
                system.scheduler());
    }

    /**
     * Applies the change to the replicator's definitions if they are newer than the actor's. A change that leaves the
     * definitions as they are keeps their revision, so that no node and no destination gets them again.
     */
    UpdateOutcome apply(PendingUpdate change, Definitions known) {
        Definitions newest = change.mine().mergeData(known);
        try {
            DefinitionsUpdate result =
                    newest == change.mine() ? change.result() : change.edit().apply(known);
            boolean same = result.isSameAs(newest);
            return new UpdateOutcome(same ? newest : result.after(change.mine(), known, node), result, null);
        } catch (SettingException e) {
            return new UpdateOutcome(known, null, e);
        }
    }
}
