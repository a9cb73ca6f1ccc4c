package org.sipdispatch.membership;

import akka.actor.Address;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Down;
import akka.cluster.typed.Join;
import akka.cluster.typed.JoinSeedNodes;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins this node to the cluster. Joins other nodes with a valid lease as soon as there are any, see {@link
 * JoinableNodes}, and forms a cluster only if the shared database shows no heartbeat of a live one, so that a node that
 * was cut off never forms a second cluster. While this node leads a cluster, writes the cluster's heartbeat.
 */
public final class FormationActor extends AbstractBehavior<FormationActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(FormationActor.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int TICKS_TO_WATCH = 4;
    private static final Duration JOIN_TICK = Duration.ofMillis(100);

    public sealed interface Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    private enum JoinTick implements Command {
        INSTANCE
    }

    private record HeartbeatRead(Arbiter.Heartbeat heartbeat) implements Command {}

    private record TakenOver(Arbiter.ClaimResult result, long pauses) implements Command {}

    private record HeartbeatWritten(Arbiter.ClaimResult result) implements Command {}

    private enum DatabaseWatched implements Command {
        INSTANCE
    }

    private record OwnerRead(Arbiter.Heartbeat heartbeat) implements Command {}

    private record OwnershipTaken(String from, boolean wasOwn, Arbiter.ClaimResult result) implements Command {}

    /**
     * Dependencies of the actor.
     *
     * @param fresh whether this is the first session of the process; a node that was downed needs more evidence to form
     *     a cluster
     * @param lease whether a majority confirms this node: otherwise it writes no heartbeat and takes none over
     * @param blocking runs the blocking database queries
     */
    public record Setup(
            ClusterSettings settings, Arbiter arbiter, boolean fresh, MembershipLease lease, Executor blocking) {}

    public static Behavior<Command> create(Setup setup) {
        return Supervision.resuming(
                Behaviors.setup(context -> Behaviors.withTimers(timers -> new FormationActor(context, timers, setup))));
    }

    private final Setup setup;
    private final Cluster cluster;
    private final FormationPolicy policy;
    private final String self;
    private final CompetingClusterDetector competitor = new CompetingClusterDetector();
    private final JoinProgress joining;
    /** The nodes that this node tries to join. */
    private Set<Address> attempted = Set.of();

    private boolean asking;
    private long askedNanos;
    private boolean owns;
    private boolean loggedAlone;
    private int watches;

    private FormationActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.setup = setup;
        cluster = Cluster.get(context.getSystem());
        self = ClusterMember.nameOf(cluster.selfMember().uniqueAddress());
        policy = new FormationPolicy(
                setup.settings().rank(),
                setup.fresh(),
                setup.settings().longestSilence().toMillis(),
                setup.settings().pause().toMillis());
        joining = new JoinProgress(setup.settings().others(), System.nanoTime());
        timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, TICK);
        if (setup.settings().others().isEmpty()) {
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            timers.startTimerWithFixedDelay(JoinTick.INSTANCE, JOIN_TICK);
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessageEquals(Tick.INSTANCE, this::onTick)
                .onMessageEquals(JoinTick.INSTANCE, this::onJoinTick)
                .onMessage(HeartbeatRead.class, this::onHeartbeatRead)
                .onMessage(TakenOver.class, this::onTakenOver)
                .onMessage(HeartbeatWritten.class, this::onHeartbeatWritten)
                .onMessageEquals(DatabaseWatched.INSTANCE, this::onDatabaseWatched)
                .onMessage(OwnerRead.class, this::onOwnerRead)
                .onMessage(OwnershipTaken.class, this::onOwnershipTaken)
                .build();
    }

    private Behavior<Command> onTick() {
        reportJoining();
        if (setup.settings().others().isEmpty() || asking) {
            return this;
        }
        MemberStatus status = cluster.selfMember().status();
        if (isMember()) {
            if (status.equals(MemberStatus.up()) && isLeader()) {
                writeHeartbeatIfCurrent();
            } else {
                owns = false;
                watchDatabase();
            }
        } else if (status.equals(MemberStatus.removed())) {
            ask(() -> setup.arbiter().read(setup.settings().name()), HeartbeatRead::new);
        }
        return this;
    }

    /** Akka repeats the attempt until it succeeds. Another attempt begins only if none of its nodes may be joined now. */
    private Behavior<Command> onJoinTick() {
        Set<Address> nodes = isMember() ? Set.of() : setup.lease().joinable().nodes();
        if (!nodes.isEmpty() && Collections.disjoint(nodes, attempted)) {
            attempted = nodes;
            cluster.manager().tell(new JoinSeedNodes(List.copyOf(nodes)));
        }
        return this;
    }

    /** Akka's own line about seed nodes that do not answer comes every second; the default log configuration drops it. */
    private void reportJoining() {
        if (isMember()) {
            joining.joined(System.nanoTime());
            return;
        }
        String line = joining.due(setup.lease().answering(), System.nanoTime());
        if (line != null) {
            LOG.warn("{}; calls continue with the last known states, except after a pause", line);
        }
    }

    /** Until it has joined, a node's own status is Removed. */
    private boolean isMember() {
        return !cluster.selfMember().status().equals(MemberStatus.removed());
    }

    private boolean isLeader() {
        return cluster.selfMember().address().equals(cluster.state().getLeader());
    }

    private Behavior<Command> onHeartbeatRead(HeartbeatRead seen) {
        asking = false;
        if (isMember()) {
            return this;
        }
        if (setup.lease().isClusterSeen()) {
            policy.clusterAnswered();
            return this;
        }
        FormationPolicy.OtherSeeds others = FormationPolicy.OtherSeeds.of(
                setup.lease().answering(),
                setup.lease().outside(),
                setup.settings().others().size());
        switch (policy.after(seen.heartbeat(), others, System.nanoTime() / 1_000_000)) {
            case WAIT -> {}
            case TAKE -> takeWithOthers(seen.heartbeat());
            case FOUND -> formCluster("no other node is in a cluster, and the database does not answer");
        }
        return this;
    }

    /**
     * A node that was downed does not form a cluster of three or more seed nodes alone: the other nodes may be paused,
     * and continue as the majority when they resume. If a majority of the seed nodes is outside any cluster, no other
     * majority can continue.
     */
    private void takeWithOthers(Arbiter.Heartbeat seen) {
        int seeds = setup.settings().seedNodes().size();
        boolean enough = 2 * (1 + setup.lease().outside()) > seeds;
        if (setup.fresh() || seeds < 3 || enough) {
            take(seen);
        } else if (!loggedAlone) {
            loggedAlone = true;
            LOG.warn("there is no cluster, and too few other nodes answer to form one");
        }
    }

    private void take(Arbiter.Heartbeat seen) {
        long pauses = setup.lease().pauses();
        ask(
                () -> setup.arbiter().takeOver(setup.settings().name(), self, seen),
                result -> new TakenOver(result, pauses));
    }

    private Behavior<Command> onTakenOver(TakenOver taken) {
        asking = false;
        // During a pause other nodes may have formed a cluster: read the heartbeat again.
        boolean isRecent = taken.pauses() == setup.lease().pauses();
        if (taken.result() == Arbiter.ClaimResult.YES && isRecent && !isMember()) {
            owns = true;
            setup.lease().heartbeat().written(askedNanos);
            formCluster("the database shows no other cluster of this name");
        }
        return this;
    }

    private void formCluster(String reason) {
        LOG.info("forming the cluster {}: {}", setup.settings().name(), reason);
        cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }

    private void writeHeartbeatIfCurrent() {
        if (setup.lease().isCurrent() && !setup.lease().heartbeat().isUnknown()) {
            writeHeartbeat();
        }
    }

    /** Writes no heartbeat while a node is unreachable: a node that is cut off must not look alive. */
    private void writeHeartbeat() {
        String name = setup.settings().name();
        if (!cluster.state().getUnreachable().isEmpty()) {
            return;
        }
        if (owns) {
            ask(() -> setup.arbiter().renew(name, self), HeartbeatWritten::new);
        } else {
            ask(() -> setup.arbiter().read(name), OwnerRead::new);
        }
    }

    /**
     * Reads the heartbeat regularly, so that each node knows whether the database was reachable just before a
     * partition.
     */
    private void watchDatabase() {
        watches = (watches + 1) % TICKS_TO_WATCH;
        if (watches == 0) {
            ask(() -> setup.arbiter().read(setup.settings().name()), seen -> DatabaseWatched.INSTANCE);
        }
    }

    private Behavior<Command> onDatabaseWatched() {
        asking = false;
        return this;
    }

    private Behavior<Command> onHeartbeatWritten(HeartbeatWritten written) {
        asking = false;
        if (written.result() == Arbiter.ClaimResult.YES) {
            setup.lease().heartbeat().written(askedNanos);
        } else if (owns && written.result() == Arbiter.ClaimResult.NO) {
            owns = false;
            setup.lease().ownershipLost();
        }
        return this;
    }

    /**
     * The new leader takes the database row over from the previous one. If the owner is not a member, another cluster
     * exists, which was formed while this one was not visible; the cluster whose owner has the lower address stays.
     */
    private Behavior<Command> onOwnerRead(OwnerRead seen) {
        asking = false;
        Arbiter.Heartbeat heartbeat = seen.heartbeat();
        if (heartbeat.result() == Arbiter.ClaimResult.SILENT
                || !isMember()
                || !setup.lease().isCurrent()
                || setup.lease().heartbeat().isUnknown()) {
            return this;
        }
        boolean wasOwn = heartbeat.owner().equals(self);
        boolean foreign = heartbeat.result() == Arbiter.ClaimResult.YES && !isOurs(heartbeat.owner());
        if (foreign && competitor.prevails(heartbeat.owner(), self, System.nanoTime() / 1_000_000)) {
            LOG.warn(
                    "another cluster named {} exists; the nodes of this one leave it and join the other",
                    setup.settings().name());
            cluster.state().getMembers().forEach(member -> cluster.manager().tell(new Down(member.address())));
        } else {
            ask(
                    () -> setup.arbiter().takeOver(setup.settings().name(), self, heartbeat),
                    result -> new OwnershipTaken(foreign ? heartbeat.owner() : "", wasOwn, result));
        }
        return this;
    }

    private Behavior<Command> onOwnershipTaken(OwnershipTaken owned) {
        asking = false;
        owns = owned.result() == Arbiter.ClaimResult.YES;
        if (owns) {
            setup.lease().heartbeat().written(askedNanos);
            // Another cluster may have had it in between: the check after a pause takes it back for this node, too.
            if (!owned.wasOwn()) {
                competitor.tookFrom(owned.from());
            }
        }
        return this;
    }

    private boolean isOurs(String owner) {
        return ClusterMember.names(cluster.state()).contains(owner);
    }

    private <T> void ask(java.util.function.Supplier<T> question, java.util.function.Function<T, Command> then) {
        asking = true;
        askedNanos = System.nanoTime();
        getContext().pipeToSelf(CompletableFuture.supplyAsync(question, setup.blocking()), (answer, failure) -> {
            if (failure != null) {
                LOG.debug("the database as arbiter", failure);
                return DatabaseWatched.INSTANCE;
            }
            return then.apply(answer);
        });
    }
}
