package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.sipdispatch.history.HistorySamples.all;
import static org.sipdispatch.history.HistorySamples.order;

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSamples.Kind;

class RetentionTest {
    private static final long NOW = Duration.ofDays(1000).toMillis();
    private static final long OLD = NOW - Duration.ofDays(3).toMillis();

    private final Retention retention = new Retention(Duration.ofDays(2));

    @ParameterizedTest
    @EnumSource
    void theOldestGoAndTheRestHasNoGaps(Kind kind) throws Exception {
        try (Store store = HistorySamples.store(kind);
                Connection connection = store.connect()) {
            HistorySequence sequence = new HistorySequence(store.product());
            // The second entry has the time of a wrong clock; the fifth came late.
            write(sequence, connection, OLD, NOW * 2, OLD, NOW, OLD, NOW);

            assertThat(retention.step(connection, NOW, NOW)).isFalse();

            try (JdbcHistory history = JdbcHistory.open(store)) {
                assertThat(all(history)).extracting(HistoryEntry::id).containsExactly(4L, 5L, 6L);
                history.recordOrder(order("next"));
                await().ignoreExceptions().until(() -> all(history).size() == 4);
                assertThat(all(history).get(3).id()).isEqualTo(7);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyGoInSteps(Kind kind) throws Exception {
        try (Store store = HistorySamples.store(kind);
                Connection connection = store.connect()) {
            long[] times = new long[1500];
            java.util.Arrays.fill(times, OLD);
            write(new HistorySequence(store.product()), connection, times);

            assertThat(retention.step(connection, NOW, NOW)).isTrue();
            assertThat(retention.step(connection, NOW, NOW)).isFalse();

            try (JdbcHistory history = JdbcHistory.open(store)) {
                assertThat(all(history)).isEmpty();
            }
        }
    }

    @Test
    void howeverManyAWrongClockWroteTheyGoWithWhatCameBehindThem() throws Exception {
        try (Store store = HistorySamples.store(Kind.H2);
                Connection connection = store.connect()) {
            long[] times = new long[2502];
            java.util.Arrays.fill(times, NOW * 2);
            times[2500] = OLD;
            times[2501] = NOW;
            write(new HistorySequence(store.product()), connection, times);

            assertThat(retention.step(connection, NOW, NOW)).isFalse();

            try (JdbcHistory history = JdbcHistory.open(store)) {
                assertThat(all(history)).extracting(HistoryEntry::id).containsExactly(2502L);
            }
        }
    }

    /** For a clock that is years behind, all entries lie in the future. */
    @ParameterizedTest
    @EnumSource
    void aClockThatIsWrongDeletesNothing(Kind kind) throws Exception {
        try (Store store = HistorySamples.store(kind);
                Connection connection = store.connect()) {
            HistorySequence sequence = new HistorySequence(store.product());
            write(sequence, connection, OLD, NOW);

            long wrong = Duration.ofDays(1).toMillis();
            assertThat(retention.step(connection, wrong, wrong)).isFalse();
            assertThat(retention.step(connection, NOW * 2, NOW)).isFalse();
            assertThat(retention.step(connection, NOW, NOW * 2)).isFalse();

            try (JdbcHistory history = JdbcHistory.open(store)) {
                assertThat(all(history)).hasSize(2);
            }
            assertThat(sequence.nowMs(connection))
                    .isCloseTo(
                            System.currentTimeMillis(),
                            within(Duration.ofMinutes(1).toMillis()));
        }
    }

    @Test
    void aSweepThatFailedIsDoneAgainSoonAndOneThatIsNotOverAtOnce() {
        assertThat(HistoryProjectionActor.untilNextRetention(false, false)).isEqualTo(Duration.ofHours(1));
        assertThat(HistoryProjectionActor.untilNextRetention(true, false)).isEqualTo(Duration.ofMinutes(1));
        assertThat(HistoryProjectionActor.untilNextRetention(false, true)).isZero();
    }

    private static void write(HistorySequence sequence, Connection connection, long... times) throws Exception {
        List<PendingEntry> lines = new ArrayList<>();
        for (long atMs : times) {
            lines.add(new PendingEntry(
                    order("default:1:sip:a", "alice", atMs), "test", lines.size(), StatusVersion.NONE, atMs));
        }
        sequence.write(connection, held -> lines);
    }
}
