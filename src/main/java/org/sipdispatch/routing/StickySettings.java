package org.sipdispatch.routing;

import java.time.Duration;
import org.sipdispatch.settings.Section;

/**
 * Keeps requests with the same key together: the destination that accepted the first one gets the later ones.
 *
 * @param lifetime how long after the last request that it accepted
 */
public record StickySettings(Template key, Duration lifetime) {
    private static final Duration LEAST = Duration.ofSeconds(1);
    /** The longest lifetime. */
    public static final Duration MOST = Duration.ofDays(30);

    static StickySettings from(Section sticky) {
        Template key = Template.from(sticky, "key", sticky.text("key"));
        if (key.isConstant()) {
            sticky.refuse("key", key, "a text with a pseudo-variable such as $fu");
        }
        StickySettings read = new StickySettings(key, sticky.duration("for", LEAST, MOST));
        sticky.refuseUnknown();
        return read;
    }
}
