package org.sipdispatch.replication;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.typed.javadsl.Replicator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusReplicator;
import org.sipdispatch.destination.StatusVersion;

/**
 * The statuses of all destinations in Akka Distributed Data, split over 16 keys so that a change of one status does not
 * copy all. Thread-safe.
 */
public final class ReplicatedStatuses implements StatusReplicator {
    private static final Duration READ = Duration.ofMillis(500);
    private static final int PARTS = 16;
    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** The key of a part. */
    static final class Part extends Key<Statuses> {
        private static final long serialVersionUID = 1;

        Part(int number) {
            super("statuses-" + number);
        }
    }

    private final ActorSystem<?> system;
    private final ActorRef<Replicator.Command> replicator;

    private final ActorRef<StatusWriterActor.Command> writer;
    private final ActorRef<StatusReaderActor.Command> reader;
    private final LastKnownStatuses lastKnown;
    private final Function<String, StatusVersion> findNewest;

    /** {@code newest}: returns the version of the newest status that this node knows; null if none. */
    public ReplicatedStatuses(
            ActorSystem<?> system,
            ActorRef<Replicator.Command> replicator,
            ActorRef<StatusWriterActor.Command> writer,
            ActorRef<StatusReaderActor.Command> reader,
            LastKnownStatuses lastKnown,
            Function<String, StatusVersion> newest) {
        this.system = system;
        this.findNewest = newest;
        this.replicator = replicator;
        this.writer = writer;
        this.reader = reader;
        this.lastKnown = lastKnown;
    }

    static List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            parts.add(new Part(i));
        }
        return parts;
    }

    static Part part(String id) {
        return new Part(partNumber(id));
    }

    private static int partNumber(String id) {
        return Math.floorMod(id.hashCode() ^ id.hashCode() >>> 16, PARTS);
    }

    @Override
    public void publish(String id, Status status) {
        publish(id, status, null);
    }

    @Override
    public void publish(String id, Status status, Runnable known) {
        writer.tell(new StatusWriterActor.WriteStatus(id, status, known));
    }

    @Override
    public void findNewest(String id, Consumer<Status> then) {
        reader.tell(new StatusReaderActor.ReadStatus(id, then));
    }

    /** Reads the newest statuses of all destinations from a majority of the nodes; fails if no majority answers. */
    public CompletionStage<Map<String, Status>> newestOfAll() {
        CompletionStage<Map<String, Status>> all = CompletableFuture.completedFuture(new HashMap<>());
        for (Part part : parts()) {
            all = all.thenCombine(
                    get(system, replicator, part, new Replicator.ReadMajority(READ)), ReplicatedStatuses::with);
        }
        return all;
    }

    /** The known statuses, divided like the keys, so that no message becomes too large. */
    static List<Statuses> split(DestinationsSnapshot known) {
        List<Map<String, Status>> parts = new ArrayList<>();
        for (int i = 0; i < PARTS; i++) {
            parts.add(new HashMap<>());
        }
        known.destinations().stream()
                .filter(one -> one.status() != null)
                .forEach(one -> parts.get(partNumber(one.id())).put(one.id(), one.status()));
        return parts.stream().map(Statuses::of).toList();
    }

    /**
     * Reads the statuses part by part: first this node's, then the newest of a majority. A majority takes longer to
     * answer while one of its nodes is paused.
     */
    void newestParts(Consumer<Statuses> then) {
        for (Part part : parts()) {
            part(part, Replicator.readLocal(), then);
            part(part, new Replicator.ReadMajority(READ), then);
        }
    }

    private void part(Part part, Replicator.ReadConsistency consistency, Consumer<Statuses> then) {
        get(system, replicator, part, consistency).thenAccept(answer -> {
            if (answer instanceof Replicator.GetSuccess<Statuses> found) {
                then.accept(found.get(found.key()));
            }
        });
    }

    private static Map<String, Status> with(Map<String, Status> all, Replicator.GetResponse<Statuses> answer) {
        if (answer instanceof Replicator.GetSuccess<Statuses> found) {
            all.putAll(found.get(found.key()).byId());
        } else if (!(answer instanceof Replicator.NotFound)) {
            throw new CompletionException(new TimeoutException("no majority of the nodes has answered"));
        }
        return all;
    }

    @Override
    public StatusVersion newestVersion(String id) {
        return findNewest.apply(id);
    }

    @Override
    public void findLocal(String id, Consumer<Status> then) {
        get(system, replicator, part(id), Replicator.readLocal())
                .whenComplete((answer, late) -> then.accept(status(answer, id)));
    }

    @Override
    public Status lastKnown(String id) {
        return lastKnown.of(id);
    }

    /** Reads a part. */
    static CompletionStage<Replicator.GetResponse<Statuses>> get(
            ActorSystem<?> system,
            ActorRef<Replicator.Command> replicator,
            Part part,
            Replicator.ReadConsistency consistency) {
        return AskPattern.ask(
                replicator, replyTo -> new Replicator.Get<>(part, consistency, replyTo), ANSWER, system.scheduler());
    }

    /** The destination's status in the answer; null if there is none, or the read failed. */
    static Status status(Replicator.GetResponse<Statuses> answer, String id) {
        return answer instanceof Replicator.GetSuccess<Statuses> found
                ? found.get(found.key()).get(id)
                : null;
    }
}
