package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import akka.actor.Address;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.remote.UniqueAddress;
import akka.remote.artery.ThisActorSystemQuarantinedEvent;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that is alone in its cluster although two are configured. */
class LeaseActorTest {
    private static final Config CONFIG = ConfigFactory.parseString("""
            akka { loglevel = ERROR, actor.provider = cluster, cluster.jmx.multi-mbeans-in-same-jvm = on,
              remote.artery.canonical { hostname = "127.0.0.1", port = 0 },
              actor.serializers.sip-dispatcher-kryo = "org.sipdispatch.wire.KryoSerializer"
              actor.serialization-bindings."org.sipdispatch.destination.WireMessage" = sip-dispatcher-kryo }
            """).withFallback(ConfigFactory.load());

    private final ActorTestKit kit = ActorTestKit.create("test", CONFIG);
    private final Cluster cluster = Cluster.get(kit.system());
    private final AtomicLong suspendedMs = new AtomicLong();
    private final PauseDetector detector = new PauseDetector(
            Duration.ofMinutes(1),
            System::nanoTime,
            () -> System.currentTimeMillis() + suspendedMs.get(),
            pauses -> {});
    private final MembershipLease lease = new MembershipLease(detector, Duration.ofSeconds(60), System::nanoTime);
    private final Queue<String> confirmations = new ConcurrentLinkedQueue<>();
    private final Queue<String> superseded = new ConcurrentLinkedQueue<>();
    private final Row row = new Row();

    /** The heartbeat in the database. */
    private static final class Row implements Arbiter {
        private Heartbeat seen = new Heartbeat(ClaimResult.SILENT, "", 0);
        private ClaimResult claims = ClaimResult.SILENT;
        private int reads;
        private int written;

        synchronized void set(String owner, long count, ClaimResult answerToClaims) {
            seen = new Heartbeat(ClaimResult.YES, owner, count);
            claims = answerToClaims;
        }

        synchronized int written() {
            return written;
        }

        synchronized int reads() {
            return reads;
        }

        @Override
        public ClaimResult decide(String epoch, String side) {
            throw new AssertionError("the lease needs no decision");
        }

        @Override
        public synchronized Heartbeat read(String name) {
            reads++;
            return seen;
        }

        @Override
        public ClaimResult renew(String name, String owner) {
            throw new AssertionError("the lease writes no heartbeat of its own");
        }

        @Override
        public synchronized ClaimResult takeOver(String name, String owner, Heartbeat last) {
            written += claims == ClaimResult.YES ? 1 : 0;
            return claims;
        }
    }

    @BeforeEach
    void formTheCluster() {
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
        await().until(() -> cluster.selfMember().status().equals(MemberStatus.up()));
        start("127.0.0.1:1", Duration.ofSeconds(60), LeaseActor.NAME);
        await().until(lease::isCurrent);
    }

    /** With other settings: what the first one waits for takes a minute. */
    private void startSecond(String otherNode, Duration pause) {
        start(otherNode, pause, "second");
        await().until(() -> confirmations.size() == 2);
    }

    private void start(String otherNode, Duration pause, String name) {
        ClusterSettings settings = new ClusterSettings(
                "test",
                "127.0.0.1",
                25520,
                "",
                List.of("127.0.0.1:25520", otherNode),
                false,
                NodeCertificate.NONE,
                false,
                Duration.ofMillis(50),
                pause,
                Duration.ofMillis(100),
                Duration.ofSeconds(30));
        kit.spawn(
                LeaseActor.create(new LeaseActor.Setup(
                        settings,
                        lease,
                        row,
                        ForkJoinPool.commonPool(),
                        (pauses, becameAlone) -> confirmations.add(pauses + " " + becameAlone),
                        superseded::add,
                        reason -> {})),
                name);
    }

    @AfterEach
    void stop() {
        kit.shutdownTestKit();
    }

    private String self() {
        return ClusterMember.nameOf(cluster.selfMember().uniqueAddress());
    }

    /** Nodes without which it is alone may have executed orders until then, but not later. */
    @Test
    void theFirstConfirmationSaysThatTheNodeHasBecomeAlone() {
        await().untilAsserted(() -> assertThat(confirmations).containsExactly("0 true"));
        lease.heartbeat().written(System.nanoTime());

        detector.assume();

        await().untilAsserted(() -> assertThat(confirmations).containsExactly("0 true", "1 false"));
    }

    @Test
    void afterAPauseItIsCurrentOnceItHasClaimedItsHeartbeat() {
        detector.assume();
        assertThat(lease.isCurrent()).isFalse();

        row.set(self(), 7, Arbiter.ClaimResult.YES);
        await().until(lease::isCurrent);
        assertThat(row.written()).isEqualTo(1);
    }

    @Test
    void afterASuspensionThatStoppedTheMonotonicClockItIsCurrentOnceItHasClaimedItsHeartbeat() {
        lease.heartbeat().written(System.nanoTime());
        row.set(self(), 7, Arbiter.ClaimResult.NO);

        suspendedMs.set(Duration.ofMinutes(2).toMillis());
        detector.note();

        await().until(() -> row.reads() > 1);
        assertThat(lease.isCurrent()).isFalse();
        row.set(self(), 7, Arbiter.ClaimResult.YES);
        await().until(lease::isCurrent);
    }

    @Test
    void aClaimThatComesTooLateLeavesItWithoutALeaseUntilTheOtherClusterIsKnown() {
        row.set(self(), 7, Arbiter.ClaimResult.NO);

        detector.assume();
        int before = row.reads();
        await().until(() -> row.reads() > before + 2);
        assertThat(lease.isCurrent()).isFalse();

        assertThat(superseded).isEmpty();

        row.set("127.0.0.1:1#2", 8, Arbiter.ClaimResult.NO);
        await().until(() -> !superseded.isEmpty());
        assertThat(lease.isCurrent()).isFalse();
    }

