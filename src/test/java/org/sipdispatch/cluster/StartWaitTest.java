package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StartWaitTest {
    private static final Duration MOMENT = Duration.ofMillis(5);

    private final StartWait wait = new StartWait();
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void itTellsNowAndThenUntilItEnds() {
        boolean known = wait.await(Duration.ofSeconds(60), MOMENT, () -> {
            if (calls.incrementAndGet() == 3) {
                wait.end();
            }
        });

        assertThat(known).isTrue();
        assertThat(calls).hasValue(3);
        assertThat(wait.isOver()).isTrue();
    }

    @Test
    void itIsBounded() {
        assertThat(wait.await(Duration.ofMillis(20), MOMENT, calls::incrementAndGet))
                .isFalse();
        assertThat(wait.await(Duration.ZERO, MOMENT, calls::incrementAndGet)).isFalse();
        assertThat(wait.isOver()).isFalse();
    }

    @Test
    void whatIsKnownAlreadyIsNotWaitedFor() {
        wait.end();

        assertThat(wait.await(Duration.ZERO, MOMENT, calls::incrementAndGet)).isTrue();
        assertThat(calls).hasValue(0);
    }
}
