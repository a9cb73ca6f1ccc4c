package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import akka.cluster.ddata.typed.javadsl.Replicator;
import com.typesafe.config.ConfigFactory;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.FakeMembership;
import org.sipdispatch.destination.Status;
import org.sipdispatch.membership.Arbiter;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.membership.FormationActor;
import org.sipdispatch.membership.LeaseActor;
import org.sipdispatch.membership.MembershipLease;
import org.sipdispatch.membership.NodeCertificate;
import org.sipdispatch.membership.PauseDetector;
import org.sipdispatch.replication.DestinationRegistry;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.LastKnownStatuses;
import org.sipdispatch.replication.ReplicaListenerActor;
import org.sipdispatch.replication.ReplicatedStatuses;
import org.sipdispatch.replication.Samples;
import org.sipdispatch.replication.StatusReaderActor;
import org.sipdispatch.replication.StatusTransferActor;
import org.sipdispatch.replication.StatusWriterActor;
import org.sipdispatch.replication.Statuses;
import org.sipdispatch.replication.TrafficViewUpdater;
import org.sipdispatch.sharding.EntityKeepAliveActor;
import org.sipdispatch.sharding.Shards;

/** Each actor of a node continues after a message that makes it throw. */
class SupervisionTest {
    private static final ActorTestKit KIT = ActorTestKit.create(
            "supervision",
            ConfigFactory.parseString("akka { loglevel = OFF, cluster.jmx.enabled = off, "
                            + "remote.artery.canonical { hostname = 127.0.0.1, port = 0 } }")
                    .withFallback(ConfigFactory.load().getConfig("sip-dispatcher.cluster-system")));
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final ClusterSettings SETTINGS = new ClusterSettings(
            "supervision",
            "127.0.0.1",
            2,
            "",
            List.of("127.0.0.1:1", "127.0.0.1:2"),
            false,
            NodeCertificate.NONE,
            false,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    private static final PauseDetector DETECTOR = PauseDetector.start(Duration.ofSeconds(60), count -> {});

    private final MembershipLease lease = new MembershipLease(DETECTOR, Duration.ofSeconds(10), System::nanoTime);
    private final AtomicBoolean faulty = new AtomicBoolean(true);

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
        DETECTOR.close();
    }

    private void failOnce() {
        if (faulty.getAndSet(false)) {
            throw new IllegalStateException("the fault of a test");
        }
    }

    /** Fails at the first call and counts the others. */
    private TrafficViewUpdater views(AtomicInteger calls) {
        return (TrafficViewUpdater) Proxy.newProxyInstance(
                TrafficViewUpdater.class.getClassLoader(),
                new Class<?>[] {TrafficViewUpdater.class},
                (proxy, method, arguments) -> {
                    failOnce();
                    calls.incrementAndGet();
                    return null;
                });
    }

