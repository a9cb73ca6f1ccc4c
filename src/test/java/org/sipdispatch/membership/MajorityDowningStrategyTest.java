package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Address;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.Reachability;
import akka.cluster.UniqueAddress;
import akka.util.Version;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** The nodes are called 1, 2, 3 and so on; the strategy runs on node 1. */
class MajorityDowningStrategyTest {
    private final ManualMembership membership = new ManualMembership();
    private final MembershipLease lease = membership.lease();
    private final ScriptedArbiter arbiter = new ScriptedArbiter();
    private final MajorityDowningStrategy strategy = strategyOf(1);
    private Reachability reachability = Reachability.create(
            CollectionConverters.asScala(List.<Reachability.Record>of()).toSeq(),
            scala.collection.immutable.Map$.MODULE$.empty());

    private MajorityDowningStrategy strategyOf(long number) {
        return new MajorityDowningStrategy(
                "default",
                node(number),
                new ArbiterSetup(new MonitoredArbiter(arbiter), lease, membership.detector()),
                membership::nanos);
    }

    private static UniqueAddress node(long number) {
        return new UniqueAddress(new Address("akka", "test", "10.0.0." + number, 25520), number);
    }

    private static Member joining(long number) {
        return akka.cluster.Member$.MODULE$.apply(
                node(number), scala.Predef.Set().<String>empty().incl("dc-default"), Version.Zero());
    }

    private static Member up(long number) {
        return joining(number).copyUp((int) number);
    }

    @BeforeEach
    void startWithThreeNodes() {
        strategy.add(up(1));
        strategy.add(up(2));
        strategy.add(up(3));
        lease.statusesRead();
    }

    private static Member exiting(long number) {
        return up(number).copy(MemberStatus.leaving()).copy(MemberStatus.exiting());
    }

    /** Replaces the members by these; the nodes after the first one are silent. */
    private void silentMembers(Member first, Member... silent) {
        for (long number = 1; number <= 3; number++) {
            strategy.remove(up(number));
        }
        strategy.add(first);
        for (Member member : silent) {
            strategy.add(member);
            strategy.addUnreachable(member);
            reachability = reachability.unreachable(first.uniqueAddress(), member.uniqueAddress());
        }
        strategy.setReachability(reachability);
        arbiter.result = Arbiter.ClaimResult.YES;
    }

    /** The observer misses the heartbeats of the subject. */
    private void missed(long observer, long... subjects) {
        for (long subject : subjects) {
            reachability = reachability.unreachable(node(observer), node(subject));
            strategy.addUnreachable(subject == 4 ? joining(4) : up(subject));
        }
        strategy.setReachability(reachability);
    }

    private Set<Long> downed() {
        return downed(strategy);
    }

    private static Set<Long> downed(MajorityDowningStrategy strategy) {
        Set<Long> numbers = new TreeSet<>();
        CollectionConverters.asJava(strategy.nodesToDown(strategy.decide()))
                .forEach(address -> numbers.add(address.longUid()));
        return numbers;
    }

    @Test
    void aMajorityDownsASilentNode() {
        membership.answerAsMembers(2);
        missed(1, 3);

        assertThat(downed()).containsExactly(3L);
        assertThat(lease.isEnded()).isFalse();
    }

    @Test
    void aNodeWithoutAMajorityDownsItselfAndDecidesNothingMore() {
        missed(1, 2, 3);

        assertThat(downed()).containsExactly(1L);
        assertThat(lease.isEnded()).isTrue();

        membership.answerAsMembers(2, 3);
        assertThat(downed()).as("after the others have resumed").contains(1L);
    }

    @Test
    void aNodeDoesNotLeaveWhileAnotherReliesOnItsPromise() {
        missed(1, 2, 3);
        lease.promise(2);

        assertThat(downed()).isEmpty();
        assertThat(lease.isEnded()).isFalse();

        membership.pass(Duration.ofMillis(2100));
        assertThat(downed()).as("when the promise is over").containsExactly(1L);
    }

    @Test
    void aPromiseToANodeThatDoesNotAnswerDelaysTheDecisionForFourSecondsAtMost() {
        missed(1, 2, 3);
        for (int i = 0; i < 4; i++) {
            lease.promise(2);
            assertThat(downed()).isEmpty();
            membership.pass(Duration.ofSeconds(1));
        }
        lease.promise(2);

        assertThat(downed()).containsExactly(1L);
        assertThat(lease.isEnded()).isTrue();
    }

