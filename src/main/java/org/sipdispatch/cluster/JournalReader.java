package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.MonitoredArbiter;
import org.sipdispatch.replication.DestinationRegistry;
import org.sipdispatch.replication.JournalStatusesActor;
import org.sipdispatch.replication.ReplicaListenerActor;

/**
 * Reads the newest statuses of the journal, in one session: for traffic while this node is in no cluster, or for a node
 * that is the only one of its cluster. Thread-safe.
 */
final class JournalReader {
    /** How long new calls wait for the journal. Longer than the actor takes, which ends with its session. */
    static final Duration LONGEST = Duration.ofSeconds(3);

    private final ActorRef<JournalStatusesActor.Command> actor;
    private final ActorRef<JournalStatusesActor.Command> ofMember;
    private final AtomicReference<Map<String, Status>> statuses;
    private final BooleanSupplier isDatabaseSilent;

    /**
     * Creates a reader.
     *
     * @param actor null if there is no journal
     * @param isDatabaseSilent whether the database is known not to answer
     */
    JournalReader(ActorRef<JournalStatusesActor.Command> actor, BooleanSupplier isDatabaseSilent) {
        this(actor, null, new AtomicReference<>(Map.of()), isDatabaseSilent);
    }

    private JournalReader(
            ActorRef<JournalStatusesActor.Command> actor,
            ActorRef<JournalStatusesActor.Command> ofMember,
            AtomicReference<Map<String, Status>> statuses,
            BooleanSupplier isDatabaseSilent) {
        this.actor = actor;
        this.ofMember = ofMember;
        this.statuses = statuses;
        this.isDatabaseSilent = isDatabaseSilent;
    }

    /** {@code journals}: null for none. */
    static JournalReader start(
            ActorSystem<NodeGuardian.Spawn<?>> system,
            DestinationJournal.Journals journals,
            DestinationRegistry registry,
            MonitoredArbiter arbiter,
            ActorRef<ReplicaListenerActor.Command> replicaListener) {
        AtomicReference<Map<String, Status>> statuses = new AtomicReference<>(Map.of());
        if (journals == null) {
            return new JournalReader(null, arbiter::isSilent);
        }
        ActorRef<ReplicaListenerActor.Command> receiver =
                NodeGuardian.spawn(system, receiver(statuses), "journal-statuses-receiver", Props.empty());
        return new JournalReader(
                spawn(system, journals, registry, replicaListener, "journal-statuses"),
                spawn(system, journals, registry, receiver, "journal-statuses-of-member"),
                statuses,
                arbiter::isSilent);
    }

    private static ActorRef<JournalStatusesActor.Command> spawn(
            ActorSystem<NodeGuardian.Spawn<?>> system,
            DestinationJournal.Journals journals,
            DestinationRegistry registry,
            ActorRef<ReplicaListenerActor.Command> receiver,
            String name) {
        JournalStatusesActor.Setup setup =
                new JournalStatusesActor.Setup(journals, registry.changes()::snapshot, receiver);
        return NodeGuardian.spawn(system, JournalStatusesActor.create(setup), name, Props.empty());
    }

    private static Behavior<ReplicaListenerActor.Command> receiver(AtomicReference<Map<String, Status>> statuses) {
        return Behaviors.receiveMessage(message -> {
            if (message instanceof ReplicaListenerActor.Transferred read) {
                statuses.set(read.statuses());
                read.done().run();
            }
            return Behaviors.same();
        });
    }

    /** Gives traffic the statuses. The result is false if not all of them were read, because the database is away. */
    CompletionStage<Boolean> read() {
        return read(actor);
    }

    /** The newest statuses in the journal; without those that it did not answer in time. */
    CompletionStage<Map<String, Status>> statuses() {
        return read(ofMember).thenApply(complete -> statuses.getAndSet(Map.of()));
    }

    private CompletionStage<Boolean> read(ActorRef<JournalStatusesActor.Command> reader) {
        if (reader == null || isDatabaseSilent.getAsBoolean()) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> read = new CompletableFuture<>();
        reader.tell(new JournalStatusesActor.ReadJournal(read::complete));
        return read.completeOnTimeout(false, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    }
}
