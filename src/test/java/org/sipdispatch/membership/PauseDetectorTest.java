package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PauseDetectorTest {
    private static final Duration BOUND = Duration.ofSeconds(1);

    private long nanos = Long.MAX_VALUE - 5;
    private long wallMs = 1_700_000_000_000L;
    private final List<Long> noticed = new ArrayList<>();
    private final PauseDetector detector = new PauseDetector(BOUND, () -> nanos, () -> wallMs, noticed::add);

    /** Advances both clocks. */
    private void pass(long ms) {
        nanos += TimeUnit.MILLISECONDS.toNanos(ms);
        wallMs += ms;
    }

    @Test
    void aNoteThatIsAsOldAsTheBoundIsNoPause() {
        pass(1000);
        assertThat(detector.pauses()).isZero();

        detector.note();

        assertThat(detector.pauses()).isZero();
        assertThat(noticed).isEmpty();
        assertThat(detector.isUnconfirmed()).isFalse();
    }

    @Test
    void aNoteThatIsOlderIsAPauseAndReportedOnce() {
        pass(1001);

        detector.note();
        detector.note();
        pass(900);
        detector.note();

        assertThat(detector.pauses()).isEqualTo(1);
        assertThat(noticed).containsExactly(1L);
    }

    @Test
    void aPauseOfThisProcessIsDistinguishedFromOneThatOthersReportUntilItIsConfirmed() {
        detector.assume();
        assertThat(detector.isOnlyAssumed()).isTrue();
        pass(5000);
        detector.note();
        detector.assume();
        assertThat(detector.isOnlyAssumed()).isFalse();

        detector.confirm(3);

        assertThat(detector.isOnlyAssumed()).isTrue();
    }

    @Test
    void eachPauseIsCounted() {
        pass(5000);
        detector.note();
        pass(5000);
        detector.note();

        assertThat(noticed).containsExactly(1L, 2L);
    }

    @Test
    void whoeverAsksNoticesItBeforeTheThreadDoesAndItIsCountedOnce() {
        pass(5000);

        assertThat(detector.pauses()).isEqualTo(1);
        assertThat(detector.pauses()).isEqualTo(1);
        assertThat(noticed).isEmpty();

        detector.note();

        assertThat(detector.pauses()).isEqualTo(1);
        assertThat(noticed).containsExactly(1L);
    }

    @Test
    void aJumpOfTheWallClockAloneIsTheSleepOfAVirtualMachine() {
        pass(50);
        wallMs += 60_000;

        detector.note();
        pass(50);
        detector.note();

        assertThat(noticed).containsExactly(1L);
    }

    @Test
    void aWallClockThatIsSetBackOrALittleForwardIsNoPause() {
        wallMs -= 3_600_000;
        detector.note();
        wallMs += 1000;
        detector.note();

        assertThat(detector.pauses()).isZero();
        assertThat(noticed).isEmpty();
    }

    @Test
    void aPauseThatOthersTellOfCountsFromThisMoment() {
        pass(700);

        detector.assume();

        assertThat(detector.pauses()).isEqualTo(1);
        assertThat(detector.pausedAtNanos()).isEqualTo(nanos);
        assertThat(detector.isUnconfirmed()).isTrue();
        detector.note();
        assertThat(noticed).containsExactly(1L);
    }

    @Test
    void callsWaitUntilTheLastPauseIsConfirmed() {
        pass(5000);
        assertThat(detector.isUnconfirmed()).isTrue();
        detector.confirm(1);
        assertThat(detector.isUnconfirmed()).isFalse();

        pass(5000);
        detector.confirm(1);
        assertThat(detector.isUnconfirmed()).isTrue();

        detector.confirm(2);
        detector.confirm(1);
        assertThat(detector.isUnconfirmed()).isFalse();
    }

    @Test
    void aPauseIsRememberedForATime() {
        Duration time = Duration.ofMillis(700);
        assertThat(detector.pausedWithin(time)).isFalse();
        pass(5000);
        assertThat(detector.pausedWithin(time)).isTrue();

        pass(699);
        assertThat(detector.pausedWithin(time)).isTrue();
        pass(1);
        assertThat(detector.pausedWithin(time)).isFalse();
    }

    @Test
    void itsOwnThreadTellsOfAPauseThatAnAskerNoticed() throws InterruptedException {
        BlockingQueue<Long> reported = new LinkedBlockingQueue<>();
        try (PauseDetector running = PauseDetector.start(Duration.ofDays(1), reported::add)) {
            running.assume();

            assertThat(reported.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void afterAFaultOfTheListenerItGoesOn() throws InterruptedException {
        BlockingQueue<Long> reported = new LinkedBlockingQueue<>();
        try (PauseDetector running = PauseDetector.start(Duration.ofDays(1), count -> {
            reported.add(count);
            throw new IllegalStateException("the fault of a test");
        })) {
            running.assume();
            assertThat(reported.poll(30, TimeUnit.SECONDS)).isEqualTo(1);

            running.assume();
            assertThat(reported.poll(30, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }
}
