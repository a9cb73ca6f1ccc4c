package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipdispatch.limits.CallHold;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.TimerWheel;

class ActiveCallsTest {
    private static final long CALL = 7;
    private static final Destination CALLEE =
            new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "maxcalls=5", "");

    private final EventClock clock = new EventClock(() -> 0, 0);
    private final TimerWheel timers = new TimerWheel(0);
    private final LaneCounters lane = new LaneCounters(new Limits());
    private final DestinationCounters counters = lane.destinations().of(CALLEE, 0);
    private final NodeLimits limits = NodeLimits.ofOneNode(
            LimitSettings.from(
                    Section.root(ConfigFactory.load().getConfig("sip-dispatcher"))
                            .section("limits"),
                    "default",
                    Set.of("default")),
            0);
    private final ActiveCalls calls =
            new ActiveCalls(clock, timers, new LimitReporter(lane.limits(), clock, 0), limits, 10, 3_600_000, 32_000);

    private void passes(long ms) {
        clock.set(clock.nowMs() + ms);
        timers.advance(clock.nowMs());
    }

    private void answeredWithPlace() {
        limits.replace(List.of(SetView.of(new SetId("default", 1), List.of(new SetView.SetMember(CALLEE, true)))), 0);
        CallHold place = limits.take(List.of(limits.of(CALLEE)), 0).hold();
        calls.answered(CALL, counters, place, null);
        place.done();
    }

    private QualityCounts quality() {
        return LaneCounters.destinations(List.of(lane)).stream()
                .map(DestinationTraffic::quality)
                .findFirst()
                .orElse(QualityCounts.NONE);
    }

    private void ended(int count, long ms) {
        assertThat(quality().ended()).isEqualTo(count);
        assertThat(quality().callMs()).isEqualTo(ms);
        assertThat(lane.openCalls()).isZero();
    }

    @Test
    void aByeEndsACallOnce() {
        calls.answered(CALL, counters);
        passes(60_000);

        calls.ended(CALL);
        calls.ended(CALL);
        calls.endedElsewhere(CALL);

        ended(1, 60_000);
    }

    @Test
    void aByeThroughAnotherNodeEndsACallOnce() {
        answeredWithPlace();
        passes(60_000);

        calls.endedElsewhere(CALL);
        calls.endedElsewhere(CALL);
        calls.ended(CALL);

        ended(1, 60_000);
        assertThat(limits.uses(0).get(0).calls()).isZero();
    }

    @Test
    void theSecondCallOfAForkDoesNotTakeThePlacesOfTheSourceOver() {
        limits.replace(List.of(SetView.of(new SetId("default", 1), List.of(new SetView.SetMember(CALLEE, true)))), 0);
        CallHold ofSource = limits.take(List.of(limits.of(CALLEE)), 0).hold();
        calls.answered(CALL, counters, null, ofSource);
        calls.answered(CALL + 1, counters, null, ofSource);
        ofSource.done();

        calls.ended(CALL + 1);
        calls.byeAnswered(CALL + 1);
        assertThat(limits.uses(0).get(0).calls()).isOne();
        calls.ended(CALL);
        calls.byeAnswered(CALL);
        assertThat(limits.uses(0).get(0).calls()).isZero();
    }

    @Test
    void aSessionThatIsNotRefreshedHasNoKnownDuration() {
        answeredWithPlace();
        calls.refreshed(CALL, 90);

        passes(101_000);
        calls.ended(CALL);

        ended(0, 0);
        assertThat(limits.uses(0).get(0).calls()).isZero();
    }

    @Test
    void theSecondEndOfACallThatWasForgottenGivesBothPlacesBack() {
        answeredWithPlace();
        calls.ended(CALL);
        for (long other = 100; other < 100 + 3 * 65_536; other++) {
            calls.answered(other, counters);
            calls.ended(other);
        }
        answeredWithPlace();
        calls.ended(CALL);

        passes(33_000);

        assertThat(limits.uses(0).get(0).calls()).isZero();
    }
}
