package org.sipdispatch.cluster;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sipdispatch.destination.WireMessage;
import org.sipdispatch.limits.AnsweredCall;
import org.sipdispatch.limits.CallDigests;
import org.sipdispatch.limits.CallNews;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.limits.ShareGrant;
import org.sipdispatch.limits.SharePoke;
import org.sipdispatch.limits.ShareReport;
import org.sipdispatch.limits.SharedLimits;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.membership.MembershipLease;
import org.sipdispatch.membership.NodeMessenger;
import org.sipdispatch.membership.Supervision;

/** Shares the limits of calls with the other nodes, in one session: passes messages to {@link SharedLimits}. */
public final class LimitsActor extends AbstractBehavior<LimitsActor.Command> {
    static final String NAME = "limits";

    private static final Duration TICK = Duration.ofMillis(50);

    public sealed interface Command {}

    /** A node reports its shares. */
    public record Report(ShareReport report) implements Command, WireMessage {}

    /** The allocator's answer. */
    public record Grant(ShareGrant grant) implements Command, WireMessage {}

    /** The allocator asks for a report. */
    public record Poke(SharePoke poke) implements Command, WireMessage {}

    /** Calls through a node, which may not run any more, were answered. */
    public record Answered(long node, List<AnsweredCall> calls) implements Command, WireMessage {}

    /** A node knows of answered calls of the node that receives this. */
    public record Known(long node, List<Long> keys) implements Command, WireMessage {}

    /** Calls have ended. */
    public record Ended(List<Long> keys) implements Command, WireMessage {}

    /** What a node knows of answered calls. */
    public record Compare(CallDigests digests) implements Command, WireMessage {}

    private record OwnTold(AnsweredCall call, Runnable known) implements Command {}

    private record OwnAnswered(AnsweredCall call) implements Command {}

    private record OwnEnded(long key) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    /** A call waits for a place. */
    private enum Wait implements Command {
        INSTANCE
    }

    /** Does nothing on a node that shares its limits with no other one. */
    static Behavior<Command> create(NodeLimits limits, MembershipLease lease) {
        if (!limits.isShared()) {
            return Behaviors.empty();
        }
        return Supervision.resuming(Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new LimitsActor(context, timers, limits, lease))));
    }

    private final NodeLimits limits;
    private final MembershipLease lease;
    private final Cluster cluster;
    private final long self;
    private final SharedLimits shared;
    private Map<Long, Address> addresses = Map.of();

    private LimitsActor(
            ActorContext<Command> context, TimerScheduler<Command> timers, NodeLimits limits, MembershipLease lease) {
        super(context);
        this.limits = limits;
        this.lease = lease;
        cluster = Cluster.get(context.getSystem());
        self = cluster.selfMember().uniqueAddress().longUid();
        shared = new SharedLimits(limits, self, new Members(), new Messages());
        ActorRef<Command> own = context.getSelf();
        limits.whenWaiting(() -> own.tell(Wait.INSTANCE));
        limits.news().passTo(new CallNews.Receiver() {
            @Override
            public void told(AnsweredCall call, Runnable known) {
                own.tell(new OwnTold(call, known));
            }

            @Override
            public void answered(AnsweredCall call) {
                own.tell(new OwnAnswered(call));
            }

            @Override
            public void ended(long key) {
                own.tell(new OwnEnded(key));
            }
        });
        timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, TICK);
    }

    private final class Members implements SharedLimits.Membership {
        @Override
        public List<Long> voters() {
            return ClusterMember.votersByAge(cluster);
        }

        @Override
        public Set<Long> present() {
            return addresses.keySet();
        }

        @Override
        public Set<Long> answering() {
            return lease.answeredLately();
        }

        @Override
        public Set<Long> promised() {
            return lease.promisedLately();
        }

        @Override
        public long remainingNanos() {
            return lease.remainingNanos();
        }

        @Override
        public long leaseNanos() {
            return lease.lengthNanos();
        }
    }

    private final class Messages implements SharedLimits.Messenger {
        @Override
        public void report(long to, ShareReport report) {
            send(to, new Report(report));
        }

        @Override
        public void grant(long to, ShareGrant grant) {
            send(to, new Grant(grant));
        }

        @Override
        public void poke(long to, SharePoke poke) {
            send(to, new Poke(poke));
        }

        @Override
        public void answered(long to, long of, List<AnsweredCall> calls) {
            send(to, new Answered(of, calls));
        }

        @Override
        public void known(long to, List<Long> keys) {
            send(to, new Known(self, keys));
        }

        @Override
        public void ended(long to, List<Long> keys) {
            send(to, new Ended(keys));
        }

        @Override
        public void compare(long to, CallDigests digests) {
            send(to, new Compare(digests));
        }
    }

    private void send(long node, Command message) {
        if (node == self) {
            getContext().getSelf().tell(message);
        } else if (addresses.containsKey(node)) {
            NodeMessenger.tellChild(getContext().getSystem(), addresses.get(node), NAME, message);
        }
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Report.class, message -> then(() -> shared.reported(message.report(), System.nanoTime())))
                .onMessage(Grant.class, message -> then(() -> shared.granted(message.grant(), System.nanoTime())))
                .onMessage(Poke.class, message -> then(() -> shared.poked(message.poke(), System.nanoTime())))
                .onMessage(
                        Answered.class,
                        message -> then(() -> shared.answered(message.node(), message.calls(), System.nanoTime())))
                .onMessage(Known.class, message -> then(() -> shared.known(message.node(), message.keys())))
                .onMessage(
                        OwnTold.class,
                        message -> then(() -> shared.ownTold(message.call(), message.known(), System.nanoTime())))
                .onMessage(Ended.class, message -> then(() -> shared.ended(message.keys())))
                .onMessage(Compare.class, message -> then(() -> shared.compared(message.digests(), System.nanoTime())))
                .onMessage(
                        OwnAnswered.class, message -> then(() -> shared.ownAnswered(message.call(), System.nanoTime())))
                .onMessage(OwnEnded.class, message -> then(() -> shared.ownEnded(message.key())))
                .onMessageEquals(Tick.INSTANCE, () -> then(this::tick))
                .onMessageEquals(Wait.INSTANCE, () -> then(() -> shared.waiting(System.nanoTime())))
                .onSignal(PostStop.class, stopped -> then(this::stop))
                .build();
    }

    private Behavior<Command> then(Runnable task) {
        task.run();
        return this;
    }

    private void tick() {
        addresses = ClusterMember.addresses(cluster);
        shared.tick(System.nanoTime());
    }

    /** Without a session this node has its own part of each limit. */
    private void stop() {
        limits.news().passTo(null);
        shared.stop();
        limits.whenWaiting(() -> {});
        long now = System.nanoTime();
        limits.endLease(now);
        limits.resumeAll(now);
    }
}
