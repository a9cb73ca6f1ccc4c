package org.sipdispatch.sets;

/** What the algorithm {@code quality} compares. The destinations with the best value come first, by weight. */
public enum QualityOrder {
    /** How many figures are worse than their bounds. */
    BOUNDS,
    /** The answer-seizure ratio, in steps of 5 percentage points. */
    ASR(QualityFigure.ASR),
    /** The network effectiveness ratio, in steps of 5 percentage points. */
    NER(QualityFigure.NER),
    /** The post-dial delay, rounded down to 1, 1.5, 2, 3, 4, 6, 8 ms and so on. */
    PDD(QualityFigure.PDD),
    /** The average call duration, rounded down to 1, 1.5, 2, 3, 4, 6, 8 s and so on. */
    ACD(QualityFigure.ACD);

    /** The result of {@link #tier} if too few calls are known. */
    static final long UNKNOWN = Long.MAX_VALUE;

    private static final int PERCENT_STEP = 5;

    /** Null if several are compared. */
    private final QualityFigure figure;

    QualityOrder() {
        this(null);
    }

    QualityOrder(QualityFigure figure) {
        this.figure = figure;
    }

    /** The tier of a destination, the best one first: a number within 2^30; {@link #UNKNOWN} if it is not known. */
    long tier(QualityCounts counts, QualitySettings settings) {
        if (figure == null) {
            long bad = 0;
            for (QualityFigure one : settings.bounds().keySet()) {
                bad += settings.isBad(one, counts) ? 1 : 0;
            }
            return bad;
        } else if (!settings.isKnown(figure, counts)) {
            return UNKNOWN;
        }
        double value = figure.of(counts);
        return switch (this) {
            case PDD -> rounded((long) value);
            case ACD -> -rounded((long) value);
            default -> -(long) (value / PERCENT_STEP);
        };
    }

    /** The two highest bits. */
    private static long rounded(long value) {
        long number = Math.min(Math.max(value, 1), 1 << 29);
        return number & 3L << 62 - Long.numberOfLeadingZeros(number);
    }
}
