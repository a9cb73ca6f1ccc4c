package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Address;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MembershipLeaseTest {
    private static final long A = 1;
    private static final long B = 2;
    private static final long C = 3;
    private static final Set<Long> THREE = Set.of(A, B, C);
    private static final Duration LENGTH = Duration.ofSeconds(3);

    private long nanos = 1_000_000_000_000L;
    /** How far the wall clock has advanced while the monotonic clock stood still. */
    private long suspendedMs;
    /** Detects no pauses of the real process; tests assume them. */
    private final PauseDetector detector =
            new PauseDetector(Duration.ofDays(1), () -> nanos, () -> nanos / 1_000_000 + suspendedMs, count -> {});

    private final MembershipLease lease = new MembershipLease(detector, LENGTH, () -> nanos);

    private void pass(long ms) {
        nanos += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    private long ago(long ms) {
        return nanos - TimeUnit.MILLISECONDS.toNanos(ms);
    }

    /** The node answers a question sent now. */
    private void says(long node, boolean countsAsMember, Long... reachable) {
        lease.answered(node, nanos, countsAsMember, true, true, List.of(reachable));
    }

    /** Asks the node at this host, and returns the time of the question. */
    private long ask(long host) {
        return lease.joinable().asked(new Address("akka", "c", "10.0.0." + host, 2552));
    }

    /** The session with this number, of the node at this host, answers a question sent now that it is in no cluster. */
    private void saysOutside(long session, long host) {
        lease.answered(session, ask(host), false, false, false, List.of());
    }

    private boolean renew(Set<Long> members) {
        return lease.renew(members, members.size(), A);
    }

    private static Set<Long> first(int nodes) {
        return LongStream.rangeClosed(1, nodes).boxed().collect(Collectors.toSet());
    }

    @ParameterizedTest
    @CsvSource({
        // nodes, others that answer, current
        "2, 0, false",
        "2, 1, true",
        "3, 0, false",
        "3, 1, true",
        "4, 1, false",
        "4, 2, true",
        "5, 1, false",
        "5, 2, true",
        "5, 4, true",
    })
    void aMajorityOfTheNodesIsNeeded(int nodes, int answering, boolean current) {
        for (long node = 2; node < 2 + answering; node++) {
            says(node, true);
        }

        assertThat(renew(first(nodes))).isEqualTo(current);
        assertThat(lease.isCurrent()).isEqualTo(current);
    }

    @Test
    void nobodyIsCurrentFromTheStart() {
        assertThat(lease.isCurrent()).isFalse();
        assertThat(renew(Set.of())).isFalse();
        assertThat(renew(Set.of(A))).isFalse();
    }

    @Test
    void whoDoesNotCountThisNodeInIsNoPartOfTheMajority() {
        says(B, false);
        assertThat(renew(THREE)).isFalse();

        says(C, true);
        assertThat(renew(THREE)).isTrue();
    }

    @Test
    void thoseThatAreNoMembersDoNotCount() {
        says(8, true);
        says(9, true);
        assertThat(renew(THREE)).isFalse();

        says(B, true);
        says(C, true);
        assertThat(renew(Set.of(B, C))).isFalse();
    }

    @Test
    void whatANodeSaysToItselfDoesNotCount() {
        says(A, true);

        assertThat(renew(THREE)).isFalse();
    }

    @Test
    void itLastsFromTheQuestionAndNotFromTheAnswer() {
        lease.answered(B, ago(2000), true, true, true, List.of());
        renew(THREE);

        pass(999);
        assertThat(lease.isCurrent()).isTrue();
        pass(1);
        assertThat(lease.isCurrent()).isFalse();
        assertThat(renew(THREE)).isFalse();
    }

    @Test
    void itLastsFromTheQuestionThatTheLastOneOfTheMajorityAnswered() {
        lease.answered(2, ago(2900), true, true, true, List.of());
        lease.answered(3, ago(2000), true, true, true, List.of());
        lease.answered(4, ago(500), true, true, true, List.of());
        renew(first(5));

        pass(999);
        assertThat(lease.isCurrent()).isTrue();
        pass(1);
        assertThat(lease.isCurrent()).isFalse();
    }

    @Test
    void anAnswerThatComesLateDoesNotReplaceANewerOne() {
        says(B, true);
        renew(THREE);

        lease.answered(B, ago(2000), false, true, true, List.of());
        pass(2500);

        assertThat(renew(THREE)).isTrue();
    }

    @Test
    void aNodeThatWasTakenOutCountsUntilAMajorityGoesOnWithoutIt() {
        assertThat(lease.renew(Set.of(A), 3, A)).isFalse();

        says(B, true);
        assertThat(lease.renew(Set.of(A, B), 4, A)).isFalse();
        assertThat(lease.renew(Set.of(A, B), 3, A)).isTrue();
    }

    @Test
    void aNodeThatLeavesDecidesNothingMore() {
        says(B, true);
        renew(THREE);
        lease.end();

        assertThat(lease.isCurrent()).isFalse();
        assertThat(renew(THREE)).isFalse();
    }

    @Test
    void aPauseEndsIt() {
        says(B, true);
        renew(THREE);
        detector.assume();

        assertThat(lease.isCurrent()).isFalse();
        assertThat(lease.pauses()).isEqualTo(1);
    }

    @Test
    void answersToQuestionsBeforeAPauseDoNotCount() {
        says(B, true);
        pass(10);
        detector.assume();
        assertThat(renew(THREE)).isFalse();
        lease.answered(C, ago(1), true, true, true, List.of());
        assertThat(renew(THREE)).isFalse();

        says(C, true);

        assertThat(renew(THREE)).isTrue();
    }

    @Test
    void aSecondPauseNeedsAnswersOfItsOwn() {
        detector.assume();
        says(B, true);
        assertThat(renew(THREE)).isTrue();
        pass(10);
        detector.assume();

        assertThat(renew(THREE)).isFalse();
    }

    @Test
    void aNodeThatDoesNotCountThisOneInIsNotOfThisSide() {
        says(B, false, A, C);

        assertThat(lease.reachable(A)).containsExactly(A);
    }

    @Test
    void thoseThatAreInNoClusterAreCountedWhileTheyAreHeard() {
        saysOutside(B, B);
        lease.answered(C, ask(C), true, true, true, List.of());
        assertThat(lease.outside()).isEqualTo(1);
        assertThat(lease.isClusterSeen()).isTrue();

        pass(3001);
        assertThat(lease.outside()).isZero();
        assertThat(lease.isClusterSeen()).isFalse();
    }

    @Test
    void aMemberWithoutALeaseIsNoClusterToJoin() {
        lease.answered(B, nanos, false, true, false, List.of());

        assertThat(lease.isClusterSeen()).isFalse();
        assertThat(lease.outside()).isZero();
    }

    @Test
    void theStatusesOfAMajorityAreKnownIfAllNodesThatAnswerHaveSentTheirs() {
        assertThat(lease.hasStatusesOfMajority(3)).isFalse();
        saysOutside(B, B);
        assertThat(lease.hasStatusesOfMajority(3)).isFalse();
        lease.statusesReceived(B);
        assertThat(lease.hasStatusesOfMajority(3)).isTrue();
        assertThat(lease.hasStatusesOfMajority(4)).isFalse();

        lease.answered(C, ask(C), true, true, true, List.of());
        assertThat(lease.hasStatusesOfMajority(3)).isFalse();
    }

    @Test
    void statusesThatWereSentBeforeTheLengthOfALeaseDoNotCount() {
        saysOutside(B, B);
        lease.statusesReceived(B);
        pass(LENGTH.toMillis());

        assertThat(lease.hasStatusesOfMajority(3)).isFalse();
    }

    @Test
    void aLeaseOnWhosePromiseAnotherMayRelyDoesNotEnd() {
        assertThat(lease.promise(B)).isTrue();

        assertThat(lease.endUnlessPromised(Set.of(A, C))).isFalse();
        assertThat(lease.isEnded()).isFalse();
        assertThat(lease.endUnlessPromised(Set.of(A, B))).as("B leaves too").isTrue();
        assertThat(lease.isEnded()).isTrue();
    }

    @Test
    void aPromiseLastsAsLongAsALease() {
        lease.promise(B);
        pass(LENGTH.toMillis());

        assertThat(lease.endUnlessPromised(Set.of(A))).isTrue();
    }

    @Test
    void aNodeThatLeavesPromisesNothing() {
        lease.end();

        assertThat(lease.promise(B)).isFalse();
    }

    @Test
    void itIsKnownWhenAMajorityConfirmedThisNodeLast() {
        assertThat(lease.wasConfirmedWithin(Duration.ofHours(1))).isFalse();
        says(B, true);
        renew(THREE);
        detector.assume();
        pass(4000);

        assertThat(lease.wasConfirmedWithin(Duration.ofMillis(4001))).isTrue();
        assertThat(lease.wasConfirmedWithin(Duration.ofMillis(4000))).isFalse();
    }

    @Test
    void timeDuringWhichTheMonotonicClockStoodStillHasPassed() {
        Duration days = Duration.ofDays(3);
        says(B, true);
        renew(THREE);
        lease.heartbeat().written(nanos);
        suspendedMs += Duration.ofDays(2).toMillis();
        detector.note();
        assertThat(lease.wasConfirmedWithin(days)).isTrue();
        assertThat(lease.wasHeartbeatWrittenWithin(days)).isTrue();

        pass(1000);
        suspendedMs += Duration.ofDays(2).toMillis();
        detector.note();

        assertThat(lease.wasConfirmedWithin(days)).isFalse();
        assertThat(lease.wasHeartbeatWrittenWithin(days)).isFalse();
        pass(1);
        lease.heartbeat().written(nanos);
        assertThat(lease.wasHeartbeatWrittenWithin(Duration.ofNanos(1))).isTrue();
    }

    @Test
    void aNodeWithoutOthersNeedsNoAnswer() {
        lease.renewAlone(0);
        assertThat(lease.isCurrent()).isTrue();
        pass(3000);
        assertThat(lease.isCurrent()).isFalse();

        detector.assume();
        lease.renewAlone(0);
        assertThat(lease.isCurrent()).isFalse();
        lease.renewAlone(1);
        assertThat(lease.isCurrent()).isTrue();
    }

    @Test
    void thoseAreThereThatThisNodeHearsAndThatTheseHear() {
        assertThat(lease.reachable(A)).containsExactly(A);

        // The link to C is cut for this node only.
        says(B, true, A, C);
        assertThat(lease.reachable(A)).containsExactlyInAnyOrder(A, B, C);

        pass(1000);
        says(B, true, A);
        assertThat(lease.reachable(A)).containsExactlyInAnyOrder(A, B);
        pass(3000);
        assertThat(lease.reachable(A)).containsExactly(A);
    }

    @Test
    void whatOneSaysWhoIsSilentNowDoesNotCount() {
        says(B, true, A, C);
        pass(3000);
        says(4L, true, A, B);

        assertThat(lease.reachable(A)).containsExactlyInAnyOrder(A, B, 4L);
    }

    /** B and C are paused together, resume for a moment and are paused again. */
    @Test
    void whatIsLeftOfAnEarlierEpisodeMakesNobodyPresent() {
        says(B, true, A, C);
        says(C, true, A, B);
        long first = nanos;
        pass(8000);
        assertThat(lease.reachable(A)).containsExactly(A);

        // They resume: questions in their mailboxes are answered first, in any order.
        lease.answered(B, first + 5, true, true, true, List.of(A, C));
        lease.answered(C, ago(4000), true, true, true, List.of(A, B));
        lease.answered(C, first + 5, true, true, true, List.of(A, B));
        assertThat(lease.reachable(A)).containsExactly(A);
        assertThat(renew(THREE)).isFalse();
        says(B, true, A, C);
        says(C, true, A, B);
        assertThat(renew(THREE)).isTrue();
        long second = nanos;

        pass(3000);
        lease.answered(B, second - 1, true, true, true, List.of(A, C));

        assertThat(lease.reachable(A)).containsExactly(A);
        assertThat(lease.answeredLately()).isEmpty();
        assertThat(renew(THREE)).isFalse();
        assertThat(MajorityRule.of(List.of("1", "2", "3"), Set.of("1"))
                        .decide((epoch, side) -> Arbiter.ClaimResult.YES))
                .isEqualTo(Arbiter.ClaimResult.NO);
    }

    @Test
    void itKnowsWhetherAnyNodeCountsItIn() {
        says(B, false);
        assertThat(lease.isCountedLately()).isFalse();

        says(C, true);
        assertThat(lease.isCountedLately()).isTrue();

        pass(3000);
        says(B, false);
        assertThat(lease.isCountedLately()).isFalse();
    }
}
