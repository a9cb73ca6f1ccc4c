package org.sipdispatch.membership;

import akka.actor.Address;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.Reachability;
import akka.cluster.UniqueAddress;
import akka.cluster.sbr.DowningStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Decides for Akka's split brain resolver which side of a network partition survives: the larger one; of two halves the
 * one whose query reaches the database first; if the database did not answer before the partition either, the half with
 * the lowest address. So either of two nodes may die, and a cut link leaves exactly one.
 *
 * <p>Akka decides from its gossip alone, which still has records of nodes that were paused. So this strategy counts the
 * nodes that have answered lately. While answers and heartbeats show different nodes, it waits a moment.
 */
final class MajorityDowningStrategy extends DowningStrategy {
    private static final Logger LOG = LoggerFactory.getLogger(MajorityDowningStrategy.class);

    /**
     * A downed node counts until it is removed: it may not know yet that it was downed, and could continue with another
     * node that does not know either.
     */
    private static final Set<MemberStatus> COUNTED =
            Set.of(MemberStatus.up(), MemberStatus.leaving(), MemberStatus.down());

    /** Directly after a pause of this node no other node has had time to answer. */
    private static final Duration ANSWERS = Duration.ofMillis(700);

    /** How long to wait until answers and heartbeats show the same nodes. */
    private static final Duration HEARTBEATS = Duration.ofSeconds(2);

    /**
     * How long a node waits instead if the other nodes would remove it: both ends of a cut link have a majority, and must
     * not down each other.
     */
    private static final Duration HEARTBEATS_OF_OTHERS = Duration.ofSeconds(5);

    /** How long to ask a database again that does not answer. */
    private static final Duration DATABASE = Duration.ofSeconds(4);

    /** How long to wait until no other node relies on this node's promise. */
    private static final Duration PROMISE = Duration.ofSeconds(4);

    /** A wait for one reason. It is limited: the link may be cut permanently. */
    private static final class Wait {
        private static final long FORGOTTEN_NANOS = DATABASE.toNanos();

        private long sinceNanos = -1;
        private long askedNanos;

        boolean lasts(long nowNanos, Duration longest) {
            boolean isNew = sinceNanos < 0 || nowNanos - askedNanos > FORGOTTEN_NANOS;
            sinceNanos = isNew ? nowNanos : sinceNanos;
            askedNanos = nowNanos;
            return nowNanos - sinceNanos < longest.toNanos();
        }

        void end() {
            sinceNanos = -1;
        }
    }

    private enum DowningStep {
        WAIT,
        GO_ON,
        LEAVE
    }

    private final long self;
    private final ArbiterSetup setup;
    private final LongSupplier nanoClock;
    private DowningStep step = DowningStep.WAIT;
    private Decision decided;
    private Set<Long> survivors = Set.of();
    private boolean survivesForOthers = true;
    private final Wait heartbeatWait = new Wait();
    private final Wait databaseWait = new Wait();
    private final Wait promiseWait = new Wait();

    MajorityDowningStrategy(String dataCenter, UniqueAddress self, ArbiterSetup setup, LongSupplier nanoClock) {
        super(dataCenter, self);
        this.self = self.longUid();
        this.setup = setup;
        this.nanoClock = nanoClock;
    }

    @Override
    public Option<String> role() {
        return Option.empty();
    }

    @Override
    public Decision decide() {
        // Joining nodes too: they have no vote, but one that is responding must not be downed.
        List<Long> members = numbers(java(allMembersInDC()));
        List<SurvivingNodes.Missed> missed = missed();
        survivors = SurvivingNodes.of(members, missed, self);
        survivesForOthers = SurvivingNodes.of(members, missed).contains(self);
        step = step(nanoClock.getAsLong());
        decided = step == DowningStep.LEAVE
                ? DowningStrategy.DownReachable$.MODULE$
                : DowningStrategy.DownUnreachable$.MODULE$;
        return decided;
    }

    /**
     * Downs nothing for a decision that Akka has made by itself, when another node has quarantined this one: {@link
     * LeaseActor} ends the membership then. A leaving node downs only itself; each node decides for itself.
     */
    @Override
    @SuppressWarnings("unchecked")
    public scala.collection.immutable.Set<UniqueAddress> nodesToDown(Decision decision) {
        Set<UniqueAddress> nodes = new HashSet<>();
        if (decision == decided && step != DowningStep.WAIT) {
            nodes.addAll(java(super.nodesToDown(DowningStrategy.DownAll$.MODULE$)));
            nodes.removeIf(
                    node -> step == DowningStep.LEAVE ? node.longUid() != self : survivors.contains(node.longUid()));
        }
        return CollectionConverters.asScala(nodes).toSet();
    }

