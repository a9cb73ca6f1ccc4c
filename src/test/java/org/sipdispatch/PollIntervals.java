package org.sipdispatch;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The default intervals at which tests poll a condition. Most conditions are true within milliseconds, so the first
 * polls come at once, and the later ones every 100 ms as Awaitility does.
 */
public final class PollIntervals implements BeforeAllCallback {
    private static final Duration FIRST = Duration.ofMillis(5);
    private static final Duration LAST = Duration.ofMillis(100);

    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(PollIntervals::next, FIRST));
    }

    private static Duration next(Duration previous) {
        Duration longer = previous.multipliedBy(2);
        return longer.compareTo(LAST) < 0 ? longer : LAST;
    }
}