    @Test
    void aHeartbeatThatAnotherClusterTookOverEndsTheMembership() {
        row.set("127.0.0.1:1#2", 8, Arbiter.ClaimResult.YES);

        lease.ownershipLost();

        await().until(() -> !superseded.isEmpty());
        assertThat(lease.isCurrent()).isFalse();
        assertThat(row.written()).isZero();
    }

    private static void answerQuestions(ActorTestKit node, boolean countsAsMember) {
        long number = Cluster.get(node.system()).selfMember().uniqueAddress().longUid();
        node.spawn(
                Behaviors.receive(LeaseActor.Command.class)
                        .onMessage(LeaseActor.MembershipQuestion.class, question -> {
                            question.replyTo()
                                    .tell(new LeaseActor.MembershipAnswer(
                                            number,
                                            question.askedNanos(),
                                            countsAsMember,
                                            true,
                                            true,
                                            List.of(number, question.node()),
                                            List.of(question.node())));
                            return Behaviors.same();
                        })
                        .build(),
                LeaseActor.NAME);
    }

    /** A node that joins the cluster; it answers, or is too slow to learn that it was admitted. */
    private String joinedBy(ActorTestKit other, boolean answers) {
        Cluster its = Cluster.get(other.system());
        if (answers) {
            answerQuestions(other, true);
        }
        its.manager().tell(Join.create(cluster.selfMember().address()));
        String name = ClusterMember.nameOf(its.selfMember().uniqueAddress());
        await().until(() -> ClusterMember.names(cluster.state()).contains(name));
        return name;
    }

    /**
     * The other node asked to join, and this one was paused before the other heard that it was admitted. So the other
     * node has formed a cluster of its own.
     */
    @Test
    void theHeartbeatOfANodeThatNeverCountedThisOneAsAMemberIsThatOfAnotherCluster() {
        ActorTestKit other = ActorTestKit.create(kit.system().name(), CONFIG);
        try {
            row.set(joinedBy(other, false), 7, Arbiter.ClaimResult.YES);

            suspendedMs.set(Duration.ofMinutes(2).toMillis());
            detector.note();

            await().until(() -> !superseded.isEmpty());
            assertThat(lease.isCurrent()).isFalse();
            assertThat(row.written()).isZero();
        } finally {
            other.shutdownTestKit();
        }
    }

    @Test
    void theHeartbeatOfANodeThatHasCountedThisOneAsAMemberIsThatOfItsOwnCluster() {
        ActorTestKit other = ActorTestKit.create(kit.system().name(), CONFIG);
        try {
            String name = joinedBy(other, true);
            await().until(lease::isCountedLately);
            row.set(name, 7, Arbiter.ClaimResult.YES);

            suspendedMs.set(Duration.ofMinutes(2).toMillis());
            detector.note();

            await().until(() -> row.written() > 0);
            await().until(lease::isCurrent);
            assertThat(superseded).isEmpty();
        } finally {
            other.shutdownTestKit();
        }
    }

    @Test
    void aDatabaseThatAnswersAgainMayStillShowThatAnotherClusterWasFormed() {
        startSecond("127.0.0.1:1", Duration.ofMillis(100));
        detector.assume();
        await().atMost(Duration.ofSeconds(20)).until(lease::isCurrent);
        assertThat(lease.heartbeat().isUnknown()).isTrue();

        row.set("127.0.0.1:1#2", 8, Arbiter.ClaimResult.YES);

        await().until(() -> !superseded.isEmpty());
        assertThat(row.written()).isZero();
    }

    @Test
    void aDatabaseThatAnswersAgainMayShowThatNoOtherClusterWasFormed() {
        startSecond("127.0.0.1:1", Duration.ofMillis(100));
        detector.assume();
        await().atMost(Duration.ofSeconds(20)).until(() -> lease.heartbeat().isUnknown());

        row.set(self(), 8, Arbiter.ClaimResult.YES);

        await().until(() -> !lease.heartbeat().isUnknown());
        assertThat(superseded).isEmpty();
    }

    /** The other node is in a cluster of its own. */
    @Test
    void aConfiguredNodeThatIsNoMemberIsAskedWhileTheDatabaseIsSilentAfterAPause() {
        ActorTestKit other = ActorTestKit.create(kit.system().name(), CONFIG);
        try {
            Cluster its = Cluster.get(other.system());
            answerQuestions(other, false);
            startSecond(its.selfMember().address().hostPort().replaceFirst(".*@", ""), Duration.ofSeconds(60));

            detector.assume();

            await().until(() -> !superseded.isEmpty());
            assertThat(lease.isCurrent()).isFalse();
        } finally {
            other.shutdownTestKit();
        }
    }

    private void quarantinedBy(Address address, long uid) {
        kit.system()
                .eventStream()
                .tell(new EventStream.Publish<>(new ThisActorSystemQuarantinedEvent(
                        new UniqueAddress(cluster.selfMember().address(), 1), new UniqueAddress(address, uid))));
    }

    @Test
    void onlyTheQuarantineByAMemberEndsTheMembership() {
        quarantinedBy(new Address("akka", "test", "127.0.0.1", 1), 2);
        akka.cluster.UniqueAddress member = cluster.selfMember().uniqueAddress();
        quarantinedBy(member.address(), member.longUid());

        await().until(() -> !superseded.isEmpty());
        assertThat(superseded)
                .singleElement()
                .asString()
                .contains(member.address().hostPort());
    }
}
