package org.sipdispatch.sets;

import java.time.Duration;
import java.util.List;

/**
 * The settings of the algorithms by load and latency.
 *
 * @param choices how many destinations {@code best-of} compares, 2 or more
 * @param latencyTiers the longest latency of each tier of {@code latency-tiers}, ascending; a last tier has no bound
 * @param quality what {@code quality} compares
 */
public record LoadSettings(int choices, List<Duration> latencyTiers, QualitySettings quality) {
    /** Settings with which {@code quality} compares the figures of 15 minutes. */
    public LoadSettings(int choices, List<Duration> latencyTiers) {
        this(choices, latencyTiers, QualitySettings.DEFAULT);
    }

    /** The tier of a latency in microseconds, from 0. */
    int tier(long micros) {
        int tier = 0;
        while (tier < latencyTiers.size() && micros > latencyTiers.get(tier).toNanos() / 1000) {
            tier++;
        }
        return tier;
    }
}
