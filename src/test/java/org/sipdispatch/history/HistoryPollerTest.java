package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class HistoryPollerTest {
    private static final Duration OFTEN = Duration.ofMillis(5);

    /** The subscriber may know a later id from another node and would take the history for lost. */
    @Test
    void aSubscriberThatComesDuringAQueryDoesNotReceiveItsResult() throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch answering = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        HistoryPoller followers = new HistoryPoller(
                () -> {
                    if (asked.incrementAndGet() == 1) {
                        asking.countDown();
                        await(answering);
                        return 5;
                    }
                    return 6;
                },
                OFTEN);
        List<Long> first = new CopyOnWriteArrayList<>();
        List<Long> second = new CopyOnWriteArrayList<>();
        followers.add(first::add);
        asking.await();

        followers.add(second::add);
        answering.countDown();

        Awaitility.await().until(() -> second.size() == 1 && first.size() == 2);
        assertThat(first).containsExactly(5L, 6L);
        assertThat(second).containsExactly(6L);
        followers.close();
    }

    @Test
    void aDefectIsNotTheEnd() {
        AtomicInteger asked = new AtomicInteger();
        List<Long> received = new CopyOnWriteArrayList<>();
        HistoryPoller followers = new HistoryPoller(
                () -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new IllegalStateException("of this test");
                    }
                    return 1;
                },
                OFTEN);

        followers.add(received::add);

        Awaitility.await().until(() -> received.equals(List.of(1L)));
        followers.close();
    }

    @Test
    void aSubscriberAfterTheEndReceivesNothing() throws Exception {
        HistoryPoller followers = new HistoryPoller(() -> 1, OFTEN);
        AutoCloseable before = followers.add(place -> {});
        followers.close();

        List<Long> received = new CopyOnWriteArrayList<>();
        followers.add(received::add).close();
        before.close();

        assertThat(received).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
