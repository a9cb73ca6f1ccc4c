package org.sipdispatch.sets;

import java.util.Locale;

/** The figures of the quality of calls to a destination. */
public enum QualityFigure {
    /** The answer-seizure ratio in percent (ITU-T E.411). */
    ASR(" %", true) {
        @Override
        public long base(QualityCounts counts) {
            return counts.seizures();
        }

        @Override
        double sum(QualityCounts counts) {
            return 100.0 * counts.answers();
        }
    },
    /** The network effectiveness ratio in percent (ITU-T E.425). */
    NER(" %", true) {
        @Override
        public long base(QualityCounts counts) {
            return counts.seizures();
        }

        @Override
        double sum(QualityCounts counts) {
            return 100.0 * counts.effective();
        }
    },
    /** The mean post-dial delay in milliseconds. */
    PDD(" ms", false) {
        @Override
        public long base(QualityCounts counts) {
            return counts.delays();
        }

        @Override
        double sum(QualityCounts counts) {
            return counts.delayMicros() / 1e3;
        }
    },
    /** The average call duration in seconds. */
    ACD(" s", true) {
        @Override
        public long base(QualityCounts counts) {
            return counts.ended();
        }

        @Override
        double sum(QualityCounts counts) {
            return counts.callMs() / 1e3;
        }
    };

    private final String unit;
    private final boolean largerIsBetter;

    QualityFigure(String unit, boolean largerIsBetter) {
        this.unit = unit;
        this.largerIsBetter = largerIsBetter;
    }

    /** The number of calls that the figure is a mean of. */
    public abstract long base(QualityCounts counts);

    abstract double sum(QualityCounts counts);

    /** The figure; 0 without calls, see {@link #base}. */
    public double of(QualityCounts counts) {
        return base(counts) == 0 ? 0 : sum(counts) / base(counts);
    }

    /** Whether a value is worse than a bound. */
    public boolean isWorse(double value, double bound) {
        return largerIsBetter ? value < bound : value > bound;
    }

    /** A value that is better than the bound by this part of it; 100 at most for a ratio. */
    double better(double bound, double part) {
        double better = largerIsBetter ? bound * (1 + part) : bound * (1 - part);
        return this == ASR || this == NER ? Math.min(100, better) : better;
    }

    /** A value with its unit, such as {@code 41.2 %}. */
    public String text(double value) {
        boolean isRatio = this == ASR || this == NER;
        return String.format(Locale.ROOT, isRatio ? "%.1f" : "%.0f", value) + unit;
    }

    /** The name in configurations and JSON, such as {@code asr}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
