package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.sipdispatch.sets.Algorithm.QUALITY;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures of quality, their bounds, and the algorithm that compares them. */
class QualitySelectionTest {
    private static final int PICKS = 10_000;

    /** Of 100 calls: answers, effective ones; delays of so many ms, ended calls of so many seconds. */
    private static QualityCounts calls(int answers, int effective, int delayMs, int seconds) {
        return new QualityCounts(100, answers, effective, 100, 100_000L * delayMs, 100, 100_000L * seconds);
    }

    private static LoadSettings orderBy(QualityOrder order, Map<QualityFigure, Double> bounds) {
        return new LoadSettings(4, List.of(), new QualitySettings(Duration.ofMinutes(15), 50, bounds, order));
    }

    private static LoadedSet set(QualityOrder order, Map<QualityFigure, Double> bounds, QualityCounts... counts) {
        LoadedSet set = LoadedSet.ofMany(counts.length, "1 0 -").with(orderBy(order, bounds));
        for (int i = 0; i < counts.length; i++) {
            set.load(i).quality = counts[i];
        }
        return set;
    }

    @Test
    void figuresAreMeansOfTheirCalls() {
        QualityCounts counts = new QualityCounts(200, 82, 150, 90, 108_000_000, 40, 3_724_000);

        assertThat(QualityFigure.ASR.of(counts)).isEqualTo(41);
        assertThat(QualityFigure.NER.of(counts)).isEqualTo(75);
        assertThat(QualityFigure.PDD.of(counts)).isEqualTo(1200);
        assertThat(QualityFigure.ACD.of(counts)).isCloseTo(93.1, within(1e-9));
        assertThat(QualityFigure.ASR.text(41)).isEqualTo("41.0 %");
        assertThat(QualityFigure.PDD.text(1200)).isEqualTo("1200 ms");
        assertThat(QualityFigure.ACD.of(QualityCounts.NONE)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"ASR, 0 0 10000", "NER, 10000 0 0", "PDD, 0 10000 0", "ACD, 10000 0 0"})
    void theBestFigureGetsAllCalls(QualityOrder order, String expected) {
        LoadedSet set =
                set(order, Map.of(), calls(30, 99, 3_000, 300), calls(40, 50, 900, 30), calls(60, 70, 4_000, 10));

        assertThat(set.counts(QUALITY, PICKS))
                .containsExactly(java.util.Arrays.stream(expected.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    @Test
    void similarFiguresShareByWeight() {
        LoadedSet set = LoadedSet.of(3, 1, 4).with(orderBy(QualityOrder.NER, Map.of()));
        set.load(0).quality = calls(50, 94, 1, 1);
        set.load(1).quality = calls(50, 90, 1, 1);
        set.load(2).quality = calls(50, 89, 1, 1);

        int[] counts = set.counts(QUALITY, PICKS);

        assertThat(counts[0]).isCloseTo(PICKS * 3 / 4, within(10));
        assertThat(counts[1]).isCloseTo(PICKS / 4, within(10));
        assertThat(set.select(QUALITY, "F")).hasSize(3).endsWith(2);
    }

    /** Otherwise it would never get the calls that show how good it is. */
    @Test
    void aDestinationOfWhichTooLittleIsKnownIsOneOfTheBest() {
        QualityCounts few = new QualityCounts(49, 0, 0, 49, 490_000_000, 49, 0);
        LoadedSet set = set(QualityOrder.ASR, Map.of(), calls(20, 20, 1, 1), few, calls(80, 80, 1, 1));

        int[] counts = set.counts(QUALITY, PICKS);

        assertThat(counts[0]).isZero();
        assertThat(counts[1]).isCloseTo(PICKS / 2, within(10));
        assertThat(set(QualityOrder.ASR, Map.of(), few, few).counts(QUALITY, PICKS)[0])
                .isCloseTo(PICKS / 2, within(10));
    }

    @Test
    void theOneWithFewestFiguresBeyondTheirBoundsIsFirst() {
        Map<QualityFigure, Double> bounds = Map.of(QualityFigure.ASR, 40.0, QualityFigure.PDD, 2_000.0);
        LoadedSet set = set(
                QualityOrder.BOUNDS, bounds, calls(30, 99, 3_000, 9), calls(45, 50, 1_900, 9), calls(90, 95, 2_100, 9));

        assertThat(set.select(QUALITY, "F")).containsExactly(1, 2, 0);
    }

    @Test
    void aFigureThatChangesIsFollowed() {
        LoadedSet set = set(QualityOrder.NER, Map.of(), calls(50, 90, 1, 1), calls(50, 50, 1, 1));
        assertThat(set.counts(QUALITY, 100)).containsExactly(100, 0);

        set.load(0).quality = calls(50, 20, 1, 1);
        set.measured();

        assertThat(set.counts(QUALITY, 100)).containsExactly(0, 100);
        assertThat(set.why(QUALITY, "").get(1))
                .contains("ASR 50.0 %, NER 50.0 %, PDD 1 ms, ACD 1 s of 100 calls, weight 1");
    }

    @Test
    void aBoundConcernsFiguresOfEnoughCallsOnly() {
        QualitySettings settings = new QualitySettings(
                Duration.ofMinutes(15),
                50,
                Map.of(QualityFigure.ASR, 40.0, QualityFigure.PDD, 2_000.0),
                QualityOrder.NER);

        assertThat(settings.isBad(QualityFigure.ASR, calls(39, 99, 1, 1))).isTrue();
        assertThat(settings.isBad(QualityFigure.ASR, calls(40, 99, 1, 1))).isFalse();
        assertThat(settings.isBad(QualityFigure.NER, calls(0, 0, 1, 1))).isFalse();
        assertThat(settings.isBad(QualityFigure.PDD, calls(0, 0, 2_001, 1))).isTrue();
        assertThat(settings.isBad(QualityFigure.ASR, new QualityCounts(49, 0, 0, 0, 0, 0, 0)))
                .isFalse();
        // A twentieth better than 40 % is 42 %, than 2000 ms 1900 ms.
        assertThat(settings.hasRecovered(QualityFigure.ASR, calls(41, 99, 1, 1)))
                .isFalse();
        assertThat(settings.hasRecovered(QualityFigure.ASR, calls(42, 99, 1, 1)))
                .isTrue();
        assertThat(settings.hasRecovered(QualityFigure.PDD, calls(0, 0, 1_950, 1)))
                .isFalse();
        assertThat(settings.hasRecovered(QualityFigure.PDD, calls(0, 0, 1_900, 1)))
                .isTrue();
        assertThat(settings.hasRecovered(QualityFigure.ASR, new QualityCounts(49, 49, 49, 0, 0, 0, 0)))
                .isFalse();
    }

    /** A better figure is never in a later tier. */
    @Property
    void tiersFollowTheFigures(
            @ForAll QualityOrder order,
            @ForAll @IntRange(min = 50, max = 1_000) int calls,
            @ForAll @IntRange(min = 0, max = 1_000) int one,
            @ForAll @IntRange(min = 0, max = 1_000) int other,
            @ForAll @LongRange(min = 0, max = 400_000_000_000L) long sum,
            @ForAll @LongRange(min = 0, max = 400_000_000_000L) long otherSum) {
        QualitySettings settings = new QualitySettings(
                Duration.ofMinutes(15), 50, Map.of(QualityFigure.ACD, 30.0, QualityFigure.NER, 50.0), order);
        QualityCounts better = new QualityCounts(
                calls,
                Math.max(one, other) % (calls + 1),
                Math.min(calls, Math.max(one, other)),
                calls,
                Math.min(sum, otherSum),
                calls,
                Math.max(sum, otherSum));
        QualityCounts worse = new QualityCounts(
                calls,
                Math.min(Math.min(one, other), better.answers() > 0 ? (int) better.answers() : 0),
                Math.min(calls, Math.min(one, other)),
                calls,
                Math.max(sum, otherSum),
                calls,
                Math.min(sum, otherSum));

        assertThat(order.tier(better, settings))
                .isLessThanOrEqualTo(order.tier(worse, settings))
                .isBetween(-(1L << 30), 1L << 30);
    }
}
