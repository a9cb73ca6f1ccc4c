package org.sipdispatch.metrics;

import org.sipdispatch.settings.Section;

/**
 * What is told when the node is scraped.
 *
 * @param mostDestinations how many destinations are told of one by one
 */
public record MetricsSettings(int mostDestinations) {
    /** Reads the block {@code metrics}. */
    public static MetricsSettings from(Section metrics) {
        MetricsSettings settings = new MetricsSettings(metrics.integer("most-destinations", 0, 100_000));
        metrics.refuseUnknown();
        return settings;
    }
}
