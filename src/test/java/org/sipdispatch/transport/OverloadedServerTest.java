package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.proxy.AdmissionGate;
import org.sipdispatch.proxy.OverloadSettings;

/**
 * The admission of a simulated server, whose callers repeat their requests like those of RFC 3261. All times are
 * microseconds of the simulation. A call costs 100 µs: 60 for its request and 40 for the response; its refusal 3 µs,
 * and a datagram that is dropped, or belongs to a call that is known, 2 µs.
 */
class OverloadedServerTest {
    private static final int CALLS_PER_SECOND = 10_000;
    private static final int BUFFER = 2_000;
    private static final int SECOND = 1_000_000;
    private static final int[] REPETITIONS = {500_000, 1_500_000, 3_500_000};

    private enum State {
        OFFERED,
        TAKEN,
        COMPLETED,
        REFUSED
    }

    private static final class Call {
        private State state = State.OFFERED;
    }

    private record Datagram(long atMicros, Call call, boolean isResponse) {}

    private final SplittableRandom random = new SplittableRandom(7);
    private final PriorityQueue<Datagram> coming = new PriorityQueue<>(Comparator.comparingLong(Datagram::atMicros));
    private final Deque<Datagram> buffer = new ArrayDeque<>();
    private final ReadProgress progress = new ReadProgress(BUFFER, BUFFER, 0);
    private AdmissionGate gate;
    private AdmissionGate.Source queue;
    private long nowMicros;
    private int completed;
    private int refused;

    private void server(boolean sheds) {
        gate = new AdmissionGate(new OverloadSettings(
                sheds,
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(300),
                Duration.ofSeconds(1),
                List.of(),
                false));
        queue = gate.source(1);
    }

    /** Calls that begin at random during these seconds, {@code load} times as many as the server can complete. */
    private void offer(double load, int fromSecond, int seconds) {
        int calls = (int) (load * CALLS_PER_SECOND * seconds);
        for (int i = 0; i < calls; i++) {
            long at = fromSecond * (long) SECOND + random.nextInt(seconds * SECOND);
            Call call = new Call();
            coming.add(new Datagram(at, call, false));
            for (int after : REPETITIONS) {
                coming.add(new Datagram(at + after, call, false));
            }
        }
    }

    /** What comes until now waits in the buffer, or is lost if the buffer is full. Nobody repeats what was answered. */
    private void arrive() {
        while (!coming.isEmpty() && coming.peek().atMicros <= nowMicros) {
            Datagram next = coming.remove();
            boolean isNeeded =
                    next.isResponse ? next.call.state == State.TAKEN : next.call.state.compareTo(State.COMPLETED) < 0;
            if (isNeeded && buffer.size() < BUFFER) {
                buffer.add(next);
            } else if (isNeeded && next.isResponse) {
                // The destination repeats it.
                coming.add(new Datagram(next.atMicros + 500_000, next.call, true));
            }
        }
    }

    private void handle(Datagram datagram) {
        Call call = datagram.call;
        if (datagram.isResponse) {
            nowMicros += 40;
            call.state = State.COMPLETED;
            completed++;
        } else if (call.state != State.OFFERED) {
            nowMicros += 2;
        } else {
            handleNew(call);
        }
    }

    private void handleNew(Call call) {
        AdmissionGate.Decision decision = gate.isShedding() ? gate.decide() : AdmissionGate.Decision.ADMIT;
        switch (decision) {
            case ADMIT -> {
                nowMicros += 60;
                call.state = State.TAKEN;
                coming.add(new Datagram(nowMicros + 1_000, call, true));
            }
            case REFUSE -> {
                nowMicros += 3;
                call.state = State.REFUSED;
                refused++;
            }
            case DROP -> nowMicros += 2;
        }
    }

    private void runUntil(int second) {
        while (nowMicros < second * (long) SECOND) {
            arrive();
            progress.begin(nowMicros * 1000, Long.MAX_VALUE);
            queue.waited(progress.waitedNanos(), progress.aboutNanos(buffer.size()), nowMicros * 1000);
            int read = 0;
            while (read < 64 && !buffer.isEmpty()) {
                handle(buffer.remove());
                read++;
                arrive();
            }
            progress.end(read, read, read < 64);
            nowMicros += 10;
        }
    }

    private double completedShare(boolean sheds, double load) {
        server(sheds);
        offer(load, 0, 7);
        runUntil(2);
        int before = completed;
        runUntil(7);
        return (completed - before) / (5.0 * CALLS_PER_SECOND);
    }

    @ParameterizedTest
    @CsvSource({"1.2", "1.5", "2", "3"})
    void itCompletesNineTenthsOfWhatItCan(double load) {
        assertThat(completedShare(true, load)).isGreaterThan(0.9);
    }

    @Test
    void withoutAdmissionItCompletesMuchLess() {
        assertThat(completedShare(false, 3)).isLessThan(0.75);
    }

    @ParameterizedTest
    @CsvSource({"0.5", "0.9"})
    void itRefusesNothingThatItCanComplete(double load) {
        assertThat(completedShare(true, load)).isGreaterThan(0.95 * load);
        assertThat(refused).isZero();
    }

    @Test
    void twoSecondsAfterTheOverloadItTakesAllAgain() {
        server(true);
        offer(3, 0, 5);
        offer(0.7, 5, 5);
        runUntil(5);
        assertThat(gate.isShedding()).isTrue();

        runUntil(7);
        int before = refused;
        runUntil(10);

        assertThat(gate.state()).isEqualTo(OverloadState.NORMAL);
        assertThat(refused).isEqualTo(before);
    }
}
