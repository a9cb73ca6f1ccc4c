package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.sipdispatch.transaction.EventClock;
import org.slf4j.LoggerFactory;

class DroppedMessagesTest {
    private final EventClock clock = new EventClock(() -> 0, 0);
    private final DroppedMessages dropped = new DroppedMessages(clock);

    @Test
    void aLineEachMinuteTellsTheReasonAndHowManyWereNotLogged() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(DroppedMessages.class);
        InetSocketAddress sender = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5060);
        lines.start();
        log.addAppender(lines);
        try {
            dropped.add("no start line", sender, 4);
            for (long nowMs : new long[] {0, 1, 2, 60_000}) {
                clock.set(nowMs);
                dropped.add("Missing CSeq", sender, 300);
            }
        } finally {
            log.detachAppender(lines);
        }

        String line = "a message of 300 bytes from 127.0.0.1:5060 is not valid SIP and was not answered: Missing CSeq";
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(line, line + " (2 more since the last such line)");
    }
}
