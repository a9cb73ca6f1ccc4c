package org.sipdispatch.cluster;

import akka.Done;
import akka.actor.ActorRef;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import akka.io.TcpMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Terminates an actor system of the cluster. Akka closes its control connections to other nodes and may wait without a
 * limit until they close them too. A node that is paused does not, so this class aborts the connections after some time.
 */
final class SystemTermination {
    private static final long ABORT_MS = 1_000;
    private static final int SECONDS_TO_END = 10;
    private static final String CONNECTIONS = "/system/IO-TCP/selectors/*/*";

    private SystemTermination() {}

    /** Terminates the system, asynchronously. */
    static void start(ActorSystem<?> system) {
        system.terminate();
        abortLater(system);
    }

    /** Terminates the system and waits for its end, 10 s at most. */
    static void await(ActorSystem<?> system) {
        start(system);
        system.getWhenTerminated()
                .toCompletableFuture()
                .orTimeout(SECONDS_TO_END, TimeUnit.SECONDS)
                .exceptionally(late -> null)
                .join();
    }

    /** Hands over to the other nodes, leaves the cluster and terminates the system, asynchronously. */
    static CompletionStage<Done> leave(ActorSystem<?> system) {
        CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
        shutdown.addTask(CoordinatedShutdown.PhaseActorSystemTerminate(), "abort-connections", () -> {
            abortLater(system);
            return CompletableFuture.completedFuture(Done.getInstance());
        });
        return shutdown.runAll(CoordinatedShutdown.actorSystemTerminateReason());
    }

    private static void abortLater(ActorSystem<?> system) {
        CompletableFuture.delayedExecutor(ABORT_MS, TimeUnit.MILLISECONDS).execute(() -> {
            if (!system.getWhenTerminated().toCompletableFuture().isDone()) {
                system.classicSystem().actorSelection(CONNECTIONS).tell(TcpMessage.abort(), ActorRef.noSender());
                abortLater(system);
            }
        });
    }
}
