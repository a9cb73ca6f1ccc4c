package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Address;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Another node answers in two sessions. */
class NextSessionTest {
    private static final Address NODE = new Address("akka", "c", "10.0.0.2", 2552);

    private final ManualMembership membership = new ManualMembership();
    private final MembershipLease lease = membership.lease();

    private long ask() {
        return lease.joinable().asked(NODE);
    }

    private void saysOutside(long session) {
        lease.answered(session, ask(), false, false, false, List.of());
    }

    /** A node has a new number in each session. */
    @Test
    void aNodeInItsNextSessionDoesNotCountTwice() {
        saysOutside(21);
        lease.statusesReceived(21);
        membership.pass(Duration.ofMillis(1000));
        saysOutside(22);

        assertThat(lease.outside()).isEqualTo(1);
        assertThat(lease.answering()).isEqualTo(1);
        assertThat(lease.hasStatusesOfMajority(3)).isFalse();
        lease.statusesReceived(22);
        assertThat(lease.hasStatusesOfMajority(3)).isTrue();
        assertThat(lease.hasStatusesOfMajority(5)).isFalse();
    }

    @Test
    void aNodeWhoseNextSessionIsInAClusterIsNotOutside() {
        long asked = ask();
        membership.pass(Duration.ofMillis(500));
        lease.answered(22, ask(), false, true, true, List.of());

        lease.answered(21, asked, false, false, false, List.of());

        assertThat(lease.outside()).isZero();
    }
}