    private DowningStep step(long nowNanos) {
        MembershipLease lease = setup.lease();
        if (setup.detector().pausedWithin(ANSWERS)) {
            return DowningStep.WAIT;
        }
        Set<String> thisSide = names(lease.reachable(self));
        // A node that answers has resumed a moment ago; one that does not answer may be about to.
        Duration longest = survivesForOthers ? HEARTBEATS : HEARTBEATS_OF_OTHERS;
        if (!thisSide.equals(names(survivors)) && !lease.isEnded() && heartbeatWait.lasts(nowNanos, longest)) {
            return DowningStep.WAIT;
        }
        MajorityRule rule = MajorityRule.of(counted(lease.reachable(self)), survivorsAmong(thisSide));
        boolean goesOn = false;
        boolean isAlone = rule.all().size() > 1 && rule.thisSide().size() == 1;
        if (!lease.isEnded() && !rule.all().isEmpty() && (!isAlone || lease.hasStatuses())) {
            Arbiter.ClaimResult result = rule.decide(setup.arbiter()::decide);
            boolean isUnknown =
                    result == Arbiter.ClaimResult.SILENT && !setup.arbiter().isSilent();
            boolean isOutdated = !names(lease.reachable(self)).equals(thisSide);
            if ((isUnknown || isOutdated) && databaseWait.lasts(nowNanos, DATABASE)) {
                return DowningStep.WAIT;
            }
            goesOn = result == Arbiter.ClaimResult.YES
                    || result == Arbiter.ClaimResult.SILENT && !isUnknown && rule.hasLowestAddress();
        }
        if (!goesOn && !mayLeave(nowNanos)) {
            return DowningStep.WAIT;
        }
        return decided(rule, goesOn);
    }

    private DowningStep decided(MajorityRule rule, boolean goesOn) {
        heartbeatWait.end();
        databaseWait.end();
        promiseWait.end();
        LOG.warn(
                "{} of {} nodes are reachable: this side {}",
                rule.thisSide().size(),
                rule.all().size(),
                goesOn ? "continues" : "leaves the cluster");
        if (goesOn) {
            setup.lease().setSurvivors(survivors);
            return DowningStep.GO_ON;
        }
        return DowningStep.LEAVE;
    }

    /**
     * Ends the lease if this node may leave now. A node that has just resumed may rely on this node's promise, and not
     * have answered this node yet.
     */
    private boolean mayLeave(long nowNanos) {
        MembershipLease lease = setup.lease();
        boolean ended = lease.endUnlessPromised(lease.reachable(self));
        if (!ended && !promiseWait.lasts(nowNanos, PROMISE)) {
            lease.end();
        }
        return lease.isEnded();
    }

    /** The names of the reachable nodes that survive together with this node. */
    private Set<String> survivorsAmong(Set<String> thisSide) {
        Set<String> stay = names(survivors);
        stay.retainAll(thisSide);
        return stay;
    }

    /**
     * The names of the nodes among which a side needs a majority. If one of them is silent, silent nodes that are
     * joining or exiting count too: the silent node may have given them a vote already, or not have taken it yet, and
     * have continued together with them.
     */
    private Set<String> counted(Set<Long> responding) {
        Set<String> counted = new HashSet<>(setup.lease().missing());
        Set<Address> addresses = new HashSet<>();
        boolean isOneSilent = !counted.isEmpty();
        for (Member member : java(allMembersInDC())) {
            if (COUNTED.contains(member.status())) {
                counted.add(ClusterMember.nameOf(member.uniqueAddress()));
                addresses.add(member.address());
                isOneSilent |= !responding.contains(member.uniqueAddress().longUid());
            }
        }
        if (isOneSilent) {
            java(allMembersInDC()).stream()
                    .filter(member ->
                            !responding.contains(member.uniqueAddress().longUid()))
                    .filter(member -> !survivors.contains(member.uniqueAddress().longUid()))
                    // Not the next process of a node that was killed.
                    .filter(member -> !addresses.contains(member.address()))
                    .forEach(member -> counted.add(ClusterMember.nameOf(member.uniqueAddress())));
        }
        return counted;
    }

    private Set<String> names(Set<Long> numbers) {
        Set<String> names = new HashSet<>();
        java(members()).stream()
                .filter(member -> numbers.contains(member.uniqueAddress().longUid()))
                .forEach(member -> names.add(ClusterMember.nameOf(member.uniqueAddress())));
        return names;
    }

    private static List<Long> numbers(Collection<Member> members) {
        return members.stream().map(member -> member.uniqueAddress().longUid()).toList();
    }

    private List<SurvivingNodes.Missed> missed() {
        List<SurvivingNodes.Missed> missed = new ArrayList<>();
        for (Reachability.Record record : java(reachability().records())) {
            missed.add(new SurvivingNodes.Missed(
                    record.observer().longUid(), record.subject().longUid()));
        }
        return missed;
    }

    private static <T> Collection<T> java(scala.collection.Iterable<T> scala) {
        return CollectionConverters.asJavaCollection(scala);
    }
}
