package org.sipdispatch.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.pattern.StatusReply;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InsistingTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger given = new AtomicInteger();

    @AfterEach
    void stop() {
        clock.shutdownNow();
    }

    private Insisting insisting(Duration longest) {
        return new Insisting(clock, Duration.ofMillis(1), longest);
    }

    /** Nothing comes for it, until it is given for that time. */
    private CompletionStage<String> answersAt(int time) {
        return given.incrementAndGet() == time
                ? CompletableFuture.completedFuture("done")
                : CompletableFuture.failedFuture(new TimeoutException("none of that try"));
    }

    @Test
    void anOrderThatIsLostIsGivenAgain() {
        String answer = insisting(LONG)
                .on(() -> true, patience -> answersAt(3))
                .toCompletableFuture()
                .join();

        assertThat(answer).isEqualTo("done");
    }

    @Test
    void theFirstAnswerCountsThoughItsTryWasNotTheLast() {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> answer = insisting(LONG)
                .on(() -> true, patience -> {
                    if (given.incrementAndGet() == 3) {
                        first.complete("done at first");
                    }
                    return given.get() == 1 ? first : new CompletableFuture<String>();
                })
                .toCompletableFuture();

        assertThat(answer.join()).isEqualTo("done at first");
    }

    @Test
    void whatIsAnsweredIsNotGivenAgain() throws Exception {
        CompletionStage<String> answer = insisting(LONG).on(() -> true, patience -> answersAt(1));

        assertThat(answer.toCompletableFuture().join()).isEqualTo("done");
        // What is due before runs before.
        clock.schedule(() -> {}, 5, TimeUnit.MILLISECONDS).get();
        assertThat(given).hasValue(1);
    }

    @Test
    void aRefusalIsAnAnswer() {
        CompletionStage<String> answer = insisting(LONG).on(() -> true, patience -> {
            given.incrementAndGet();
            return CompletableFuture.failedFuture(new StatusReply.ErrorMessage("held by ann"));
        });

        assertThatThrownBy(() -> answer.toCompletableFuture().join()).hasRootCauseMessage("held by ann");
    }

    @Test
    void itIsGivenOnceWhereItMayNotBeGivenAgain() {
        CompletionStage<String> answer = insisting(Duration.ofMillis(100)).on(() -> false, patience -> answersAt(2));

        assertThatThrownBy(() -> answer.toCompletableFuture().join()).hasRootCauseInstanceOf(TimeoutException.class);
        assertThat(given).hasValue(1);
    }

    @Test
    void aTryWaitsNoLongerThanAll() {
        CompletionStage<String> answer = insisting(LONG).on(() -> true, patience -> {
            assertThat(patience).isLessThanOrEqualTo(LONG);
            return answersAt(2);
        });

        assertThat(answer.toCompletableFuture().join()).isEqualTo("done");
    }
}
