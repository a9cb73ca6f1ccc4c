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
    private final CountDownLatch outletIsReached = new CountDownLatch(1);
    private final CountDownLatch outletOpens = new CountDownLatch(1);
    private final long droppedBefore = NonBlockingAppender.dropped();

    /** Blocks until it is opened, as a paused terminal does. */
    private final AppenderBase<ILoggingEvent> outlet = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            outletIsReached.countDown();
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

    /** Logs one line that blocks in the outlet, as many as the queue holds, and more. */
    private void logsTooMuch() throws InterruptedException {
        log.info("line 0");
        outletIsReached.await();
        for (int i = 1; i <= 10 * QUEUE; i++) {
            log.info("line {}", i);
        }
    }

    @Test
    void whoLogsDoesNotWaitForAnOutletThatIsStuckAndEveryLineIsCounted() throws InterruptedException {
        logsTooMuch();

        assertThat(dropped()).isEqualTo(9 * QUEUE);
        outletOpens.countDown();
        await().until(() -> written.size() == 1 + QUEUE);
        assertThat(written).startsWith("line 0", "line 1").endsWith("line " + QUEUE);
    }

    @Test
    void theNextLineIsBehindOneThatSaysHowManyWereDropped() throws InterruptedException {
        logsTooMuch();
        outletOpens.countDown();
        await().until(() -> written.size() == 1 + QUEUE);

        log.info("the next line");
        log.info("another line");

        await().until(() -> written.contains("another line"));
        assertThat(written)
                .endsWith(
                        9 * QUEUE + " lines of the log were dropped, since it could not be written fast enough",
                        "the next line",
                        "another line");
    }

    @Test
    void whatWaitsIsWrittenWhenTheLogEnds() {
        outletOpens.countDown();
        for (int i = 0; i < QUEUE; i++) {
            log.info("line {}", i);
        }

        LogEnd.flush();

        assertThat(written).hasSize(QUEUE);
    }
}
