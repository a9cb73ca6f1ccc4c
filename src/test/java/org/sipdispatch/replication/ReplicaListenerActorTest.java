package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.ddata.LWWMap;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.typed.Cluster;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.membership.PauseDetector;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sharding.EntityKeepAliveActor;

/** No actor of a destination runs here, so no session becomes complete. */
class ReplicaListenerActorTest {
    private static final Definition A = Samples.definition(1, "sip:a");
    private static final Definition B = Samples.definition(1, "sip:b");

    private final ActorTestKit kit = ActorTestKit.create(
            "views",
            ConfigFactory.parseString("akka { loglevel = OFF, cluster.jmx.enabled = off, "
                            + "remote.artery.canonical { hostname = 127.0.0.1, port = 0 } }")
                    .withFallback(ConfigFactory.load().getConfig("sip-dispatcher.cluster-system")));
    private final PauseDetector detector = PauseDetector.start(Duration.ofSeconds(60), count -> {});
    private final DestinationRegistry registry = new DestinationRegistry(LastKnownStatuses.none());
    private final List<SetView> updates = new CopyOnWriteArrayList<>();

    private final class Traffic implements TrafficViewUpdater {
        @Override
        public void update(SetView view) {
            updates.add(view);
        }

        @Override
        public void replace(Collection<SetView> views) {
            throw new AssertionError("the session is not complete");
        }

        @Override
        public void confirmed(long pauses) {}

        @Override
        public void learnSockets(Map<String, String> nameByLiteral) {}

        @Override
        public void carryCalls(boolean others) {}

        @Override
        public void carry(byte[] calls) {}
    }

    @AfterEach
    void close() {
        kit.shutdownTestKit();
        detector.close();
    }

    private ActorRef<ReplicaListenerActor.Command> startSession() {
        return kit.spawn(ReplicaListenerActor.create(new ReplicaListenerActor.Setup(
                registry,
                new Traffic(),
                kit.<EntityKeepAliveActor.Command>createTestProbe().getRef(),
                () -> {},
                detector)));
    }

    private static ReplicaListenerActor.Confirmed confirmed(long term) {
        return new ReplicaListenerActor.Confirmed(Map.of(A.id(), Samples.status(term, 1, true)), 0);
    }

    @Test
    void trafficGetsEachChangeOfALaterSessionAtOnce() {
        registry.define(1, List.of(A, B));
        registry.learn(Map.of(A.id(), Samples.status(1, 0, false), B.id(), Samples.status(1, 0, false)));
        registry.viewsPublished();

        startSession().tell(confirmed(2));

        await().untilAsserted(() -> assertThat(updates).hasSize(1));
        assertThat(registry.isComplete()).isFalse();
        assertThat(updates.get(0).isUnusable(A.destination())).isTrue();
        assertThat(updates.get(0).isUnusable(B.destination())).isFalse();
    }

    @Test
    void trafficGetsNoViewOfTheFirstSessionBeforeItIsComplete() {
        registry.define(1, List.of(A, B));
        ActorRef<ReplicaListenerActor.Command> listener = startSession();

        listener.tell(confirmed(2));
        await().until(() -> registry.newestVersion(A.id()) != null);
        kit.stop(listener);

        assertThat(updates).isEmpty();
    }

    @Test
    void weightsAndStatesOfSourcesAreToldApart() {
        EventSocketUrl url = EventSocketUrl.parse("fs://:secret@10.0.0.7");
        registry.define(1, List.of(A.withEventSocket(url), B));
        registry.viewsPublished();
        startSession();

        new SourceState("t.list", "", 0, 2, "line 1")
                .publish(kit.system(), DistributedData.get(kit.system()).replicator(), "trunks");
        new ReplicatedWeights(kit.system())
                .publish(Map.of(
                        A.id(), new FreeswitchWeight(new StatusVersion(1, 1, 7), url.toString(), 43, true, 1000)));

        await().untilAsserted(() -> {
            assertThat(registry.changes().sources()).containsOnlyKeys("trunks");
            assertThat(updates)
                    .singleElement()
                    .satisfies(view -> assertThat(view.weight(0)).isEqualTo(43));
        });
    }

    private final class Checksums {
        private final DistributedData data = DistributedData.get(kit.system());
        private final String address =
                ClusterMember.address(Cluster.get(kit.system()).selfMember());

        /** Writes the entry of this node as a process did whose clock was ahead. */
        private void writeAhead(String checksum) {
            TestProbe<Replicator.UpdateResponse<LWWMap<String, String>>> written = kit.createTestProbe();
            LWWRegister.Clock<String> ahead = (current, value) -> Long.MAX_VALUE / 2;
            data.replicator()
                    .tell(new Replicator.Update<>(
                            ReplicaListenerActor.CHECKSUMS,
                            LWWMap.<String, String>empty(),
                            Replicator.writeLocal(),
                            written.getRef(),
                            known -> known.put(data.selfUniqueAddress().uniqueAddress(), address, checksum, ahead)));
            written.receiveMessage();
        }

        /** This node's entry. */
        private String replicated() {
            TestProbe<Replicator.GetResponse<LWWMap<String, String>>> read = kit.createTestProbe();
            data.replicator()
                    .tell(new Replicator.Get<>(ReplicaListenerActor.CHECKSUMS, Replicator.readLocal(), read.getRef()));
            return read.receiveMessage() instanceof Replicator.GetSuccess<LWWMap<String, String>> found
                    ? found.get(ReplicaListenerActor.CHECKSUMS).getEntries().get(address)
                    : "";
        }
    }

    @Test
    void theChecksumReplacesThatOfAnEarlierProcessWhoseClockWasAhead() {
        Checksums checksums = new Checksums();
        startSession();
        checksums
                .data
                .replicator()
                .tell(new Replicator.Update<>(
                        ReplicaListenerActor.DEFINITIONS,
                        Definitions.NONE,
                        Replicator.writeLocal(),
                        kit.system().ignoreRef(),
                        known -> new Definitions(8, 1, DefinitionsCodec.pack(List.of(A), true))));
        await().until(() -> checksums.replicated().startsWith("8 "));

        checksums.writeAhead("7 0123456789abcdef");

        await().until(() -> checksums.replicated().startsWith("8 "));
    }
}
