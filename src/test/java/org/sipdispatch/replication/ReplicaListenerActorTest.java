package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.ddata.GSet;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWMap;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.ReplicatedData;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.typed.Cluster;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.membership.PauseDetector;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sharding.EntityKeepAliveActor;

/** No actor of a destination runs here, so no session becomes complete. */
class ReplicaListenerActorTest {
    private static final Duration LONG = Duration.ofSeconds(20);
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
    private final CountDownLatch busy = new CountDownLatch(1);
    private final CountDownLatch mayContinue = new CountDownLatch(1);

    private final class Traffic implements TrafficViewUpdater {
        @Override
        public void update(Collection<SetView> views) {
            updates.addAll(views);
        }

        @Override
        public void replace(Collection<SetView> views) {
            throw new AssertionError("the session is not complete");
        }

        @Override
        public void confirmed(long pauses) {}

        @Override
        public void learnSockets(Map<String, String> nameByLiteral) {
            busy.countDown();
            try {
                assertThat(mayContinue.await(LONG.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

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

    /** The replicator tells of each part of the statuses on its own. */
    @Test
    void changesThatWaitReachTrafficAsOneViewOfTheirSet() {
        List<Definition> rows = IntStream.range(0, 50)
                .mapToObj(i -> Samples.definition(1, "sip:d" + i))
                .toList();
        Set<ReplicatedStatuses.Part> parts =
                rows.stream().map(row -> ReplicatedStatuses.part(row.id())).collect(Collectors.toSet());
        assertThat(parts).hasSizeGreaterThan(5);
        List<Definition> all = new ArrayList<>(rows);
        all.add(Samples.definition(2, "sip:unknown"));
        registry.define(1, all);
        registry.viewsPublished();
        startSession();
        update(ReplicaListenerActor.SOCKETS, GSet.empty(), sockets -> sockets.add("main=udp:127.0.0.1:1"));
        await().until(() -> busy.getCount() == 0);

        awaitTold(parts, rows);
        assertThat(updates).isEmpty();
        mayContinue.countDown();

        await().until(() -> registry.changes().snapshot().destinations().stream()
                        .filter(one -> one.status() != null)
                        .count()
                == rows.size());
        assertThat(updates)
                .singleElement()
                .satisfies(view -> assertThat(view.isUsable()).isFalse());
    }

    /** Writes a status of each destination, and waits until the replicator has told its subscribers. */
    private void awaitTold(Set<ReplicatedStatuses.Part> parts, List<Definition> rows) {
        TestProbe<Replicator.SubscribeResponse<Statuses>> told = kit.createTestProbe();
        parts.forEach(part -> replicator().tell(new Replicator.Subscribe<>(part, told.getRef())));
        rows.forEach(row -> update(
                ReplicatedStatuses.part(row.id()),
                Statuses.EMPTY,
                statuses -> statuses.with(row.id(), Samples.status(1, 1, true))));
        Map<String, Status> all = new HashMap<>();
        while (all.size() < rows.size()) {
            if (told.receiveMessage(LONG) instanceof Replicator.Changed<Statuses> changed) {
                all.putAll(changed.dataValue().byId());
            }
        }
        // It answers after it has told all subscribers of the last part.
        TestProbe<Replicator.GetResponse<Statuses>> last = kit.createTestProbe();
        replicator()
                .tell(new Replicator.Get<>(
                        ReplicatedStatuses.part(rows.get(0).id()), Replicator.readLocal(), last.getRef()));
        last.receiveMessage(LONG);
    }

    private ActorRef<Replicator.Command> replicator() {
        return DistributedData.get(kit.system()).replicator();
    }

    private <D extends ReplicatedData> void update(Key<D> key, D first, Function<D, D> change) {
        replicator()
                .tell(new Replicator.Update<>(
                        key, first, Replicator.writeLocal(), kit.system().ignoreRef(), change));
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
