package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.observation.OverloadState.Mode;
import org.sipdispatch.proxy.AdmissionGate.Decision;

/** When a lane sheds: target 25 ms, a fifth of it while it sheds, interval 100 ms, silent after 300 ms. */
class AdmissionGateTest {
    private static final long MS = 1_000_000;

    private final AdmissionGate gate = gate(true);
    private final AdmissionGate.Source socket = gate.source(1);
    private long nowMs = 50_000;

    private static AdmissionGate gate(boolean isOn) {
        return new AdmissionGate(new OverloadSettings(
                isOn,
                Duration.ofMillis(25),
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofSeconds(1),
                List.of(),
                false));
    }

    /** Messages wait for this long in each turn of this time; a turn takes 1 ms. */
    private void waits(AdmissionGate.Source source, long ms, long forMs) {
        for (long end = nowMs + forMs; nowMs < end; ) {
            nowMs++;
            source.waited(ms * MS, ms * MS, nowMs * MS);
        }
    }

    private void isOverloaded() {
        waits(socket, 26, 102);
        assertThat(gate.isShedding()).isTrue();
    }

    private int refusedOf(int requests) {
        int refused = 0;
        for (int i = 0; i < requests; i++) {
            refused += gate.decide() == Decision.ADMIT ? 0 : 1;
        }
        return refused;
    }

    @Test
    void aQueueThatBecomesShortOnceInEachIntervalIsNoOverload() {
        for (int i = 0; i < 50; i++) {
            waits(socket, 90, 99);
            waits(socket, 5, 1);
        }

        assertThat(gate.isShedding()).isFalse();
        assertThat(gate.state()).isEqualTo(OverloadState.NORMAL);
    }

    @Test
    void aQueueThatIsLongerThanTheTargetForAWholeIntervalIsOverload() {
        waits(socket, 26, 100);
        assertThat(gate.isShedding()).isFalse();

        waits(socket, 26, 1);

        assertThat(gate.isShedding()).isTrue();
        assertThat(gate.decide()).isEqualTo(Decision.REFUSE);
        assertThat(gate.state().mode()).isEqualTo(Mode.REFUSING);
        assertThat(gate.waitedMs()).isEqualTo(26);
    }

    @Test
    void aQueueThatIsNeverEmptyButShortIsNoOverload() {
        for (int i = 0; i < 5000; i++) {
            nowMs++;
            socket.waited(i * MS, 25 * MS, nowMs * MS);
        }
        assertThat(gate.isShedding()).isFalse();
    }

    @Test
    void whileItShedsItTakesWhatComesWhenTheQueueIsShort() {
        isOverloaded();

        waits(socket, 5, 1);
        assertThat(gate.decide()).isEqualTo(Decision.ADMIT);

        waits(socket, 6, 1);
        assertThat(gate.decide()).isEqualTo(Decision.REFUSE);
    }

    @Test
    void oneOf32IsTakenEvenIfTheQueueIsAlwaysLong() {
        isOverloaded();

        assertThat(refusedOf(3200)).isEqualTo(3100);
    }

    @Test
    void requestsAreDroppedIfEvenRefusalsTakeTooLong() {
        isOverloaded();
        waits(socket, 300, 1);
        assertThat(gate.decide()).isEqualTo(Decision.REFUSE);

        waits(socket, 301, 1);

        assertThat(gate.decide()).isEqualTo(Decision.DROP);
        assertThat(gate.state().mode()).isEqualTo(Mode.DROPPING);
    }

    @Test
    void theShareOfTheLastSecondIsReported() {
        isOverloaded();
        refusedOf(320);
        waits(socket, 0, 1);
        assertThat(refusedOf(310)).isZero();

        waits(socket, 0, 1000);

        assertThat(gate.state()).isEqualTo(new OverloadState(Mode.REFUSING, 49));
    }

    @Test
    void itEndsAfterASecondInWhichLittleWasShed() {
        isOverloaded();
        refusedOf(32);
        waits(socket, 0, 1000);
        assertThat(gate.isShedding()).isTrue();

        refusedOf(1000);
        waits(socket, 6, 1);
        assertThat(refusedOf(90)).isGreaterThan(80);
        waits(socket, 0, 999);

        assertThat(gate.isShedding()).isFalse();
        assertThat(gate.state()).isEqualTo(OverloadState.NORMAL);
    }

    @Test
    void itDoesNotEndWhileTheQueueIsLong() {
        isOverloaded();

        waits(socket, 6, 5000);

        assertThat(gate.isShedding()).isTrue();
    }

    @Test
    void eachPlaceHasItsOwnTargetAndTheLongestWaitCounts() {
        AdmissionGate.Source tasks = gate.source(4);
        waits(tasks, 100, 200);
        assertThat(gate.isShedding()).isFalse();

        waits(tasks, 104, 102);
        waits(socket, 0, 1);

        assertThat(gate.isShedding()).isTrue();
        assertThat(gate.decide()).isEqualTo(Decision.REFUSE);
    }

    @Test
    void switchedOffItTakesAll() {
        AdmissionGate off = gate(false);
        AdmissionGate.Source queue = off.source(1);

        waits(queue, 400, 5000);

        assertThat(off.isShedding()).isFalse();
    }
}