    @Test
    void theStatusWriter() {
        TestProbe<Replicator.Command> replicator = KIT.createTestProbe();
        ReplicatedStatuses statuses = new ReplicatedStatuses(
                KIT.system(),
                replicator.getRef(),
                KIT.spawn(StatusWriterActor.create(replicator.getRef(), new FakeMembership())),
                KIT.spawn(StatusReaderActor.create(replicator.getRef())),
                null,
                null);

        statuses.publish("a", null);
        statuses.publish("a", Samples.status(1, 1, true));

        replicator.expectMessageClass(Replicator.Update.class, LONG);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void theStatusReader() {
        TestProbe<Replicator.Command> replicator = KIT.createTestProbe();
        ReplicatedStatuses statuses = new ReplicatedStatuses(
                KIT.system(),
                replicator.getRef(),
                KIT.spawn(StatusWriterActor.create(replicator.getRef(), new FakeMembership())),
                KIT.spawn(StatusReaderActor.create(replicator.getRef())),
                null,
                null);
        AtomicBoolean answered = new AtomicBoolean();

        statuses.findNewest("a", status -> failOnce());
        Replicator.Get get = replicator.expectMessageClass(Replicator.Get.class, LONG);
        get.replyTo().tell(new Replicator.NotFound<>(get.key()));
        await().untilFalse(faulty);
        statuses.findNewest("a", status -> answered.set(true));
        get = replicator.expectMessageClass(Replicator.Get.class, LONG);
        get.replyTo().tell(new Replicator.NotFound<>(get.key()));

        await().untilTrue(answered);
    }

    @Test
    void theStatusTransfer() {
        TestProbe<ReplicaListenerActor.Command> view = KIT.createTestProbe();
        ActorRef<StatusTransferActor.Command> transfer =
                KIT.spawn(StatusTransferActor.create(new StatusTransferActor.Setup(
                        List.of(), lease, null, () -> DestinationsSnapshot.EMPTY, view.getRef())));

        transfer.tell(new StatusTransferActor.StatusesPart(null));
        transfer.tell(new StatusTransferActor.StatusesPart(Statuses.of(Map.of(), new byte[0])));

        assertThat(view.receiveMessage(LONG)).isNotNull();
    }

    @Test
    void theView() {
        DestinationRegistry registry = new DestinationRegistry(LastKnownStatuses.none());
        AtomicReference<Map<String, Status>> learned = new AtomicReference<>(Map.of());
        registry.changes().add((snapshot, statuses) -> learned.set(statuses));
        TestProbe<EntityKeepAliveActor.Command> keeper = KIT.createTestProbe();
        ActorRef<ReplicaListenerActor.Command> view =
                KIT.spawn(ReplicaListenerActor.create(new ReplicaListenerActor.Setup(
                        registry, views(new AtomicInteger()), keeper.getRef(), () -> {}, DETECTOR)));

        view.tell(new ReplicaListenerActor.Confirmed(null, 0));
        view.tell(new ReplicaListenerActor.Confirmed(Map.of("a", Samples.status(1, 1, true)), 0));

        await().until(() -> learned.get().containsKey("a"));
    }

    @Test
    void theKeepAlive() {
        List<String> received = new CopyOnWriteArrayList<>();
        ActorRef<EntityKeepAliveActor.Command> keeper = KIT.spawn(EntityKeepAliveActor.create(
                new Shards(KIT.system(), (id, command) -> {
                    failOnce();
                    received.add(id);
                }),
                1));
        Definition definition = Samples.definition(1, "sip:a");

        keeper.tell(new EntityKeepAliveActor.Defined(1, List.of(definition), List.of()));
        keeper.tell(new EntityKeepAliveActor.Defined(2, List.of(), List.of()));
        keeper.tell(new EntityKeepAliveActor.Defined(3, List.of(definition), List.of()));
        keeper.tell(new EntityKeepAliveActor.Defined(4, List.of(), List.of()));

        await().until(() -> received.contains(definition.id()));
    }

    @Test
    void theLease() {
        ActorRef<LeaseActor.Command> actor = KIT.spawn(LeaseActor.create(new LeaseActor.Setup(
                SETTINGS,
                lease,
                new FakeArbiter(),
                ForkJoinPool.commonPool(),
                (pauses, alone) -> {},
                why -> {},
                why -> {})));
        TestProbe<LeaseActor.Command> asking = KIT.createTestProbe();

        actor.tell(new LeaseActor.MembershipQuestion(1, 1, null));
        actor.tell(new LeaseActor.MembershipQuestion(1, 2, asking.getRef()));

        asking.expectMessageClass(LeaseActor.MembershipAnswer.class, LONG);
    }

    /** Returns null for the first query, so that the actor throws. */
    private static final class FakeArbiter implements Arbiter {
        private final AtomicInteger reads = new AtomicInteger();

        @Override
        public ClaimResult decide(String epoch, String side) {
            return ClaimResult.SILENT;
        }

        @Override
        public Heartbeat read(String cluster) {
            return reads.getAndIncrement() == 0 ? null : new Heartbeat(ClaimResult.SILENT, "", 0);
        }

        @Override
        public ClaimResult renew(String cluster, String owner) {
            return ClaimResult.SILENT;
        }

        @Override
        public ClaimResult takeOver(String cluster, String owner, Heartbeat seen) {
            return ClaimResult.SILENT;
        }
    }

    @Test
    void theFormation() {
        FakeArbiter arbiter = new FakeArbiter();

        KIT.spawn(FormationActor.create(
                new FormationActor.Setup(SETTINGS, arbiter, true, lease, ForkJoinPool.commonPool())));

        await().atMost(LONG).until(() -> arbiter.reads.get() >= 3);
    }

    @Test
    void theListOfPeers() {
        AtomicInteger calls = new AtomicInteger();
        ActorRef<Receptionist.Listing> listening = KIT.spawn(new Peers(KIT.system(), views(calls)).subscriber());
        await().untilFalse(faulty);

        KIT.system().receptionist().tell(Receptionist.find(PeerActor.KEY, listening));

        await().until(() -> calls.get() > 0);
    }

    @Test
    void thePeer() {
        ActorRef<PeerActor.Command> peer = KIT.spawn(PeerActor.create(
                new PeerActor.Setup((ping, pauses, then) -> {}, null, null, new FaultyCalls(), "10.0.0.1:25520")));
        TestProbe<PeerActor.Calls> asking = KIT.createTestProbe();

        peer.tell(new PeerActor.GetCalls("a", asking.getRef()));
        peer.tell(new PeerActor.GetCalls("b", asking.getRef()));

        assertThat(asking.receiveMessage(LONG)).isEqualTo(new PeerActor.Calls("10.0.0.1:25520", 2, 1));
    }

    private final class FaultyCalls implements LocalCalls {
        @Override
        public int ringing(String id) {
            failOnce();
            return 1;
        }

        @Override
        public int open(String id) {
            return 2;
        }
    }

    @Test
    void thePermissionsForOrders() {
        ActorRef<DestinationActor.MayExecute> permissions = KIT.spawn(OrderPermissionActor.create(order -> {
            failOnce();
            return true;
        }));
        TestProbe<DestinationActor.Permission> asking = KIT.createTestProbe();

        permissions.tell(new DestinationActor.MayExecute("1-1", asking.getRef()));
        permissions.tell(new DestinationActor.MayExecute("1-2", asking.getRef()));

        assertThat(asking.receiveMessage(LONG)).isEqualTo(new DestinationActor.Permission("1-2", true));
    }
}
