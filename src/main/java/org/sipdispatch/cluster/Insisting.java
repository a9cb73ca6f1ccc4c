package org.sipdispatch.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Gives an order until it is answered, since what is sent to a node that dies is lost with it. Only for orders that may
 * be carried out twice as well as once.
 *
 * @param longest after which nobody insists any longer
 */
record Insisting(ScheduledExecutorService clock, Duration pause, Duration longest) {
    /**
     * The first answer that comes; if none does it fails with {@link TimeoutException}.
     *
     * @param mayInsist whether the order may be given again now
     * @param order gives it, and waits that long for an answer
     */
    <T> CompletionStage<T> on(BooleanSupplier mayInsist, Function<Duration, CompletionStage<T>> order) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        long begin = System.nanoTime();
        give(order, longest, answer);
        ScheduledFuture<?> again = clock.scheduleWithFixedDelay(
                () -> {
                    Duration left = longest.minusNanos(System.nanoTime() - begin);
                    if (!answer.isDone() && left.compareTo(pause) > 0 && mayInsist.getAsBoolean()) {
                        give(order, left, answer);
                    }
                },
                pause.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
        return answer.orTimeout(longest.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((done, trouble) -> again.cancel(false));
    }

    private static <T> void give(
            Function<Duration, CompletionStage<T>> order, Duration patience, CompletableFuture<T> answer) {
        order.apply(patience).whenComplete((done, trouble) -> {
            if (trouble == null) {
                answer.complete(done);
            } else if (!(Unanswered.cause(trouble) instanceof TimeoutException)) {
                answer.completeExceptionally(trouble);
            }
        });
    }
}
