package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VotingMembersTest {
    private static final long SELF = 3;
    private static final long DISMISSAL = 100;

    private final VotingMembers electorate = new VotingMembers(DISMISSAL);
    private long now = 1000;

    private static VotingMembers.GossipMember up(long node) {
        return new VotingMembers.GossipMember(node, "host" + node, true, false);
    }

    private static VotingMembers.GossipMember out(long node) {
        return new VotingMembers.GossipMember(node, "host" + node, false, false);
    }

    private void see(VotingMembers.GossipMember... members) {
        electorate.update(Arrays.asList(members), SELF, ++now);
    }

    @Test
    void membersCount() {
        see(up(1), up(2), up(3));
        assertThat(electorate.all()).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(electorate.hasMissing()).isFalse();

        see(up(1), up(2), up(3), up(4));
        assertThat(electorate.all()).hasSize(4);
    }

    @Test
    void theLastOneOfThoseThatTookThemselvesOutIsNotTheWholeCluster() {
        see(up(1), up(2), up(3));
        see(out(1), up(2), up(3));
        see(out(1), out(2), up(3));
        see(up(3));

        assertThat(electorate.all()).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(electorate.hasMissing()).isTrue();
        assertThat(electorate.missing()).containsExactlyInAnyOrder("host1#1", "host2#2");
    }

    @Test
    void aMajorityThatWasAskedSinceGoesOnWithoutANode() {
        see(up(1), up(2), up(3));
        see(up(2), up(3));

        electorate.majorityConfirmed(Set.of(2L, 3L), now);
        assertThat(electorate.all()).contains(1L);
        electorate.majorityConfirmed(Set.of(2L, 3L), now + 1);

        assertThat(electorate.all()).containsExactlyInAnyOrder(2L, 3L);
        assertThat(electorate.hasMissing()).isFalse();
        see(up(3));
        assertThat(electorate.all()).containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void aNodeThatAnotherOneStillCountsStays() {
        see(up(1), up(2), up(3));
        see(up(2), up(3));

        electorate.majorityConfirmed(Set.of(1L, 2L, 3L), now + 1);

        assertThat(electorate.all()).contains(1L);
    }

    @Test
    void aNodeThatLeavesByItselfIsDropped() {
        see(up(1), up(2), up(3));
        see(new VotingMembers.GossipMember(1, "host1", true, true), up(2), up(3));
        assertThat(electorate.all()).contains(1L);

        see(up(2), up(3));

        assertThat(electorate.all()).containsExactlyInAnyOrder(2L, 3L);
    }

    @Test
    void aNodeWhoseProcessIsFollowedByAnotherOneIsDropped() {
        see(up(2), up(3));
        see(out(2), up(3));
        assertThat(electorate.all()).contains(2L);

        see(new VotingMembers.GossipMember(22, "host2", false, false), up(3));

        assertThat(electorate.all()).containsExactly(3L);
    }

    @Test
    void aDecisionDropsThoseThatItTakesOut() {
        see(up(1), up(3));
        electorate.survivorsDecided(Set.of(3L), now);
        assertThat(electorate.all()).contains(1L);

        see(out(1), up(3));

        assertThat(electorate.all()).containsExactly(3L);
    }

    @Test
    void aDecisionDropsThoseTooThatAreTakenOutAlready() {
        see(up(1), up(3));
        see(up(3));

        electorate.survivorsDecided(Set.of(3L), now);

        assertThat(electorate.all()).containsExactly(3L);
    }

    @Test
    void aDecisionSaysNothingOfWhoIsTakenOutLater() {
        see(up(1), up(3));
        electorate.survivorsDecided(Set.of(3L), now);
        now += DISMISSAL;

        see(up(3));

        assertThat(electorate.all()).contains(1L);
    }

    @Test
    void aNewMembershipBeginsWithNobody() {
        see(up(1), up(2), up(3));
        see(up(1), up(2));
        assertThat(electorate.all()).isEmpty();

        see(up(2), up(3));
        assertThat(electorate.all()).containsExactlyInAnyOrder(2L, 3L);
    }
}
