package org.sipdispatch.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.FigureChanges;
import org.sipdispatch.settings.SettingException;

class PushedFiguresTest {
    private static final Destination A = new Destination("default", 1, "sip:GW@10.0.0.1:5060", null, 1, 0, "", "");

    private record Later(long atMs, Runnable task) {}

    private final class ManualTimer implements PushedFigures.FigureTimer {
        @Override
        public long nowMs() {
            return nowMs;
        }

        @Override
        public void after(long delayMs, Runnable task) {
            later.add(new Later(nowMs + delayMs, task));
        }
    }

    private final List<Later> later = new ArrayList<>();
    private final PushedFigures figures = new PushedFigures(new ManualTimer());
    private long nowMs;

    private void passes(long ms) {
        nowMs += ms;
        List<Later> due = later.stream().filter(one -> one.atMs <= nowMs).toList();
        later.removeAll(due);
        due.forEach(one -> one.task.run());
    }

    private static PushedFigure figure(long value, long pushedAtMs) {
        return PushedFigure.of(Map.of("SIP:gw@10.0.0.1:5060", value), 30_000, pushedAtMs, "ann");
    }

    @Test
    void aReaderSeesTheNewestValue() {
        LongSupplier load = figures.reader("load", A);
        assertThat(load.getAsLong()).isZero();

        figures.learn("load", figure(7, 1));
        assertThat(load.getAsLong()).isEqualTo(7);
        figures.learn("load", figure(-3, 2));
        assertThat(load.getAsLong()).isEqualTo(-3);
        assertThat(figures.reader("other", A).getAsLong()).isZero();
    }

    @Test
    void aPushOrItsExpiryIsAChange() {
        FigureChanges changes = figures.changes("load");
        assertThat(changes.take(member -> {})).isFalse();
        assertThat(changes.take(member -> {})).isTrue();

        figures.learn("load", figure(7, 1));
        assertThat(changes.take(member -> {})).isFalse();
        assertThat(changes.take(member -> {})).isTrue();
        passes(30_000);
        assertThat(changes.take(member -> {})).isFalse();
    }

    @Test
    void valuesExpireUnlessTheyArePushedAgain() {
        LongSupplier load = figures.reader("load", A);
        figures.learn("load", figure(7, 1));
        passes(20_000);
        figures.learn("load", figure(7, 2));

        passes(29_999);
        assertThat(load.getAsLong()).isEqualTo(7);
        passes(1);
        assertThat(load.getAsLong()).isZero();
        assertThat(figures.all()).isEmpty();
    }

    @Test
    void aShorterLifetimeEndsEarlier() {
        LongSupplier load = figures.reader("load", A);
        figures.learn("load", figure(7, 1));
        figures.learn("load", PushedFigure.of(Map.of(A.uri(), 8L), 1_000, 2, "ann"));

        passes(1_000);
        assertThat(load.getAsLong()).isZero();
    }

    @Test
    void manyPushesHaveOneCheckAndTheSamePushDoesNotLiveLonger() {
        for (int i = 0; i < 100; i++) {
            figures.learn("load", figure(7, i));
        }
        assertThat(later).hasSize(1);

        passes(10_000);
        figures.learn("load", figure(7, 99));
        passes(20_000);
        assertThat(figures.all()).isEmpty();
    }

    @Test
    void aFigureThatIsRemovedIsGoneAtOnce() {
        figures.learn("load", figure(7, 1));
        figures.forget("load", figure(6, 1));
        assertThat(figures.all()).containsKey("load");

        figures.forget("load", figure(7, 1));
        assertThat(figures.all()).isEmpty();
    }

    @Test
    void aPushOutsideTheClusterIsRefused() {
        assertThat(figures.push("load", figure(7, 1)))
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aPushThatDoesNotFitIsRefused() {
        Map<String, Long> many = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            many.put("sip:gateway-with-a-long-name-" + i + ".example.net", 1L);
        }

        assertThat(figures.push("load", PushedFigure.of(many, 1000, 1, "ann")))
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(SettingException.class)
                .withMessageContaining("(expected: 262144 at most)");

        for (int i = 0; i < 32; i++) {
            figures.learn("figure" + i, figure(1, 1));
        }
        assertThat(figures.push("one-more", figure(1, 1)))
                .failsWithin(java.time.Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .withMessageStartingWith("figures: 33 (expected: 32 at most");
    }
}
