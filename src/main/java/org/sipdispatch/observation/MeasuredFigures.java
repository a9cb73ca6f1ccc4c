package org.sipdispatch.observation;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.MeasuredFigure;

/**
 * The figures that a node measures for destinations, over all its lanes. A reader reads the lanes' counters or, for
 * figures of the last seconds, one number that {@link #sample} computes. Thread-safe.
 */
public final class MeasuredFigures {
    private final List<LaneCounters> lanes;
    /** The windows of the readers in use: a view that is replaced drops its readers. */
    private final Map<String, WeakReference<FigureWindow>> windows = new ConcurrentHashMap<>();

    /** {@code lanes}: complete before the first reader is created. */
    public MeasuredFigures(List<LaneCounters> lanes) {
        this.lanes = lanes;
    }

    /** A reader of a figure of this destination, see {@link org.sipdispatch.sets.DestinationFacts#reader}. */
    public LongSupplier reader(MeasuredFigure figure, Destination destination) {
        String id = destination.id();
        if (figure == MeasuredFigure.IN_FLIGHT) {
            return () -> inFlight(id);
        }
        FigureWindow window = window(id);
        return switch (figure) {
            case IN_FLIGHT -> throw new IllegalStateException("read above");
            case REQUESTS_PER_SECOND -> () -> window.requestsPerSecond();
            case LATENCY_MS -> () -> window.latencyMs();
            case UNANSWERED_PERCENT -> () -> window.unansweredPercent();
        };
    }

    private long inFlight(String id) {
        long sum = 0;
        for (LaneCounters lane : lanes) {
            DestinationCounters counters = lane.destinations().find(id);
            sum += counters == null ? 0 : counters.openCalls() + counters.ringing();
        }
        return sum;
    }

    private FigureWindow window(String id) {
        FigureWindow created = new FigureWindow();
        WeakReference<FigureWindow> listed = windows.compute(
                id, (same, known) -> known == null || known.get() == null ? new WeakReference<>(created) : known);
        FigureWindow window = listed.get();
        return window == null ? created : window;
    }

    /** Computes the figures of the last seconds; call once a second. Does nothing while no reader uses one. */
    public void sample() {
        windows.forEach((id, reference) -> {
            FigureWindow window = reference.get();
            if (window == null) {
                windows.remove(id, reference);
            } else {
                window.add(totals(id));
            }
        });
    }

    private FigureWindow.Totals totals(String id) {
        FigureWindow.Totals sum = FigureWindow.Totals.NONE;
        for (LaneCounters lane : lanes) {
            DestinationCounters counters = lane.destinations().find(id);
            sum = counters == null ? sum : sum.plus(counters.totals());
        }
        return sum;
    }
}
