package org.sipdispatch.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The timers of RFC 3261 section 17.1. */
class RetransmissionTimerTest {
    private static List<Long> times(RetransmissionTimer repeats, long fromMs) {
        List<Long> times = new ArrayList<>();
        for (long nowMs = fromMs; !repeats.isOver(nowMs); nowMs += repeats.pauseMs(nowMs)) {
            if (repeats.isDue(nowMs)) {
                times.add(nowMs);
            }
        }
        return times;
    }

    @Test
    void anInviteIsRepeatedAtDoublingIntervals() {
        assertThat(times(RetransmissionTimer.ofInvite(0), 0))
                .containsExactly(500L, 1_500L, 3_500L, 7_500L, 15_500L, 31_500L);
    }

    @Test
    void anotherRequestIsRepeatedAtIntervalsUpToT2() {
        assertThat(times(RetransmissionTimer.ofOther(0), 0))
                .containsExactly(500L, 1_500L, 3_500L, 7_500L, 11_500L, 15_500L, 19_500L, 23_500L, 27_500L, 31_500L);
    }

    @Test
    void afterAProvisionalResponseAnInviteIsNotRepeatedAndMayRingForThreeMinutes() {
        RetransmissionTimer repeats = RetransmissionTimer.ofInvite(0);

        repeats.provisional(100);

        assertThat(times(repeats, 100)).isEmpty();
        assertThat(repeats.isOver(180_099)).isFalse();
        assertThat(repeats.isOver(180_100)).isTrue();
    }

    @Test
    void afterAProvisionalResponseAnotherRequestIsRepeatedEachT2() {
        RetransmissionTimer repeats = RetransmissionTimer.ofOther(0);

        repeats.provisional(100);

        assertThat(times(repeats, 100)).startsWith(500L, 4_500L, 8_500L);
        assertThat(repeats.isOver(32_000)).isTrue();
    }
}
