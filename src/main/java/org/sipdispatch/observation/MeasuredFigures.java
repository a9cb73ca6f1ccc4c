package org.sipdispatch.observation;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.DestinationLoad;
import org.sipdispatch.sets.FigureChanges;
import org.sipdispatch.sets.MeasuredFigure;
import org.sipdispatch.sets.QualityCounts;

/**
 * The figures that a node measures for destinations, over all its lanes. A reader reads the lanes' counters or, for
 * figures of the last seconds, one number that {@link #sample} computes. Thread-safe.
 */
public final class MeasuredFigures {
    /** A window, and the counters from which it is computed. A view that is replaced drops its readers of the window. */
    private record Sampled(DestinationLaneCounters counters, WeakReference<FigureWindow> window) {}

    private final List<LaneCounters> lanes;
    private final QualityFigures quality;
    private final Map<String, Sampled> sampled = new HashMap<>();
    /** Written by one thread at a time. */
    private volatile long samples;

    /**
     * Creates an object without readers.
     *
     * @param lanes complete before the first reader is created
     * @param quality the figures of the same lanes
     */
    public MeasuredFigures(List<LaneCounters> lanes, QualityFigures quality) {
        this.lanes = lanes;
        this.quality = quality;
    }

    /** A reader of a figure of this destination, see {@link org.sipdispatch.sets.DestinationFacts#reader}. */
    public LongSupplier reader(MeasuredFigure figure, Destination destination) {
        return switch (figure) {
            case IN_FLIGHT -> inFlight(new DestinationLaneCounters(lanes, destination.id()));
            case REQUESTS_PER_SECOND -> window(destination.id())::requestsPerSecond;
            case LATENCY_MS -> window(destination.id())::latencyMs;
            case UNANSWERED_PERCENT -> window(destination.id())::unansweredPercent;
        };
    }

    /** See {@link org.sipdispatch.sets.DestinationFacts#changes}. */
    public FigureChanges changes(MeasuredFigure figure, List<Destination> members) {
        return switch (figure) {
            case IN_FLIGHT -> new CallChanges(lanes, members);
            case REQUESTS_PER_SECOND, LATENCY_MS, UNANSWERED_PERCENT -> new SampleChanges();
        };
    }

    /** All figures of the last seconds change at once. */
    private final class SampleChanges implements FigureChanges {
        private long seen = -1;

        @Override
        public boolean take(IntConsumer changed) {
            long before = seen;
            seen = samples;
            return seen == before;
        }
    }

    private static LongSupplier inFlight(DestinationLaneCounters counters) {
        return () -> counters.sum(found -> found.openCalls() + found.ringing());
    }

    /** The load of this destination, see {@link org.sipdispatch.sets.DestinationFacts#load}. */
    public DestinationLoad load(Destination destination) {
        return new MeasuredLoad(destination.id());
    }

    private final class MeasuredLoad implements DestinationLoad {
        private final String id;
        private final DestinationLaneCounters counters;
        /** Null until a latency is read: most algorithms need only the counters. */
        private volatile FigureWindow window;

        MeasuredLoad(String id) {
            this.id = id;
            counters = new DestinationLaneCounters(lanes, id);
        }

        private FigureWindow known() {
            FigureWindow known = window;
            if (known == null) {
                known = window(id);
                window = known;
            }
            return known;
        }

        @Override
        public long inFlight() {
            return counters.sum(found -> found.openCalls() + found.ringing());
        }

        @Override
        public long latencyMicros() {
            return known().presentLatencyMicros();
        }

        @Override
        public long usualLatencyMicros() {
            return known().usualLatencyMicros();
        }

        @Override
        public QualityCounts quality() {
            QualityCounts sinceStart = QualityCounts.NONE;
            for (int lane = 0; lane < counters.size(); lane++) {
                DestinationCounters found = counters.in(lane);
                sinceStart = found == null ? sinceStart : sinceStart.plus(found.quality());
            }
            return quality.of(id, sinceStart);
        }

        @Override
        public boolean isIdle() {
            return known().isIdle(counters.sum(DestinationCounters::requests));
        }
    }

    private synchronized FigureWindow window(String id) {
        Sampled known = sampled.get(id);
        FigureWindow window = known == null ? null : known.window().get();
        if (window == null) {
            window = new FigureWindow();
            sampled.put(id, new Sampled(new DestinationLaneCounters(lanes, id), new WeakReference<>(window)));
        }
        return window;
    }

    /** Computes the figures of the last seconds; call once a second. Does nothing while no reader uses one. */
    public void sample() {
        used().forEach(one -> {
            FigureWindow window = one.window().get();
            if (window != null) {
                window.add(totals(one.counters()));
            }
        });
        samples++;
    }

    /** How often the figures of the last seconds have been computed. */
    public long samples() {
        return samples;
    }

    private synchronized List<Sampled> used() {
        sampled.values().removeIf(one -> one.window().get() == null);
        return List.copyOf(sampled.values());
    }

    private static FigureWindow.Totals totals(DestinationLaneCounters counters) {
        FigureWindow.Totals sum = FigureWindow.Totals.NONE;
        for (int lane = 0; lane < counters.size(); lane++) {
            DestinationCounters found = counters.in(lane);
            sum = found == null ? sum : sum.plus(found.totals());
        }
        return sum;
    }
}
