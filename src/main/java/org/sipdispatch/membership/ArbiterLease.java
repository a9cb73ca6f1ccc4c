package org.sipdispatch.membership;

import akka.actor.ExtendedActorSystem;
import akka.cluster.Cluster;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.coordination.lease.LeaseSettings;
import akka.coordination.lease.javadsl.Lease;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which part of a cut cluster goes on, for Akka's split brain resolver: the larger one; of two halves the one
 * that the database hears first; and where the database was silent before the cut already, the one with the lowest address. So either of two
 * nodes may die, and a cut link leaves exactly one.
 */
public final class ArbiterLease extends Lease {
    private static final Logger LOG = LoggerFactory.getLogger(ArbiterLease.class);

    /**
     * A node that is taken out counts until it is removed: it may not know yet that it is out, and could go on with another one
     * that does not know either.
     */
    private static final Set<MemberStatus> COUNTED =
            Set.of(MemberStatus.up(), MemberStatus.leaving(), MemberStatus.down());

    private static final Duration ANSWERS = Duration.ofMillis(700);
    private static final Duration HEARTBEATS = Duration.ofSeconds(2);
    private static final long LOOK_MS = 50;

    private final LeaseSettings settings;
    private final ExtendedActorSystem system;

    /** Made by Akka. */
    public ArbiterLease(LeaseSettings settings, ExtendedActorSystem system) {
        this.settings = settings;
        this.system = system;
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        return CompletableFuture.supplyAsync(
                this::decide, system.dispatchers().lookup("akka.actor.default-blocking-io-dispatcher"));
    }

    @Override
    public CompletionStage<Boolean> acquire(Consumer<java.util.Optional<Throwable>> leaseLostCallback) {
        return acquire();
    }

    @Override
    public CompletionStage<Boolean> release() {
        return CompletableFuture.completedFuture(true);
    }

    /** Never: what was settled for one cut says nothing of the next. */
    @Override
    public boolean checkLease() {
        return false;
    }

    private boolean decide() {
        awaitAnswers();
        awaitHeartbeats();
        MembershipLease lease = doors().lease();
        MajorityRule tie = tie();
        MonitoredArbiter witness = doors().witness();
        boolean goesOn = !lease.isEnded() && !tie.all().isEmpty() && tie.goesOn(witness::settle, witness.heardLately());
        LOG.warn(
                "{} of {} nodes are reachable: this side {}",
                tie.here().size(),
                tie.all().size(),
                goesOn ? "goes on" : "leaves the cluster; its calls go on with what it knows");
        if (goesOn) {
            lease.decided(staying());
        } else {
            // The resolver decides again every moment until it has left: with a node that woke meanwhile it might go
            // on.
            lease.end();
        }
        return goesOn;
    }

    private MajorityRule tie() {
        Cluster cluster = Cluster.get(system);
        Set<String> members = new HashSet<>(doors().lease().missing());
        cluster.state().getMembers().forEach(member -> {
            if (COUNTED.contains(member.status())) {
                members.add(name(member.uniqueAddress()));
            }
        });
        return MajorityRule.of(members, reachable(cluster));
    }

    /** Those that answer and are not taken out, since nobody misses their heartbeats. */
    private Set<Long> staying() {
        Cluster cluster = Cluster.get(system);
        Set<Long> staying = new HashSet<>(
                doors().lease().reachable(cluster.selfUniqueAddress().longUid()));
        cluster.state()
                .getUnreachable()
                .forEach(member -> staying.remove(member.uniqueAddress().longUid()));
        return staying;
    }

    /**
     * A node that answers, but whose heartbeats some other one still misses, would be taken out while it is counted. It has
     * woken a moment ago, and its heartbeats come back; or a link is cut for good.
     */
    private void awaitHeartbeats() {
        long endNanos = System.nanoTime() + HEARTBEATS.toNanos();
        while (System.nanoTime() - endNanos < 0 && !doors().lease().isEnded()) {
            MajorityRule tie = tie();
            int all = tie.all().size();
            int stay = staying().size();
            if (2 * stay > all || stay >= tie.here().size() || !pause()) {
                return;
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(LOOK_MS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Directly after a pause nobody has had time to answer. */
    private void awaitAnswers() {
        PauseDetector detector = doors().detector();
        boolean goesOn = true;
        while (goesOn && detector.pausedWithin(ANSWERS)) {
            goesOn = pause();
        }
    }

    /**
     * Those that this node, or one that it hears, has heard within the last moments. What Akka's gossip says of who observes
     * whom does not count: records of nodes that stood still are left over from before.
     */
    private Set<String> reachable(Cluster cluster) {
        Set<Long> numbers =
                doors().lease().reachable(cluster.selfUniqueAddress().longUid());
        Set<String> names = new HashSet<>();
        cluster.state().getMembers().forEach(member -> {
            if (numbers.contains(member.uniqueAddress().longUid())) {
                names.add(name(member.uniqueAddress()));
            }
        });
        return names;
    }

    private ArbiterSetup doors() {
        return system.settings().setup().get(ArbiterSetup.class).orElseThrow();
    }

    /** What the database knows a node's life by. */
    static String name(UniqueAddress node) {
        return name(node.address().hostPort(), node.longUid());
    }

    static String name(String address, long node) {
        return address + "#" + node;
    }
}
