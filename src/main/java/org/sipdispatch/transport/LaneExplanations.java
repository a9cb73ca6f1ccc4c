package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.sipdispatch.proxy.Explanation;
import org.sipdispatch.proxy.RelayLane;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.transaction.Flow;

/**
 * Asks lanes where a request would go. Because a lane's thread is for traffic, each lane explains one request at a time,
 * and few callers may wait. Thread-safe.
 */
final class LaneExplanations {
    private static final int SECONDS_TO_EXPLAIN = 10;
    /** How many callers may wait for an explanation from one lane. */
    private static final int MOST_ASKING = 8;

    private final List<SerialQueue> queues;

    LaneExplanations(int lanes) {
        queues =
                Stream.generate(() -> new SerialQueue(MOST_ASKING)).limit(lanes).toList();
    }

    /** Asks the lane with this number; see {@link SipLanes#explain}. */
    CompletionStage<Explanation> ask(LaneRef lane, int number, byte[] message, Flow flow) {
        CompletableFuture<Explanation> answer = new CompletableFuture<>();
        SerialQueue queue = queues.get(number);
        boolean taken = queue.submit(() -> {
            if (!answer.isDone()) {
                lane.actor()
                        .tell(
                                new LaneRef.RunOnLane((relay, nowMs) -> explain(relay, message, flow, answer, nowMs)),
                                ActorRef.noSender());
            }
            answer.whenComplete((explanation, failure) -> queue.end());
        });
        if (!taken) {
            return CompletableFuture.failedFuture(new RejectedExecutionException(
                    "lane " + number + ": busy (expected: " + MOST_ASKING + " at most that wait for an explanation)"));
        }
        // A lane that stops meanwhile does not reply.
        return answer.orTimeout(SECONDS_TO_EXPLAIN, TimeUnit.SECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException
                                ? new TimeoutException("lane " + number + ": no explanation (expected: one within "
                                        + SECONDS_TO_EXPLAIN + "s)")
                                : failure));
    }

    /** The future completes on another thread, because the lane's thread is for traffic. */
    private static void explain(
            RelayLane lane, byte[] message, Flow flow, CompletableFuture<Explanation> answer, long nowMs) {
        try {
            lane.explain(message, flow, explanation -> answer.completeAsync(() -> explanation), nowMs);
        } catch (RuntimeException e) {
            CompletableFuture.runAsync(() -> answer.completeExceptionally(e));
            if (!(e instanceof SettingException)) {
                throw e;
            }
        }
    }
}
