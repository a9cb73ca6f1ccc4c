package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProjectionPaceTest {
    private static final long BEGIN = Long.MAX_VALUE - 5;
    private static final long LAST = TimeUnit.SECONDS.toNanos(30) - 1;

    private final ProjectionPace pace = new ProjectionPace(BEGIN);

    @Test
    void theJournalIsReadOftenForHalfAMinuteAfterTheStart() {
        assertThat(pace.pause(BEGIN)).isEqualTo(ProjectionPace.OFTEN);
        assertThat(pace.pause(BEGIN + LAST)).isEqualTo(ProjectionPace.OFTEN);
        assertThat(pace.pause(BEGIN + LAST + 1)).isEqualTo(ProjectionPace.RARELY);
    }

    @Test
    void eachChangeBeginsAnotherHalfMinute() {
        assertThat(pace.changed(BEGIN + LAST)).isFalse();
        assertThat(pace.pause(BEGIN + 2 * LAST)).isEqualTo(ProjectionPace.OFTEN);
        long laterNanos = BEGIN + 2 * LAST + 1;
        assertThat(pace.pause(laterNanos)).isEqualTo(ProjectionPace.RARELY);

        assertThat(pace.changed(laterNanos)).isTrue();
        assertThat(pace.changed(laterNanos)).isFalse();
        assertThat(pace.pause(laterNanos)).isEqualTo(ProjectionPace.OFTEN);
    }
}
