package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LimitsTest {
    private final Limits limits = new Limits();

    @Test
    void aLineTellsHowOftenTheLimitWasReachedSinceTheLineBefore() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(Limits.class);
        lines.start();
        log.addAppender(lines);
        try {
            for (long nowMs : new long[] {0, 1, 2, 10_000}) {
                limits.hit(Limit.DIALOG_MEMORY, nowMs, () -> "full");
            }
        } finally {
            log.detachAppender(lines);
        }

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "relay.dialog-memory: full", "relay.dialog-memory: full; 3 times since the last such line");
    }
}
