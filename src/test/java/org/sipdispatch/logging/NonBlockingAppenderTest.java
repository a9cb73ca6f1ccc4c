package org.sipdispatch.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NonBlockingAppenderTest {
    private static final int QUEUE = 16;

    private final LoggerContext context = new LoggerContext();
    private final Logger log = context.getLogger("test");
    private final NonBlockingAppender appender = new NonBlockingAppender();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final CountDownLatch outletOpens = new CountDownLatch(1);
    private final long droppedBefore = NonBlockingAppender.dropped();

    /** Takes nothing before it opens, as a terminal that was paused. */
    private final AppenderBase<ILoggingEvent> outlet = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            try {
                outletOpens.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            written.add(event.getFormattedMessage());
        }
    };

    @BeforeEach
    void start() {
        context.setMDCAdapter(new LogbackMDCAdapter());
        outlet.setContext(context);
        outlet.start();
        appender.setContext(context);
        appender.setQueueSize(QUEUE);
        appender.addAppender(outlet);
        appender.start();
        log.addAppender(appender);
    }

    @AfterEach
    void stop() {
        outletOpens.countDown();
        context.stop();
    }

    private long dropped() {
        return NonBlockingAppender.dropped() - droppedBefore;
    }

    @Test
    void whoLogsDoesNotWaitForAnOutletThatIsStuckAndEveryLineIsCounted() {
        for (int i = 0; i < 10 * QUEUE; i++) {
            log.info("line {}", i);
        }

        assertThat(dropped()).isBetween(8L * QUEUE, 9L * QUEUE);
        long dropped = dropped();
        outletOpens.countDown();
        await().until(() -> written.size() == 10 * QUEUE - dropped);
        assertThat(written).startsWith("line 0", "line 1");
    }

    @Test
    void theNextLineIsBehindOneThatSaysHowManyWereDropped() {
        for (int i = 0; i < 10 * QUEUE; i++) {
            log.info("line {}", i);
        }
        long dropped = dropped();
        outletOpens.countDown();
        await().until(() -> written.size() == 10 * QUEUE - dropped);

        log.info("the next line");
        log.info("another line");

        await().until(() -> written.contains("another line"));
        assertThat(written)
                .endsWith(
                        dropped + " lines of the log were dropped, since it could not be written fast enough",
                        "the next line",
                        "another line");
    }

    @Test
    void whatWaitsIsWrittenWhenTheLogEnds() {
        outletOpens.countDown();
        for (int i = 0; i < QUEUE; i++) {
            log.info("line {}", i);
        }

        NonBlockingAppender.flush();

        assertThat(written).hasSize(QUEUE);
    }
}