    /** The leader, which is silent, may have made it a member with a vote, and have continued with it as two of three. */
    @Test
    void aNodeThatStillSeesTheThirdAsJoiningDoesNotContinueAlone() {
        silentMembers(up(1), up(2), joining(3));

        assertThat(downed()).containsExactly(1L);
    }

    @Test
    void aNodeThatSeesTheThirdAsExitingAlreadyDoesNotContinueAlone() {
        silentMembers(up(1), up(2), exiting(3));

        assertThat(downed()).containsExactly(1L);
    }

    @Test
    void theOnlyNodeWithAVoteContinuesWithoutOneThatWasJoining() {
        silentMembers(up(1), joining(2));

        assertThat(downed()).containsExactly(2L);
    }

    /** A node that was killed starts again, and is killed before it has a vote. */
    @Test
    void twoProcessesOfOneNodeCountOnce() {
        Member next = akka.cluster.Member$.MODULE$.apply(
                new UniqueAddress(node(2).address(), 22L),
                scala.Predef.Set().<String>empty().incl("dc-default"),
                Version.Zero());
        silentMembers(up(1), up(2).copy(MemberStatus.down()), next);

        assertThat(downed()).contains(22L);
        assertThat(lease.isEnded()).isFalse();
    }

    @Test
    void aNodeThatJoinsSurvivesTheDecisionAboutAnother() {
        strategy.add(joining(4));
        membership.answerAsMembers(2);
        missed(1, 3);

        assertThat(downed()).containsExactly(3L);
    }

    /** The other silent node may have given it a vote: then the two sides are halves. */
    @Test
    void aSilentNodeThatJoinsIsDownedTooIfTheDatabaseSaysSo() {
        arbiter.result = Arbiter.ClaimResult.YES;
        strategy.add(joining(4));
        membership.answerAsMembers(2);
        missed(1, 3, 4);

        assertThat(downed()).containsExactly(3L, 4L);
    }

    @Test
    void anObservationOfAPausedNodeDownsNoNodeThatIsHeard() {
        membership.answerAsMembers(2);
        missed(1, 3);
        missed(3, 1, 2);

        assertThat(downed()).containsExactly(3L);
    }

    @Test
    void nothingIsDownedDirectlyAfterAPauseOfThisNode() {
        membership.pause(Duration.ofSeconds(5));
        missed(1, 2, 3);

        assertThat(downed()).isEmpty();

        membership.pass(Duration.ofMillis(800));
        assertThat(downed()).as("when no node has answered since").containsExactly(1L);
    }

    @Test
    void aNodeThatAnswersIsWaitedForAndThenDowned() {
        membership.answerAsMembers(2, 3);
        missed(1, 3);
        assertThat(downed()).isEmpty();

        membership.pass(Duration.ofMillis(1900));
        membership.answerAsMembers(2, 3);
        assertThat(downed()).isEmpty();

        membership.pass(Duration.ofMillis(200));
        membership.answerAsMembers(2, 3);
        assertThat(downed()).as("a link that stays cut").containsExactly(3L);
    }

    /** Each end of the link has a majority together with node 3, whose answers show that it hears the other end. */
    @Test
    void ofTheTwoEndsOfACutLinkTheOneWithTheHigherAddressLeavesTheDecisionToTheOther() {
        MajorityDowningStrategy other = strategyOf(2);
        other.add(up(1));
        other.add(up(2));
        other.add(up(3));
        for (int i = 0; i < 4; i++) {
            membership.answerAsMembers(1, 3);
            reachability = reachability.unreachable(node(1), node(2)).unreachable(node(2), node(1));
            other.addUnreachable(up(1));
            other.setReachability(reachability);
            assertThat(downed(other)).as("after %d s", i).isEmpty();
            membership.pass(Duration.ofSeconds(1));
        }

        membership.pass(Duration.ofSeconds(1));
        membership.answerAsMembers(1, 3);
        assertThat(downed(other)).as("the other end has not decided").containsExactly(1L);
    }

    /** The lower end of the cut link and node 3 fall silent, and node 3 resumes and relies on this node's answer. */
    @Test
    void aNodeThatWaitedForTheOtherEndOfACutLinkKeepsItsPromiseNevertheless() {
        MajorityDowningStrategy other = strategyOf(2);
        other.add(up(1));
        other.add(up(2));
        other.add(up(3));
        reachability = reachability.unreachable(node(1), node(2)).unreachable(node(2), node(1));
        other.addUnreachable(up(1));
        other.setReachability(reachability);
        for (int i = 0; i < 5; i++) {
            membership.answerAsMembers(1, 3);
            assertThat(downed(other)).isEmpty();
            membership.pass(Duration.ofMillis(900));
        }
        reachability = reachability.unreachable(node(2), node(3));
        other.addUnreachable(up(3));
        other.setReachability(reachability);
        membership.pass(Duration.ofMillis(2_100));
        lease.promise(3);

        assertThat(downed(other)).isEmpty();
        assertThat(lease.isEnded()).isFalse();
    }

