package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

class ShareHolderTest {
    private static final long NODE = 7;
    private static final long ALLOCATOR = 5;
    private static final long MS = 1_000_000;
    private static final int NODES = 3;
    private static final Destination LIMITED =
            new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "maxcalls=30", "");

    private long nowNanos = 1;
    private final NodeLimits limits = NodeLimits.ofCluster(LimitSettings.NONE, NODES, 0, nowNanos);
    private final ShareHolder holder = new ShareHolder(limits, NODE);

    private NodeLimits.TakenPlaces take() {
        return limits.take(List.of(limits.of(LIMITED)), nowNanos);
    }

    private ShareReport report() {
        nowNanos += 1000 * MS;
        limits.leaseUntil(nowNanos + 1500 * MS);
        return holder.report(NODES, Set.of(), nowNanos);
    }

    private void grant(ShareReport to, int places) {
        GrantLine line = new GrantLine(limits.of(LIMITED).name(), places, 0, 0);
        holder.granted(new ShareGrant(ALLOCATOR, to.pledge(), to.number(), false, List.of(line)), nowNanos);
    }

    /** The calls of its own part may be more than the limit together with those of the other nodes. */
    @Test
    void noCallBeginsInsteadOfOneOfItsOwnPartWithoutTheAllocator() {
        SetView.SetMember member = new SetView.SetMember(LIMITED, true);
        limits.replace(List.of(SetView.of(new SetId("default", 1), List.of(member))), nowNanos);
        nowNanos += 2000 * MS;
        List<CallHold> calls =
                IntStream.range(0, 10).mapToObj(call -> take().hold()).toList();
        assertThat(calls).doesNotContainNull();
        assertThat(take().hold()).isNull();

        holder.turnTo(ALLOCATOR);
        holder.lapsed();
        ShareReport first = report();
        assertThat(first.lines().get(0).held()).isEqualTo(10);
        calls.get(0).done();
        calls.get(1).done();
        assertThat(take().hold()).isNull();
        assertThat(take().mayWait()).isTrue();

        grant(first, 1);
        assertThat(take().hold()).isNotNull();
        assertThat(take().hold()).isNull();
        assertThat(report().lines().get(0).held()).isEqualTo(9);
    }
}
