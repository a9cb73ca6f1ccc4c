package org.sipdispatch.catalog;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * A source whose changes apply without an order.
 *
 * @param place the file or URL, without passwords
 * @param interval how often to look for changes
 * @param content reads the present content of the source; blocks, and throws a
 *     {@link org.sipdispatch.settings.SettingException} if it cannot be read
 */
public record WatchedSource(String partition, String place, Duration interval, Supplier<SourceContent> content) {
    /** The name of the actor that watches it. */
    public String actorName() {
        return "watch-" + partition;
    }
}