    @Test
    void eachCutHasItsOwnWait() {
        membership.answerAsMembers(2, 3);
        missed(1, 3);
        assertThat(downed()).isEmpty();

        membership.pass(Duration.ofSeconds(5));
        membership.answerAsMembers(2, 3);

        assertThat(downed()).isEmpty();
    }

    private void makeATie() {
        strategy.remove(up(3));
        missed(1, 2);
    }

    @Test
    void theArbiterDecidesBetweenTwoHalves() {
        makeATie();
        arbiter.result = Arbiter.ClaimResult.YES;

        assertThat(downed()).containsExactly(2L);
    }

    @Test
    void theHalfThatTheArbiterDeniesLeaves() {
        makeATie();
        arbiter.result = Arbiter.ClaimResult.NO;

        assertThat(downed()).containsExactly(1L);
    }

    @Test
    void aSlowArbiterIsAskedAgain() {
        makeATie();
        assertThat(downed()).isEmpty();

        membership.pass(Duration.ofSeconds(2));
        arbiter.result = Arbiter.ClaimResult.YES;

        assertThat(downed()).containsExactly(2L);
    }

    @Test
    void withoutAnAnswerOfTheArbiterAHalfLeavesAfterFourSeconds() {
        makeATie();
        for (int i = 0; i < 4; i++) {
            assertThat(downed()).isEmpty();
            membership.pass(Duration.ofSeconds(1));
        }

        assertThat(downed()).containsExactly(1L);
    }

    @Test
    void aNodeThatAnswersDuringTheQuestionToTheArbiterIsNotDowned() {
        makeATie();
        arbiter.result = Arbiter.ClaimResult.YES;
        arbiter.meanwhile = () -> membership.answerAsMembers(2);

        assertThat(downed()).isEmpty();
    }

    @Test
    void aNodeThatWasDownedAndNotYetRemovedCountsAgainstThisSide() {
        missed(1, 2, 3);
        strategy.add(up(3).copy(akka.cluster.MemberStatus.down()));
        arbiter.result = Arbiter.ClaimResult.YES;

        assertThat(downed()).containsExactly(1L);
        assertThat(lease.isEnded()).isTrue();
    }

    @Test
    void aNodeThatIsSilentForAMomentButNotMissedIsWaitedFor() {
        missed(1, 3);
        assertThat(downed()).isEmpty();

        membership.pass(Duration.ofMillis(500));
        membership.answerAsMembers(2);

        assertThat(downed()).containsExactly(3L);
    }

    @Test
    void aLeavingNodeDownsOnlyItself() {
        missed(1, 3);
        assertThat(downed()).isEmpty();
        membership.pass(Duration.ofMillis(2100));

        assertThat(downed()).containsExactly(1L);
    }

    @Test
    void theQuarantineOfThisNodeDownsNobody() {
        membership.answerAsMembers(2);
        missed(1, 3);
        assertThat(downed()).containsExactly(3L);

        assertThat(CollectionConverters.asJava(
                        strategy.nodesToDown(akka.cluster.sbr.DowningStrategy.DownSelfQuarantinedByRemote$.MODULE$)))
                .isEmpty();
    }

    @Test
    void aNodeThatHasNotReadTheStatusesOfItsClusterDoesNotContinueAlone() {
        MembershipLease joined = new ManualMembership().lease();
        MajorityDowningStrategy ofJoined = new MajorityDowningStrategy(
                "default",
                node(1),
                new ArbiterSetup(new MonitoredArbiter(arbiter), joined, membership.detector()),
                membership::nanos);
        ofJoined.add(up(1));
        ofJoined.add(up(2));
        ofJoined.addUnreachable(up(2));
        ofJoined.setReachability(reachability.unreachable(node(1), node(2)));
        arbiter.result = Arbiter.ClaimResult.YES;

        assertThat(CollectionConverters.asJava(ofJoined.nodesToDown(ofJoined.decide())))
                .containsExactly(node(1));
        assertThat(joined.isEnded()).isTrue();
    }
}
