package org.sipdispatch.routing;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.sipdispatch.sets.QualityFigure;
import org.sipdispatch.sets.QualityOrder;
import org.sipdispatch.sets.QualitySettings;
import org.sipdispatch.settings.Section;

/** Reads the block {@code quality}. */
final class QualityKeys {
    /** Shorter ones would slide several times within a second. */
    private static final Duration LEAST_WINDOW = Duration.ofSeconds(20);

    private static final Duration MOST_WINDOW = Duration.ofHours(24);
    private static final int MOST_CALLS = 1_000_000;
    private static final String ORDER_BY = "order-by";

    private QualityKeys() {}

    static QualitySettings read(Section quality) {
        Map<QualityFigure, Double> bounds = new EnumMap<>(QualityFigure.class);
        putPercent(quality, "least-asr", QualityFigure.ASR, bounds);
        putPercent(quality, "least-ner", QualityFigure.NER, bounds);
        Duration delay = quality.duration("most-pdd", Duration.ZERO, Duration.ofMinutes(3));
        if (!delay.isZero()) {
            bounds.put(QualityFigure.PDD, (double) delay.toMillis());
        }
        Duration length = quality.duration("least-acd", Duration.ZERO, Duration.ofHours(24));
        if (!length.isZero()) {
            bounds.put(QualityFigure.ACD, length.toMillis() / 1e3);
        }
        QualityOrder order = quality.choice(ORDER_BY, QualityOrder.class);
        if (order == QualityOrder.BOUNDS && bounds.isEmpty()) {
            quality.refuse(ORDER_BY, "bounds", "asr, ner, pdd or acd, or a bound such as least-asr = 40");
        }
        QualitySettings settings = new QualitySettings(
                quality.duration("window", LEAST_WINDOW, MOST_WINDOW),
                quality.integer("least-calls", 1, MOST_CALLS),
                bounds,
                order);
        quality.refuseUnknown();
        return settings;
    }

    private static void putPercent(
            Section quality, String key, QualityFigure figure, Map<QualityFigure, Double> bounds) {
        int percent = quality.integer(key, 0, 100);
        if (percent > 0) {
            bounds.put(figure, (double) percent);
        }
    }
}
