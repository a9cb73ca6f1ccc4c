package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Status;

class ReplicatorShutdownTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Status STATUS = Samples.status(2, 1, true);

    private final ActorTestKit kit = ActorTestKit.create(
            "shutdown",
            ConfigFactory.parseString("akka { loglevel = OFF, cluster.jmx.enabled = off, "
                            + "remote.artery.canonical { hostname = 127.0.0.1, port = 0 } }")
                    .withFallback(ConfigFactory.load().getConfig("sip-dispatcher.cluster-system")));
    private final TestProbe<ReplicaListenerActor.Command> listener = kit.createTestProbe();

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    @Test
    void theLastStatusesArePassedOnAndTheReplicatorStops() {
        ActorRef<Replicator.Command> replicator =
                DistributedData.get(kit.system()).replicator();
        TestProbe<Replicator.UpdateResponse<Statuses>> written = kit.createTestProbe();
        replicator.tell(new Replicator.Update<>(
                ReplicatedStatuses.part("a"),
                Statuses.EMPTY,
                Replicator.writeLocal(),
                written.getRef(),
                statuses -> statuses.with("a", STATUS)));
        written.receiveMessage(LONG);
        TestProbe<Object> watcher = kit.createTestProbe();
        akka.actor.ActorRef classic = akka.cluster.ddata.DistributedData.get(
                        akka.actor.typed.javadsl.Adapter.toClassic(kit.system()))
                .replicator();

        CompletableFuture<?> stopped =
                ReplicatorShutdown.stop(kit.system(), listener.getRef()).toCompletableFuture();

        ReplicaListenerActor.LastStatuses last =
                listener.expectMessageClass(ReplicaListenerActor.LastStatuses.class, LONG);
        assertThat(last.statuses()).isEqualTo(Map.of("a", STATUS));
        last.done().run();
        assertThat(stopped).succeedsWithin(LONG);
        watcher.expectTerminated(akka.actor.typed.javadsl.Adapter.toTyped(classic), LONG);
    }
}
