package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationLoad;
import org.sipdispatch.sets.FigureChanges;
import org.sipdispatch.sets.MeasuredFigure;
import org.sipdispatch.sets.QualitySettings;

class MeasuredFiguresTest {
    private static final Destination A = new Destination("default", 1, "sip:10.0.0.1", null, 1, 0, "", "");

    private final LaneCounters one = new LaneCounters(new Limits());
    private final LaneCounters other = new LaneCounters(new Limits());
    private final MeasuredFigures figures = new MeasuredFigures(
            List.of(one, other), new QualityFigures(List.of(one, other), QualitySettings.DEFAULT, 1, report -> {}, 0));

    private static DestinationCounters sent(LaneCounters lane) {
        DestinationCounters counters = lane.destinations().of(A, 0);
        lane.destinations().sent(counters, 0);
        return counters;
    }

    @Test
    void callsInFlightAreThoseOfAllLanesNow() {
        LongSupplier inFlight = figures.reader(MeasuredFigure.IN_FLIGHT, A);
        assertThat(inFlight.getAsLong()).isZero();

        sent(one).addRinging(2);
        sent(other).addOpenCalls(3);
        assertThat(inFlight.getAsLong()).isEqualTo(5);

        sent(one).addRinging(-1);
        assertThat(inFlight.getAsLong()).isEqualTo(4);
    }

    @Test
    void destinationsThatAreListedLaterAreFoundWhereverTheyMove() {
        LongSupplier inFlight = figures.reader(MeasuredFigure.IN_FLIGHT, A);
        for (int i = 0; i < 100; i++) {
            Destination destination = new Destination("default", 2, "sip:10.0.0." + i, null, 1, 0, "", "");
            one.destinations().of(destination, 0).addOpenCalls(1);
            assertThat(inFlight.getAsLong()).isEqualTo(i < 50 ? 0 : 7);
            if (i == 49) {
                sent(one).addOpenCalls(7);
            }
        }
    }

    @Test
    void aSampleChangesTheFiguresOfTheLastSeconds() {
        FigureChanges changes = figures.changes(MeasuredFigure.LATENCY_MS, List.of(A));
        assertThat(changes.take(member -> {})).isFalse();
        assertThat(changes.take(member -> {})).isTrue();

        figures.sample();

        assertThat(changes.take(member -> {})).isFalse();
    }

    @Test
    void figuresOfTheLastSecondsAreSampled() {
        LongSupplier rate = figures.reader(MeasuredFigure.REQUESTS_PER_SECOND, A);
        LongSupplier latency = figures.reader(MeasuredFigure.LATENCY_MS, A);
        LongSupplier unanswered = figures.reader(MeasuredFigure.UNANSWERED_PERCENT, A);
        figures.sample();

        sent(one).firstReplyAfter(40_000);
        sent(one).replied(200);
        sent(other).firstReplyAfter(20_000);
        sent(other).replied(503);
        figures.sample();

        assertThat(rate.getAsLong()).isEqualTo(4);
        assertThat(latency.getAsLong()).isEqualTo(30);
        assertThat(unanswered.getAsLong()).isEqualTo(50);
    }

    @Test
    void theLoadIsThatOfAllLanes() {
        DestinationLoad load = figures.load(A);
        assertThat(load.inFlight()).isZero();
        assertThat(load.latencyMicros()).isZero();

        sent(one).addRinging(2);
        sent(other).addOpenCalls(3);
        sent(one).firstReplyAfter(10_000);
        sent(other).firstReplyAfter(30_000);
        assertThat(load.inFlight()).isEqualTo(5);
        long samples = figures.samples();
        figures.sample();

        assertThat(figures.samples()).isEqualTo(samples + 1);
        assertThat(load.latencyMicros()).isEqualTo(20_000);
        assertThat(load.usualLatencyMicros()).isEqualTo(20_000);
        for (int second = 0; second < 10; second++) {
            assertThat(load.isIdle()).isFalse();
            figures.sample();
        }
        assertThat(load.isIdle()).isTrue();
        sent(other);
        assertThat(load.isIdle()).isFalse();
    }
}
