package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.LimitValues;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

class NodeLimitsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Destination LIMITED = destination("maxcalls=10;maxcps=100;pstn=2");

    private static Destination destination(String attrs) {
        return new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, attrs, "");
    }

    private static NodeLimits learned(NodeLimits limits, Destination destination) {
        SetView.SetMember member = new SetView.SetMember(destination, true);
        limits.replace(List.of(SetView.of(new SetId("default", 1), List.of(member))), 0);
        return limits;
    }

    private static NodeLimits ofThird() {
        return learned(NodeLimits.ofCluster(LimitSettings.NONE, 3, 2, 0), LIMITED);
    }

    private static NodeLimits.TakenPlaces take(NodeLimits limits, long nowNanos) {
        return limits.take(List.of(limits.of(LIMITED)), nowNanos);
    }

    private static int takeAll(NodeLimits limits, long nowNanos) {
        int taken = 0;
        while (take(limits, nowNanos).hold() != null) {
            taken++;
        }
        return taken;
    }

    @Test
    void aNodeOfItsOwnHasTheWholeLimit() {
        NodeLimits limits = learned(NodeLimits.ofOneNode(LimitSettings.NONE, 0), LIMITED);

        assertThat(takeAll(limits, 1)).isEqualTo(10);
        assertThat(take(limits, 1).mayWait()).isFalse();
        assertThat(limits.ofOtherNode(7)).isNull();
        assertThat(limits.uses(1))
                .containsExactly(new LimitUse(
                        LIMITED.id(),
                        CallLimits.Kind.DESTINATION,
                        limits.of(LIMITED).values(),
                        10,
                        0,
                        0,
                        0));
    }

    @Test
    void aCallWithoutAPlaceIsNoTrial() {
        Destination failing = destination("maxcalls=1;minasr=50");
        NodeLimits limits = learned(NodeLimits.ofOneNode(LimitSettings.NONE, 0), failing);
        List<CallLimits> needed = List.of(limits.of(failing));
        for (int i = 0; i < 20; i++) {
            limits.take(needed, 1).hold().done();
        }
        assertThat(limits.take(needed, 1).reached()).isEqualTo(CallLimits.Reached.ANSWERS);
        CallHold trial = limits.take(needed, 10 * SECOND).hold();
        assertThat(limits.take(needed, 20 * SECOND).reached()).isEqualTo(CallLimits.Reached.CALLS);

        trial.done();

        assertThat(limits.take(needed, 20 * SECOND).hold()).isNotNull();
    }

    @Test
    void aNodeOfAClusterWaitsForASecondAndHasItsPartThen() {
        NodeLimits limits = ofThird();

        assertThat(take(limits, SECOND).hold()).isNull();
        assertThat(take(limits, SECOND).mayWait()).isTrue();
        assertThat(takeAll(limits, SECOND + 1)).isEqualTo(3);
        assertThat(take(limits, SECOND + 1).mayWait()).isFalse();
    }

    @Test
    void aShareIsUsedUntilItsLeaseEnds() {
        NodeLimits limits = ofThird();
        limits.of(LIMITED).share().add(5, 0);
        limits.of(LIMITED).tokens().set(4);
        limits.leaseUntil(10 * SECOND);
        assertThat(take(limits, 10 * SECOND - 1).hold()).isNotNull();
        assertThat(limits.uses(10 * SECOND - 1).get(0).free()).isEqualTo(4);

        assertThat(take(limits, 10 * SECOND).hold()).isNull();
        assertThat(take(limits, 10 * SECOND).mayWait()).isTrue();
        limits.endLease(11 * SECOND);
        assertThat(take(limits, 12 * SECOND).hold()).isNull();
        assertThat(takeAll(limits, 12 * SECOND + 1)).isEqualTo(2);
    }

    @Test
    void whoWaitsIsResumedAndDoesNotWaitAgainForAMoment() {
        NodeLimits limits = ofThird();
        int[] resumed = {0};
        int[] noted = {0};
        limits.whenWaiting(() -> noted[0]++);
        limits.await(take(limits, 1), () -> resumed[0]++, 1);
        assertThat(noted[0]).isEqualTo(1);

        limits.resumeAll(2);

        assertThat(resumed[0]).isEqualTo(1);
        assertThat(take(limits, 2).mayWait()).isFalse();
        assertThat(take(limits, SECOND / 2).mayWait()).isTrue();
    }

    @Test
    void aCapacityIsALimitOnlyIfARuleAsksForIt() {
        NodeLimits limits =
                learned(NodeLimits.ofOneNode(LimitSettings.NONE.withResources(Set.of("pstn", "transc")), 0), LIMITED);

        assertThat(limits.of(LIMITED, null, List.of("pstn")))
                .extracting(CallLimits::values)
                .containsExactly(LimitValues.of(2, 0, 0));
        assertThat(limits.of(LIMITED, null, List.of("pstn", "transc"))).isNull();
        assertThat(learned(NodeLimits.ofOneNode(LimitSettings.NONE, 0), LIMITED).of(LIMITED, null, List.of("pstn")))
                .isNull();
    }

    @Test
    void limitsWithCallsStayWhenTheyAreNotDefinedAnyMore() {
        NodeLimits limits = learned(NodeLimits.ofOneNode(LimitSettings.NONE, 0), LIMITED);
        CallHold hold = take(limits, 1).hold();

        learned(limits, destination(""));
        assertThat(limits.of(LIMITED)).isNull();
        learned(limits, LIMITED);
        assertThat(limits.of(LIMITED).used()).isEqualTo(1);

        hold.done();
        assertThat(limits.of(LIMITED).used()).isZero();
    }

    @Test
    void aCallThatFindsNoPlaceUsesNoTokenOfAnotherLimit() {
        Destination gateway = destination("maxcps=2;burst=2;pstn=1");
        NodeLimits limits = learned(NodeLimits.ofOneNode(LimitSettings.NONE.withResources(Set.of("pstn")), 0), gateway);
        List<CallLimits> both = limits.of(gateway, limits.of(gateway), List.of("pstn"));
        CallHold hold = limits.take(both, 1).hold();
        assertThat(limits.take(both, 1).reached()).isEqualTo(CallLimits.Reached.CALLS);

        hold.done();

        assertThat(limits.take(both, 1).hold()).isNotNull();
    }

    @Test
    void aTokenOfAShareIsNotUsedEither() {
        Destination gateway = destination("maxcps=2;burst=2;pstn=1");
        NodeLimits limits =
                learned(NodeLimits.ofCluster(LimitSettings.NONE.withResources(Set.of("pstn")), 3, 0, 0), gateway);
        List<CallLimits> both = limits.of(gateway, limits.of(gateway), List.of("pstn"));
        both.get(0).tokens().set(1);
        limits.leaseUntil(SECOND);
        assertThat(limits.take(both, 1).reached()).isEqualTo(CallLimits.Reached.CALLS);

        assertThat(both.get(0).tokens()).hasValue(1);
    }
}
