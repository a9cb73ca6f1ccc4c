package org.sipdispatch.sets;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The figures that each node measures for every destination of its own traffic. Smaller values are better. */
public enum MeasuredFigure {
    /** Active calls, and INVITEs without a final response. */
    IN_FLIGHT,
    /** Requests sent in the last ten seconds, per second. */
    REQUESTS_PER_SECOND,
    /** The mean time from a request to its first response in the last ten seconds, in milliseconds. */
    LATENCY_MS,
    /** The requests without a 2xx among the completed ones of the last ten seconds, in percent. */
    UNANSWERED_PERCENT;

    /** The name in patterns, such as {@code in_flight}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The figure with this name; null if there is none. */
    public static MeasuredFigure of(String text) {
        return Arrays.stream(values())
                .filter(figure -> figure.text().equals(text))
                .findFirst()
                .orElse(null);
    }

    /** All names, separated by commas. */
    public static String names() {
        return Arrays.stream(values()).map(MeasuredFigure::text).collect(Collectors.joining(", "));
    }
}
