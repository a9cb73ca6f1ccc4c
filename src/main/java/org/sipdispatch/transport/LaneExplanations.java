package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.proxy.Explanation;
import org.sipdispatch.proxy.MessageLanes;
import org.sipdispatch.proxy.RelayLane;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;

/**
 * Asks lanes where a request would go. Because a lane's thread is for traffic, each lane explains one request at a time,
 * and few callers may wait. Thread-safe.
 */
final class LaneExplanations {
    private static final int SECONDS_TO_EXPLAIN = 10;
    /** How many callers may wait for an explanation from one lane. */
    private static final int MOST_ASKING = 8;

    private final ListenSockets sockets;
    private final List<SerialQueue> queues;

    LaneExplanations(int lanes, ListenSockets sockets) {
        this.sockets = sockets;
        queues =
                Stream.generate(() -> new SerialQueue(MOST_ASKING)).limit(lanes).toList();
    }

    /** Asks the lane among these that would receive the message; see {@link SipLanes#explain}. */
    CompletionStage<Explanation> ask(List<LaneRef> lanes, byte[] message, InetSocketAddress source, String socket) {
        ListenSocket in = socket == null ? sockets.all().get(0) : sockets.named(socket);
        if (in == null) {
            String names = sockets.all().stream().map(ListenSocket::name).collect(Collectors.joining(", "));
            return CompletableFuture.failedFuture(new SettingException("socket", socket, "one of " + names));
        }
        if (source == null || source.isUnresolved()) {
            return CompletableFuture.failedFuture(new SettingException("source", source, "an IP address and a port"));
        }
        byte[] copy = message.clone();
        int number = MessageLanes.laneOf(copy, lanes.size());
        return ask(lanes.get(number), number, copy, new Flow(in, source, Flow.NO_CONNECTION));
    }

    private CompletionStage<Explanation> ask(LaneRef lane, int number, byte[] message, Flow flow) {
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
