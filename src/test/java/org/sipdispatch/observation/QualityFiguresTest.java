package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.QualityFigure;
import org.sipdispatch.sets.QualityOrder;
import org.sipdispatch.sets.QualitySettings;

class QualityFiguresTest {
    private static final QualitySettings SETTINGS =
            new QualitySettings(Duration.ofSeconds(100), 5, Map.of(), QualityOrder.NER);
    private static final String A = destination("a").id();

    private final LaneCounters one = new LaneCounters(new Limits());
    private final LaneCounters other = new LaneCounters(new Limits());
    private final List<byte[]> reports = new ArrayList<>();
    private final QualityFigures figures = new QualityFigures(List.of(one, other), SETTINGS, 7, reports::add, 0);
    private long nowMs;

    private static Destination destination(String name) {
        return new Destination("default", 1, "sip:" + name, null, 1, 0, "", "");
    }

    private static DestinationCounters counters(LaneCounters lane, String name) {
        return lane.destinations().of(destination(name), 0);
    }

    private static void call(LaneCounters lane, String name, CallOutcome outcome) {
        counters(lane, name).outcome(outcome, null);
    }

    private void passes(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nowMs += 1_000;
            figures.tick(nowMs);
        }
    }

    @Test
    void callsOfAllLanesCountAtOnce() {
        assertThat(figures.all()).isEmpty();
        call(one, "a", CallOutcome.ANSWERED);
        call(other, "a", CallOutcome.NOT_ANSWERED);
        call(other, "a", CallOutcome.FAILED);
        counters(one, "a").postDialDelay(1_500_000);
        counters(other, "a").callEnded(90_000);

        assertThat(figures.all()).isEqualTo(Map.of(A, new QualityCounts(3, 1, 2, 1, 1_500_000, 1, 90_000)));
        assertThat(figures.own()).isEqualTo(figures.all());
    }

    @Test
    void aLateAnswerTurnsAFailureIntoAnAnswer() {
        DestinationCounters counters = counters(one, "a");
        counters.outcome(CallOutcome.FAILED, null);
        counters.outcome(CallOutcome.ANSWERED, CallOutcome.FAILED);
        counters.outcome(CallOutcome.NOT_ANSWERED, null);
        counters.outcome(CallOutcome.ANSWERED, CallOutcome.NOT_ANSWERED);

        assertThat(figures.all().get(A)).isEqualTo(new QualityCounts(2, 2, 2, 0, 0, 0, 0));
    }

    @Test
    void callsLeaveTheWindowAfterItsLength() {
        call(one, "a", CallOutcome.ANSWERED);
        passes(60);
        call(one, "a", CallOutcome.FAILED);
        passes(40);
        assertThat(figures.all().get(A).seizures()).isEqualTo(2);

        passes(10);
        assertThat(figures.all().get(A)).isEqualTo(new QualityCounts(1, 0, 0, 0, 0, 0, 0));

        passes(60);
        assertThat(figures.all()).isEmpty();
        assertThat(figures.own()).isEmpty();
    }

    @Test
    void otherNodesCountUntilTheyAreSilent() {
        LaneCounters lane = new LaneCounters(new Limits());
        QualityFigures peer = new QualityFigures(List.of(lane), SETTINGS, 8, this::deliver, 0);
        call(lane, "a", CallOutcome.ANSWERED);
        call(lane, "b", CallOutcome.FAILED);
        call(one, "a", CallOutcome.FAILED);

        peer.tick(5_000);

        assertThat(figures.all().get(A)).isEqualTo(new QualityCounts(2, 1, 1, 0, 0, 0, 0));
        assertThat(figures.all()).containsKey(destination("b").id());
        assertThat(figures.own().get(A).seizures()).isOne();
        assertThat(figures.of(A, counters(one, "a").quality()).seizures()).isEqualTo(2);

        call(lane, "a", CallOutcome.ANSWERED);
        peer.tick(10_000);
        assertThat(figures.all().get(A).answers())
                .as("a report replaces the one before")
                .isEqualTo(2);

        passes(20);
        assertThat(figures.all().get(A).seizures()).isOne();
    }

    private void deliver(byte[] report) {
        assertThat(NodeReports.isQuality(report)).isTrue();
        assertThat(figures.receive(report, nowMs)).isTrue();
    }

    @Test
    void aNodeReportsEveryFiveSecondsAndNothingWithoutCalls() {
        List<Long> heard = new ArrayList<>();
        figures.afterEachReport(() -> heard.add(nowMs));

        passes(11);
        assertThat(reports).isEmpty();
        assertThat(heard).containsExactly(5_000L, 10_000L);

        call(one, "a", CallOutcome.ANSWERED);
        passes(5);
        assertThat(reports).hasSize(1);
        assertThat(QualityReport.read(reports.get(0)))
                .isEqualTo(new QualityReport(7, Map.of(A, new QualityCounts(1, 1, 1, 0, 0, 0, 0))));
    }

    @Test
    void aReportThatIsCutIsRefused() {
        QualityReport.write(7, Map.of(A, QualityCounts.NONE), reports::add);
        byte[] whole = reports.get(0);

        assertThat(figures.receive(java.util.Arrays.copyOf(whole, whole.length - 1), 0))
                .isFalse();
        assertThat(figures.receive(new byte[] {NodeReports.QUALITY, 1}, 0)).isFalse();
        assertThat(figures.all()).isEmpty();
    }

    /** Reports of thousands of destinations are several messages of limited size, which together have all. */
    @Property(tries = 20)
    void reportsAreComplete(@ForAll @IntRange(min = 0, max = 3_000) int destinations) {
        Map<String, QualityCounts> all = new HashMap<>();
        for (int i = 0; i < destinations; i++) {
            all.put(destination("gw" + i + ".example.com;transport=tls").id(), new QualityCounts(i, 2, 3, 4, 5, 6, 7));
        }
        Map<String, QualityCounts> read = new HashMap<>();

        QualityReport.write(9, all, report -> {
            assertThat(report.length).isLessThanOrEqualTo(60_000);
            read.putAll(QualityReport.read(report).byId());
        });

        assertThat(read).isEqualTo(all);
    }

    /** The window has exactly the calls of the last ten steps, and those of the current step. */
    @Property(tries = 100)
    void theWindowHasTheCallsOfTheLastSteps(@ForAll @Size(max = 40) List<@IntRange(min = 0, max = 9) Integer> calls) {
        // jqwik runs all tries on one object.
        QualityFiguresTest fresh = new QualityFiguresTest();
        for (int step = 0; step < calls.size(); step++) {
            for (int i = 0; i < calls.get(step); i++) {
                call(fresh.one, "a", CallOutcome.FAILED);
            }
            long sum = calls.subList(Math.max(0, step - 10), step + 1).stream()
                    .mapToLong(Integer::longValue)
                    .sum();
            assertThat(fresh.figures.all().getOrDefault(A, QualityCounts.NONE).seizures())
                    .isEqualTo(sum);
            fresh.passes(10);
        }
    }

    @Test
    void anAlarmIsRaisedOnceAndEndsWhenTheFigureIsBetterThanItsBound() {
        QualityAlarms alarms = new QualityAlarms(new QualitySettings(
                Duration.ofMinutes(15),
                10,
                Map.of(QualityFigure.ASR, 40.0, QualityFigure.PDD, 2_000.0),
                QualityOrder.NER));

        assertThat(alarms.changes(A, new QualityCounts(9, 0, 0, 0, 0, 0, 0))).isEmpty();
        assertThat(alarms.changes(A, new QualityCounts(120, 37, 90, 10, 30_000_000, 0, 0)))
                .extracting(QualityAlarms.Alarm::text)
                .containsExactlyInAnyOrder(
                        "ASR is 30.8 % of 120 calls, below 40.0 %", "PDD is 3000 ms of 10 calls, above 2000 ms");
        assertThat(alarms.changes(A, new QualityCounts(120, 30, 90, 10, 30_000_000, 0, 0)))
                .isEmpty();
        assertThat(alarms.changes(A, QualityCounts.NONE))
                .as("without calls nothing changes")
                .isEmpty();
        assertThat(alarms.changes(A, new QualityCounts(100, 41, 90, 10, 20_000_000, 0, 0)))
                .isEmpty();
        assertThat(alarms.changes(A, new QualityCounts(100, 42, 90, 10, 19_000_000, 0, 0)))
                .extracting(QualityAlarms.Alarm::bad, QualityAlarms.Alarm::text)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple(
                                false, "ASR is 42.0 % of 100 calls, which was below 40.0 %"),
                        org.assertj.core.groups.Tuple.tuple(
                                false, "PDD is 1900 ms of 10 calls, which was above 2000 ms"));
    }

    @Test
    void aDestinationThatIsRemovedIsForgotten() {
        QualityAlarms alarms = new QualityAlarms(
                new QualitySettings(Duration.ofMinutes(15), 10, Map.of(QualityFigure.ASR, 40.0), QualityOrder.NER));
        QualityCounts bad = new QualityCounts(100, 1, 1, 0, 0, 0, 0);
        assertThat(alarms.changes(A, bad)).hasSize(1);

        alarms.retain(List.of());

        assertThat(alarms.changes(A, bad)).hasSize(1);
    }

    @Test
    void aRestIsToldWithItsRemainingTime() {
        BackoffReport report = new BackoffReport("default:1:sip:ä", 4_000);

        assertThat(NodeReports.isBackoff(report.bytes())).isTrue();
        assertThat(NodeReports.isQuality(report.bytes())).isFalse();
        assertThat(BackoffReport.read(report.bytes())).isEqualTo(report);
        assertThat(BackoffReport.read(new byte[] {NodeReports.BACKOFF, 0, 0})).isNull();
        assertThat(BackoffReport.read(new BackoffReport("x", 0).bytes())).isNull();
    }
}
