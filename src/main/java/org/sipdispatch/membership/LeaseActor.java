package org.sipdispatch.membership;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.eventstream.EventStream;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.cluster.typed.Cluster;
import akka.remote.artery.ThisActorSystemQuarantinedEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.sipdispatch.destination.WireMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's {@link MembershipLease}: asks all other nodes at the heartbeat interval, or four times per lease if
 * that is more often, whether they count this node as a member, and answers the same question. Ends the session at once
 * if the other nodes have continued without this node.
 */
public final class LeaseActor extends AbstractBehavior<LeaseActor.Command> {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseActor.class);

    /** The actor's name on each node. */
    public static final String NAME = "membership-lease";

    /** A session ends when no majority of the electorate has been present for this many lease lengths. */
    private static final int LEASES_WITHOUT_MAJORITY = 2;

    private static final Arbiter.Heartbeat SILENCE = new Arbiter.Heartbeat(Arbiter.ClaimResult.SILENT, "", 0);

    public sealed interface Command {}

    /** Another node asks whether this node counts it as a member; {@code askedNanos} is the asking node's clock. */
    public record MembershipQuestion(long node, long askedNanos, ActorRef<Command> replyTo)
            implements Command, WireMessage {}

    /**
     * The answer of the node {@code node}.
     *
     * @param askedNanos as in the question
     * @param countsAsMember whether it counts the asking node as a member
     * @param member whether it is in a cluster and does not leave it
     * @param current whether its own lease is valid
     * @param electorate its electorate: the numbers of the nodes among which it needs a majority
     * @param reachable the nodes that have answered it lately
     */
    public record MembershipAnswer(
            long node,
            long askedNanos,
            boolean countsAsMember,
            boolean member,
            boolean current,
            List<Long> electorate,
            List<Long> reachable)
            implements Command, WireMessage {}

    private enum Tick implements Command {
        INSTANCE
    }

    private record Quarantined(String by, long node) implements Command {}

    private record HeartbeatRead(Arbiter.Heartbeat heartbeat, long pauses) implements Command {}

    private record HeartbeatClaimed(Arbiter.ClaimResult result, long pauses) implements Command {}

    /**
     * Dependencies of the actor.
     *
     * @param blocking runs the blocking database queries
     * @param confirmed notified when a majority has confirmed this node, first when this node has joined
     * @param superseded receives the reason when the other nodes continued without this node
     * @param lost receives the reason when too few nodes are left to continue
     */
    public record Setup(
            ClusterSettings settings,
            MembershipLease lease,
            Arbiter arbiter,
            Executor blocking,
            ConfirmationListener confirmed,
            Consumer<String> superseded,
            Consumer<String> lost) {}

    public static Behavior<Command> create(Setup setup) {
        return Supervision.resuming(
                Behaviors.setup(context -> Behaviors.withTimers(timers -> new LeaseActor(context, timers, setup))));
    }

    private final Setup setup;
    private final Cluster cluster;
    private final long self;
    private final List<Address> seeds;
    private final SupersededCheck supersededCheck;
    private final VotingMembers electorate;
    private final RemovedMemberDetector unanswered;
    private boolean reading;
    private boolean isVoter;
    private long voterSinceNanos = System.nanoTime();
    private long joinsAloneSinceNanos = System.nanoTime();
    private long checkedPauses;
    private long confirmedPauses = -1;
    private final SoleMemberCheck loneMember = new SoleMemberCheck();

    private LeaseActor(ActorContext<Command> context, TimerScheduler<Command> timers, Setup setup) {
        super(context);
        this.setup = setup;
        ClusterSettings settings = setup.settings();
        cluster = Cluster.get(context.getSystem());
        self = cluster.selfMember().uniqueAddress().longUid();
        seeds = settings.otherAddresses();
        supersededCheck = new SupersededCheck(self(), settings.longestSilence().toNanos());
        electorate = new VotingMembers(settings.longestSilence().toNanos());
        unanswered = RemovedMemberDetector.of(context.getSystem(), settings);
        checkedPauses = setup.lease().pauses();
        setup.lease().whenEnded(() -> context.getSelf().tell(Tick.INSTANCE));
        timers.startTimerWithFixedDelay(Tick.INSTANCE, Duration.ZERO, settings.questionInterval());
        context.getSystem()
                .eventStream()
                .tell(new EventStream.Subscribe<>(
                        ThisActorSystemQuarantinedEvent.class,
                        context.messageAdapter(
                                ThisActorSystemQuarantinedEvent.class,
                                event -> new Quarantined(
                                        event.remoteAddress().address().hostPort(),
                                        event.remoteAddress().uid()))));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(MembershipQuestion.class, this::onQuestion)
                .onMessage(MembershipAnswer.class, this::onAnswer)
                .onMessageEquals(Tick.INSTANCE, this::onTick)
                .onMessage(HeartbeatRead.class, this::onHeartbeatRead)
                .onMessage(HeartbeatClaimed.class, this::onHeartbeatClaimed)
                .onMessage(Quarantined.class, this::onQuarantined)
                .build();
    }

    private Behavior<Command> onQuestion(MembershipQuestion question) {
        boolean countsAsMember = ClusterMember.present(cluster.state()).containsKey(question.node())
                && setup.lease().promise(question.node());
        question.replyTo()
                .tell(new MembershipAnswer(
                        self,
                        question.askedNanos(),
                        countsAsMember,
                        isMember() && !setup.lease().isEnded(),
                        setup.lease().isCurrent(),
                        List.copyOf(electorate.all()),
                        List.copyOf(setup.lease().answeredLately())));
        return this;
    }

    /**
     * A current member of the cluster that denies this node's membership shows that the cluster continued, or was
     * formed again, without this node.
     */
    private Behavior<Command> onAnswer(MembershipAnswer answer) {
        setup.lease().joinable().answered(answer.askedNanos(), answer.member() && answer.current());
        setup.lease()
                .answered(
                        answer.node(),
                        answer.askedNanos(),
                        answer.countsAsMember(),
                        answer.member(),
                        answer.current(),
                        answer.reachable());
        // A node that was paused itself does not know who has joined since.
        boolean denies = answer.current() && answer.member() && !answer.countsAsMember();
        if (denies && isVoter && answer.askedNanos() - voterSinceNanos > 0) {
            setup.superseded().accept("a member of the cluster no longer lists this node as a member");
            return this;
        }
        UniqueAddress member = ClusterMember.present(cluster.state()).get(answer.node());
        if (answer.countsAsMember() && member != null) {
            supersededCheck.memberAnswered(ClusterMember.nameOf(member), System.nanoTime());
        }
        if (answer.current() && answer.countsAsMember() && voters().contains(answer.node())) {
            electorate.majorityConfirmed(Set.copyOf(answer.electorate()), answer.askedNanos());
        }
        renew();
        return this;
    }

    private void renew() {
        long pauses = setup.lease().pauses();
        Set<Long> voters = voters();
        if (isUnchecked(voters)) {
            checkSuperseded(pauses);
            return;
        }
        checkedPauses = voters.isEmpty() ? checkedPauses : pauses;
        if (renew(voters, pauses) && pauses > confirmedPauses) {
            confirmedPauses = pauses;
            setup.confirmed().onConfirmed(pauses, loneMember.confirmed());
        }
    }

    private boolean renew(Set<Long> voters, long pauses) {
        long nowNanos = System.nanoTime();
        electorate.update(ClusterMember.electors(cluster.state()), self, nowNanos);
        Set<Long> decided = setup.lease().takeSurvivors();
        if (decided != null) {
            electorate.survivorsDecided(decided, nowNanos);
        }
        int counted = electorate.all().size();
        loneMember.update(counted == 1, pauses > confirmedPauses);
        if (counted == 1) {
            setup.lease().renewAlone(pauses);
        }
        boolean current = setup.lease().renew(voters, counted, self);
        if (current) {
            electorate.majorityConfirmed(voters, setup.lease().confirmedNanos());
        }
        setup.lease().missing(electorate.missing());
        return current;
    }

    /** The numbers of the members with a vote; empty while this node has none. */
    private Set<Long> voters() {
        Set<Long> voters = ClusterMember.voters(cluster.state());
        return voters.contains(self) ? voters : Set.of();
    }

    private Behavior<Command> onTick() {
        boolean wasVoter = isVoter;
        isVoter = !voters().isEmpty();
        if (isVoter && !wasVoter) {
            voterSinceNanos = System.nanoTime();
        }
        supersededCheck.membersSeen(ClusterMember.names(cluster.state()), System.nanoTime());
        if (setup.lease().heartbeat().isUnknown()) {
            checkSuperseded(setup.lease().pauses());
        }
        renew();
        endIfLost();
        nodesToAsk().forEach(this::ask);
        return this;
    }

    /** The other members; all other nodes while this one is no member, or these may have continued without it. */
    private Set<Address> nodesToAsk() {
        Set<Address> nodes = new HashSet<>();
        Set<Long> voters = voters();
        if (voters.isEmpty() || isUnchecked(voters) || setup.lease().heartbeat().isUnknown()) {
            nodes.addAll(seeds);
        }
        ClusterMember.present(cluster.state()).values().forEach(member -> nodes.add(member.address()));
        nodes.remove(cluster.selfMember().address());
        return nodes;
    }

    /**
     * Isolated nodes down themselves and may form the next cluster without this node. A node that is joining would
     * become a cluster of its own if the other nodes fall silent; and it would join forever if the node that accepted it
     * was paused or died before it told the others.
     */
    private void endIfLost() {
        MembershipLease lease = setup.lease();
        if (isVoter || !isMember() || lease.isCountedLately()) {
            joinsAloneSinceNanos = System.nanoTime();
        }
        if (lease.isEnded()) {
            end("less than half of the nodes are reachable");
        } else if (isVoter && electorate.hasMissing() && !lease.isCurrent() && isLong(electorate.missingNanos())) {
            end("no majority of the nodes is left");
        } else if (isLong(joinsAloneSinceNanos)) {
            end("no node of the cluster lists this node while it joins");
        } else if (unanswered.areTooMany(
                voters().size() > 1, lease.pauses() <= confirmedPauses, lease::silentNanos, System.nanoTime())) {
            setup.superseded().accept("no other member answers this node after a long pause");
        }
    }

    private boolean isLong(long sinceNanos) {
        return System.nanoTime() - Math.max(sinceNanos, voterSinceNanos)
                > LEASES_WITHOUT_MAJORITY * setup.settings().pause().toNanos();
    }

    /** Nodes that still answer may have continued without this node, or may do so. */
    private void end(String why) {
        if (setup.lease().answeredLately().isEmpty()) {
            setup.lost().accept(why);
        } else {
            setup.superseded().accept(why);
        }
    }

    private boolean isMember() {
        return !cluster.selfMember().status().equals(MemberStatus.removed());
    }

    private void ask(Address node) {
        long asked = setup.lease().joinable().asked(node);
        ActorRef<Command> me = getContext().getSelf();
        NodeMessenger.tell(getContext().getSystem(), node, NAME, new MembershipQuestion(self, asked, me));
    }

    private boolean isUnchecked(Set<Long> voters) {
        return setup.lease().isOwnershipLost() || setup.lease().pauses() > checkedPauses && mayBeSuperseded(voters);
    }

    /**
     * During a pause of this node, another node may have seen no heartbeat in the database and formed a cluster. That
     * takes longer than a lease lasts. A node alone needs no answers for its lease, so only its heartbeats count.
     */
    private boolean mayBeSuperseded(Set<Long> voters) {
        ClusterSettings settings = setup.settings();
        Duration time = settings.longestSilence().dividedBy(2);
        boolean confirmed = setup.lease().isAlone()
                ? setup.lease().wasHeartbeatWrittenWithin(time)
                : setup.lease().wasConfirmedWithin(time);
        return settings.hasPeers() && !settings.bootstrap() && !voters.isEmpty() && !confirmed;
    }

    private void checkSuperseded(long pauses) {
        askDatabase(
                () -> setup.arbiter().read(setup.settings().name()),
                (seen, failure) -> new HeartbeatRead(failure == null ? seen : SILENCE, pauses));
    }

    private <T> void askDatabase(Supplier<T> query, BiFunction<T, Throwable, Command> then) {
        if (!reading) {
            reading = true;
            getContext().pipeToSelf(CompletableFuture.supplyAsync(query, setup.blocking()), then::apply);
        }
    }

    private Behavior<Command> onHeartbeatRead(HeartbeatRead read) {
        reading = false;
        ClusterHeartbeatWriter own = setup.lease().heartbeat();
        if (own.isWritten()) {
            supersededCheck.heartbeatWritten(own.writtenNanos());
        }
        switch (supersededCheck.after(read.heartbeat(), System.nanoTime())) {
            case WAIT -> {}
            case CLAIM -> claim(read);
            case UNKNOWN -> notSuperseded(read.pauses(), true);
            case SUPERSEDED -> setup.superseded().accept("another node has formed the cluster again");
        }
        return this;
    }

    /** The owner stays if it is a member: it goes on writing heartbeats. */
    private void claim(HeartbeatRead read) {
        String owner = read.heartbeat().owner();
        String next = ClusterMember.names(cluster.state()).contains(owner) ? owner : self();
        askDatabase(
                () -> setup.arbiter().takeOver(setup.settings().name(), next, read.heartbeat()),
                (result, failure) ->
                        new HeartbeatClaimed(failure == null ? result : Arbiter.ClaimResult.SILENT, read.pauses()));
    }

    /** After a failed claim the heartbeat is read again. */
    private Behavior<Command> onHeartbeatClaimed(HeartbeatClaimed claimed) {
        reading = false;
        if (claimed.result() == Arbiter.ClaimResult.YES) {
            notSuperseded(claimed.pauses(), false);
        } else {
            renew();
        }
        return this;
    }

    private void notSuperseded(long pauses, boolean isHeartbeatUnknown) {
        setup.lease().heartbeat().unknown(isHeartbeatUnknown);
        setup.lease().ownershipConfirmed();
        checkedPauses = pauses;
        renew();
    }

    private String self() {
        return ClusterMember.nameOf(cluster.selfMember().uniqueAddress());
    }

    /** A node that is no member has no say: it was removed, and has not noticed yet. */
    private Behavior<Command> onQuarantined(Quarantined quarantined) {
        LOG.debug("quarantined by {}", quarantined.by());
        if (ClusterMember.present(cluster.state()).containsKey(quarantined.node())) {
            setup.superseded().accept(quarantined.by() + " has removed this node");
        }
        return this;
    }
}
