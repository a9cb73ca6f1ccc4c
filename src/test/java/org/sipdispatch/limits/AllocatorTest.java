package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/** An allocator that takes over from a node that has died, of the three nodes 1 to 3. */
class AllocatorTest {
    private static final String LIMIT = "default:1:sip:10.0.0.1";
    private static final long REPORT_NANOS = Duration.ofMillis(100).toNanos();

    private final NodeLimits limits = limits();
    private final Allocator allocator = new Allocator(
            limits,
            2,
            new AnsweredCalls(),
            (node, poke) -> {},
            Duration.ofMillis(1500).toNanos());
    private long nowNanos = 1;
    private long number;

    private static NodeLimits limits() {
        NodeLimits limits = NodeLimits.ofCluster(LimitSettings.NONE, 3, 1, 1);
        Destination one = new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "maxcalls=100", "");
        limits.replace(List.of(SetView.of(new SetId("default", 1), List.of(new SetView.SetMember(one, true)))), 1);
        return limits;
    }

    private void voters(Set<Long> all) {
        allocator.voters(all, all, nowNanos);
    }

    /** Nodes 2 and 3 report, which have promised node 1 nothing lately; node 3 needs five places. */
    private int grantedToNode3() {
        number++;
        nowNanos += REPORT_NANOS;
        voters(Set.of(1L, 2L, 3L));
        allocator.report(new ShareReport(2, 2, 1, number, true, 0, List.of(), List.of()), nowNanos);
        ShareLine need = new ShareLine(LIMIT, 0, 5, 0, 0, 0, 0);
        ShareGrant grant =
                allocator.report(new ShareReport(3, 2, 1, number, true, 0, List.of(need), List.of()), nowNanos);
        return grant.lines().stream().mapToInt(GrantLine::places).sum();
    }

    @Test
    void itGivesPlacesAlthoughTheDeadNodeIsAVoterStill() {
        voters(Set.of(1L, 2L, 3L));

        assertThat(grantedToNode3()).isPositive();
    }

    @Test
    void theSameHoldsIfAnotherNodeWasRemovedDaysBefore() {
        voters(Set.of(1L, 2L, 3L, 4L));
        voters(Set.of(1L, 2L, 3L));
        nowNanos += Duration.ofDays(3).toNanos();
        allocator.begin();

        assertThat(grantedToNode3()).isPositive();
    }

    @Test
    void aNodeThatWasJustRemovedKeepsItsShare() {
        voters(Set.of(1L, 2L, 3L, 4L));
        voters(Set.of(1L, 2L, 3L));

        assertThat(grantedToNode3()).isZero();
    }
}
