package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.replication.JournalStatusesActor;
import org.sipdispatch.replication.ReplicaListenerActor;

/** Reads the newest statuses of the journal for this node's traffic, in one session. Thread-safe. */
final class JournalReader {
    /** How long new calls wait for the journal. Longer than the actor takes, which ends with its session. */
    static final Duration LONGEST = Duration.ofSeconds(3);

    private final ActorRef<JournalStatusesActor.Command> actor;
    private final BooleanSupplier isDatabaseSilent;

    /**
     * Creates a reader.
     *
     * @param actor null if there is no journal
     * @param isDatabaseSilent whether the database is known not to answer
     */
    JournalReader(ActorRef<JournalStatusesActor.Command> actor, BooleanSupplier isDatabaseSilent) {
        this.actor = actor;
        this.isDatabaseSilent = isDatabaseSilent;
    }

    /** {@code journals}: null for none. */
    static JournalReader start(
            ActorSystem<NodeGuardian.Spawn<?>> system,
            DestinationJournal.Journals journals,
            ClusterSession.NodeState node,
            ActorRef<ReplicaListenerActor.Command> replicaListener) {
        ActorRef<JournalStatusesActor.Command> actor = journals == null
                ? null
                : NodeGuardian.spawn(
                        system,
                        JournalStatusesActor.create(new JournalStatusesActor.Setup(
                                journals, node.registry().changes()::snapshot, replicaListener)),
                        "journal-statuses",
                        Props.empty());
        return new JournalReader(actor, node.arbiter()::isSilent);
    }

    /** Gives traffic the statuses. The result is false if not all of them were read, because the database is away. */
    CompletionStage<Boolean> read() {
        if (actor == null || isDatabaseSilent.getAsBoolean()) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        actor.tell(new JournalStatusesActor.ReadJournal(read::complete));
        return read.completeOnTimeout(false, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    }
}
