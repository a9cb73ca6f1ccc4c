package org.sipdispatch.metrics;

import org.sipdispatch.settings.Section;

/**
 * The block {@code metrics}.
 *
 * @param mostDestinations how many destinations get metrics of their own; the others are summed up by set
 */
public record MetricsSettings(int mostDestinations) {
    public static MetricsSettings from(Section metrics) {
        MetricsSettings settings = new MetricsSettings(metrics.integer("most-destinations", 0, 100_000));
        metrics.refuseUnknown();
        return settings;
    }
}
