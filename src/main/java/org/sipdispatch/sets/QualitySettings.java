package org.sipdispatch.sets;

import java.time.Duration;
import java.util.Map;

/**
 * The settings of the figures of quality.
 *
 * @param window the figures are those of calls in this time
 * @param leastCalls a figure of fewer calls says nothing
 * @param bounds the worst acceptable values; a figure without a bound is always acceptable
 * @param orderBy what the algorithm {@code quality} compares
 */
public record QualitySettings(
        Duration window, int leastCalls, Map<QualityFigure, Double> bounds, QualityOrder orderBy) {
    /** The figures of 15 minutes, without bounds. */
    public static final QualitySettings DEFAULT =
            new QualitySettings(Duration.ofMinutes(15), 50, Map.of(), QualityOrder.NER);

    /** How much better than its bound a figure has to be until it counts as recovered. */
    private static final double RECOVERY = 0.05;

    /** Whether the figure is known from enough calls. */
    public boolean isKnown(QualityFigure figure, QualityCounts counts) {
        return figure.base(counts) >= leastCalls;
    }

    /** Whether the figure has a bound and is worse. */
    public boolean isBad(QualityFigure figure, QualityCounts counts) {
        Double bound = bounds.get(figure);
        return bound != null && isKnown(figure, counts) && figure.isWorse(figure.of(counts), bound);
    }

    /** Whether a figure that was bad has recovered: it is somewhat better than its bound. */
    public boolean hasRecovered(QualityFigure figure, QualityCounts counts) {
        Double bound = bounds.get(figure);
        return bound == null
                || isKnown(figure, counts) && !figure.isWorse(figure.of(counts), figure.better(bound, RECOVERY));
    }
}
