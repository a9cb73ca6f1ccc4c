package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionLoopTest {
    private static final Duration RETRY = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    /** A session that ends when it leaves, or when a test ends it. */
    private static final class FakeSession implements SessionLoop.Session {
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private volatile boolean left;

        @Override
        public CompletionStage<?> ended() {
            return ended;
        }

        @Override
        public CompletionStage<?> leave() {
            left = true;
            ended.complete(null);
            return ended;
        }
    }

    private final List<FakeSession> begun = new CopyOnWriteArrayList<>();
    private final FakeSession first = new FakeSession();
    private SessionLoop<FakeSession> loop = looping(this::next);

    @AfterEach
    void close() {
        loop.close();
    }

    private FakeSession next() {
        FakeSession session = new FakeSession();
        begun.add(session);
        return session;
    }

    private static SessionLoop<FakeSession> looping(Supplier<FakeSession> next) {
        return new SessionLoop<>(next, RETRY, LONGEST);
    }

    @Test
    void aSessionFollowsOneThatHasEnded() {
        loop.start(first);
        first.ended.complete(null);

        await().until(() -> begun.size() == 1 && loop.current() == begun.get(0));
        assertThat(first.left).isFalse();
    }

    @Test
    void anErrorDoesNotEndTheAttempts() {
        loop = looping(() -> {
            FakeSession session = next();
            if (begun.size() == 1) {
                throw new LinkageError("the fault of a test");
            } else if (begun.size() == 2) {
                throw new StackOverflowError("the fault of a test");
            }
            return session;
        });
        loop.start(first);

        first.ended.complete(null);

        await().until(() -> begun.size() == 3 && loop.current() == begun.get(2));
    }

    @Test
    void aSessionThatBeginsWhileTheLoopIsClosedIsLeftToo() throws InterruptedException {
        CountDownLatch begins = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        loop = looping(() -> {
            begins.countDown();
            awaited(mayGoOn);
            return next();
        });
        loop.start(first);
        first.ended.complete(null);
        begins.await();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(loop::close);
        mayGoOn.countDown();
        closed.join();

        assertThat(begun)
                .singleElement()
                .satisfies(session -> assertThat(session.left).isTrue());
    }

    private static void awaited(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void noSessionBeginsAfterTheLoopIsClosed() {
        loop.start(first);

        loop.close();

        assertThat(first.left).isTrue();
        assertThat(begun).isEmpty();
    }
}
