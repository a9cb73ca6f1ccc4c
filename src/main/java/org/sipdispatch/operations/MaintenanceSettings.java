package org.sipdispatch.operations;

import java.time.Duration;
import org.sipdispatch.settings.Section;

/**
 * The block {@code maintenance}.
 *
 * @param newCalls what a node in maintenance does with new calls
 * @param retryAfter when a refused caller may try again
 */
public record MaintenanceSettings(NewCalls newCalls, Duration retryAfter) {
    /** What to do with new calls. */
    public enum NewCalls {
        /** Respond 503. */
        REFUSE,
        /** Respond 302 with the nodes that take calls, or 503 if there is none. */
        REDIRECT
    }

    public static MaintenanceSettings from(Section maintenance) {
        MaintenanceSettings settings = new MaintenanceSettings(
                maintenance.choice("new-calls", NewCalls.class),
                maintenance.duration("retry-after", Duration.ofSeconds(1), Duration.ofHours(1)));
        maintenance.refuseUnknown();
        return settings;
    }
}
