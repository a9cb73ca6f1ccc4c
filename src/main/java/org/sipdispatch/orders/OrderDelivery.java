package org.sipdispatch.orders;

import akka.pattern.StatusReply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.sipdispatch.membership.ClusterMember;

/**
 * Delivers operator orders to destination actors. A message to a node that dies is lost with it, so an order is sent
 * again after a node has gone that was a member when the order was first sent, until it is answered. Only the newest
 * order to a destination is sent again: an older one must not undo it. An actor executes an order only with permission,
 * which is granted while the operator still waits: an order for which no permission was requested in time was not
 * executed and will not be. The outcomes of the last 1000 orders are remembered, including late answers. Thread-safe.
 */
public final class OrderDelivery<T> {
    /**
     * Timeouts of an order.
     *
     * @param checkInterval interval between checks of the members
     * @param timeout how long to wait for an answer while all nodes are reachable
     * @param longest how long to wait while some nodes are not, or after permission was granted
     * @param late how long after sending a late answer is still accepted: the operator has been told otherwise, but may
     *     ask for the outcome
     */
    public record Times(Duration checkInterval, Duration timeout, Duration longest, Duration late) {
        public static final Times USUAL =
                new Times(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofMinutes(2));
    }

    private final ScheduledExecutorService clock;
    private final Times times;
    private final OrderMemory<T> memory = new OrderMemory<>();
    private final Map<String, PendingOrder> newest = new ConcurrentHashMap<>();
    private final Map<String, PendingOrder> open = new ConcurrentHashMap<>();

    public OrderDelivery(ScheduledExecutorService clock, Times times) {
        this.clock = clock;
        this.times = times;
    }

    /**
     * Sends an order. Fails with {@link OrderNotExecutedException} if no actor executed it and with
     * {@link OrderOutcomeUnknownException} if its answer does not come. An order that is pending, or is remembered as done,
     * is not sent again: it gets the same answer.
     *
     * @param members the nodes of the cluster; empty while this node is not a member
     * @param sending sends the order and waits for an answer for the given time
     */
    public CompletionStage<T> give(
            OrderRequest given, Supplier<List<ClusterMember>> members, Function<Duration, CompletionStage<T>> sending) {
        PendingOrder order;
        synchronized (this) {
            OrderOutcome before = memory.outcome(given.name());
            if (before != null && !given.isAs(before)) {
                return CompletableFuture.failedFuture(nameInUse(before));
            }
            T answer = memory.answer(given.name());
            order = open.get(given.name());
            if (answer != null) {
                return CompletableFuture.completedFuture(answer);
            } else if (order != null && !order.answer.isDone()) {
                return order.answer.copy();
            }
            order = new PendingOrder(given, members, sending);
            newest.put(given.destination(), order);
            open.put(given.name(), order);
            memory.begun(given, order);
        }
        return start(order);
    }

    private static StatusReply.ErrorMessage nameInUse(OrderOutcome before) {
        return new StatusReply.ErrorMessage(
                "order: " + before.order() + " (expected: another name; this one was used for: " + before.what() + " "
                        + before.destination() + ")");
    }

    private CompletionStage<T> start(PendingOrder order) {
        ScheduledFuture<?> looks = clock.scheduleWithFixedDelay(
                order::check,
                times.checkInterval().toNanos(),
                times.checkInterval().toNanos(),
                TimeUnit.NANOSECONDS);
        order.answer.whenComplete((done, failure) -> {
            looks.cancel(false);
            newest.remove(order.given.destination(), order);
            open.remove(order.given.name(), order);
        });
        if (!order.send()) {
            order.fail(OrderOutcomeUnknownException.notInCluster());
        }
        return order.answer.copy();
    }

    /** Whether the order may be executed now, that is, whether its operator still waits for the answer. */
    public boolean mayExecute(String name) {
        PendingOrder order = open.get(name);
        return order != null && order.permit();
    }

    /** The outcome of the order; null if it is not remembered. */
    public OrderOutcome outcome(String name) {
        return memory.outcome(name);
    }

    /** Records that the order was executed, as the destination's status shows. */
    public void executed(OrderOutcome order, T answer) {
        memory.done(order.request(), answer);
    }

    private static Set<Long> numbers(List<ClusterMember> members, Predicate<ClusterMember> which) {
        return members.stream().filter(which).map(ClusterMember::number).collect(Collectors.toSet());
    }

    private final class PendingOrder {
        private final OrderRequest given;
        private final Supplier<List<ClusterMember>> members;
        private final Function<Duration, CompletionStage<T>> sending;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final long beganAt = System.nanoTime();
        private final Set<Long> initialMembers;
        private Duration timeout = times.timeout();
        private boolean permitted;

        PendingOrder(
                OrderRequest given,
                Supplier<List<ClusterMember>> members,
                Function<Duration, CompletionStage<T>> sending) {
            this.given = given;
            this.members = members;
            this.sending = sending;
            initialMembers = numbers(members.get(), any -> true);
        }

        /** False between two sessions, when there is no actor system to send with. */
        boolean send() {
            try {
                sending.apply(times.late()).whenComplete((done, failure) -> {
                    if (failure == null) {
                        succeed(done);
                    } else if (isAnswer(OrderOutcomeUnknownException.cause(failure))) {
                        fail(OrderOutcomeUnknownException.cause(failure));
                    }
                });
                return true;
            } catch (IllegalStateException e) {
                return false;
            }
        }

        /** An actor may answer that it does not know the outcome. */
        private static boolean isAnswer(Throwable failure) {
            return failure instanceof OrderOutcomeUnknownException || !(failure instanceof TimeoutException);
        }

        /** Stores the outcome first: a client that asks for it after the answer must see the same. */
        private void succeed(T done) {
            memory.done(given, done);
            answer.complete(done);
        }

        synchronized void fail(Throwable failure) {
            OrderOutcome.OrderState state = failure instanceof StatusReply.ErrorMessage
                    ? OrderOutcome.OrderState.REFUSED
                    : permitted ? OrderOutcome.OrderState.UNKNOWN : OrderOutcome.OrderState.NOT_DONE;
            memory.ended(given, this, state, String.valueOf(failure.getMessage()));
            answer.completeExceptionally(failure);
        }

        /** Whether the operator still waits. From now on the outcome is unknown until the answer comes. */
        synchronized boolean permit() {
            if (answer.isDone()) {
                return false;
            }
            permitted = true;
            timeout = times.longest();
            return true;
        }

        private void giveUp(String expected) {
            if (!answer.isDone()) {
                fail(
                        permitted
                                ? new OrderOutcomeUnknownException(given.ended(
                                        OrderOutcome.OrderState.UNKNOWN,
                                        OrderOutcomeUnknownException.unknownOutcome(expected)))
                                : new OrderNotExecutedException(expected));
            }
        }

        synchronized void check() {
            List<ClusterMember> now = members.get();
            if (!now.isEmpty() && !numbers(now, ClusterMember::reachable).containsAll(initialMembers)) {
                timeout = times.longest();
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - beganAt);
            boolean lost = !now.isEmpty() && !numbers(now, any -> true).containsAll(initialMembers);
            if (waited.compareTo(timeout) >= 0) {
                giveUp("an answer within " + timeout.toSeconds() + "s");
            } else if (now.isEmpty() && !permitted) {
                giveUp("a node that stays in the cluster until the order is answered");
            } else if (lost && newest.get(given.destination()) == this) {
                send();
            }
        }
    }
}
