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
 * Orders to destinations' actors. What was sent to a node that dies is lost with it; so an order is given again once a
 * node has gone that was there when it was given first, until it is answered. Only the newest order to a destination
 * is: an older one must not undo it. An order is executed only with permission, which is given while it is waited for: so one that
 * nobody asked permission for in time was not carried out and will not be. What became of the last orders is remembered, also
 * where their answer comes late. Thread-safe.
 */
public final class OrderDelivery<T> {
    /**
     * How long is waited.
     *
     * @param look between two looks at the nodes
     * @param patience for an answer while all nodes are there
     * @param longest for an answer while some are not
     * @param late for an answer after that: who ordered is told otherwise, but may ask again
     */
    public record Times(Duration look, Duration patience, Duration longest, Duration late) {
        public static final Times USUAL =
                new Times(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofMinutes(2));
    }

    private final ScheduledExecutorService clock;
    private final Times times;
    private final OrderMemory<T> memory = new OrderMemory<>();
    private final Map<String, Order> newest = new ConcurrentHashMap<>();
    private final Map<String, Order> open = new ConcurrentHashMap<>();

    public OrderDelivery(ScheduledExecutorService clock, Times times) {
        this.clock = clock;
        this.times = times;
    }

    /**
     * Gives an order; fails with {@link OrderNotExecutedException} if nobody took it, with {@link OutcomeUnknownException} if its answer does not come. One
     * that is waited for, or is remembered as done, is not given again: it is answered alike.
     *
     * @param members the nodes of the cluster; none while this node is not among them
     * @param sending sends it, and waits that long for an answer
     */
    public CompletionStage<T> give(
            GivenOrder given, Supplier<List<ClusterMember>> members, Function<Duration, CompletionStage<T>> sending) {
        Order order;
        synchronized (this) {
            OrderOutcome before = memory.outcome(given.name());
            if (before != null && !given.isAs(before)) {
                return CompletableFuture.failedFuture(isOfAnother(before));
            }
            T answer = memory.answer(given.name());
            order = open.get(given.name());
            if (answer != null || order != null) {
                return answer != null ? CompletableFuture.completedFuture(answer) : order.answer.copy();
            }
            order = new Order(given, members, sending);
            newest.put(given.destination(), order);
            open.put(given.name(), order);
            memory.begun(given, order);
        }
        return begun(order);
    }

    private static StatusReply.ErrorMessage isOfAnother(OrderOutcome before) {
        return new StatusReply.ErrorMessage("order: " + before.order()
                + " (expected: another name; this one is that of: " + before.what() + " " + before.destination() + ")");
    }

    private CompletionStage<T> begun(Order order) {
        ScheduledFuture<?> looks = clock.scheduleWithFixedDelay(
                order::look, times.look().toNanos(), times.look().toNanos(), TimeUnit.NANOSECONDS);
        order.answer.whenComplete((done, trouble) -> {
            looks.cancel(false);
            newest.remove(order.given.destination(), order);
            open.remove(order.given.name(), order);
        });
        if (!order.send()) {
            order.fail(OutcomeUnknownException.nobodyIsAsked());
        }
        return order.answer.copy();
    }

    /** Whether that order may be executed now: whether its answer is still waited for. */
    public boolean mayExecute(String name) {
        Order order = open.get(name);
        return order != null && order.permit();
    }

    /** What became of that order; null if it is not remembered. */
    public OrderOutcome outcome(String name) {
        return memory.outcome(name);
    }

    /** That order was executed, as others know. */
    public void executed(OrderOutcome order, T answer) {
        memory.done(new GivenOrder(order.order(), order.destination(), order.what()), answer);
    }

    private static Set<Long> numbers(List<ClusterMember> members, Predicate<ClusterMember> which) {
        return members.stream().filter(which).map(ClusterMember::number).collect(Collectors.toSet());
    }

    private final class Order {
        private final GivenOrder given;
        private final Supplier<List<ClusterMember>> members;
        private final Function<Duration, CompletionStage<T>> sending;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final long beganAt = System.nanoTime();
        private final Set<Long> met;
        private Duration patience = times.patience();
        private boolean permitted;

        Order(GivenOrder given, Supplier<List<ClusterMember>> members, Function<Duration, CompletionStage<T>> sending) {
            this.given = given;
            this.members = members;
            this.sending = sending;
            met = numbers(members.get(), any -> true);
        }

        /** False between two lives of a node, when nobody is there to be asked. */
        boolean send() {
            try {
                sending.apply(times.late()).whenComplete((done, trouble) -> {
                    if (trouble == null) {
                        succeed(done);
                    } else if (!(OutcomeUnknownException.cause(trouble) instanceof TimeoutException)) {
                        fail(OutcomeUnknownException.cause(trouble));
                    }
                });
                return true;
            } catch (IllegalStateException e) {
                return false;
            }
        }

        /** Whoever is answered and asks then is to be told the same. */
        private void succeed(T done) {
            memory.done(given, done);
            answer.complete(done);
        }

        synchronized void fail(Throwable trouble) {
            OrderOutcome.End end = trouble instanceof StatusReply.ErrorMessage
                    ? OrderOutcome.End.REFUSED
                    : permitted ? OrderOutcome.End.UNKNOWN : OrderOutcome.End.NOT_DONE;
            memory.ended(given, this, end, String.valueOf(trouble.getMessage()));
            answer.completeExceptionally(trouble);
        }

        /** Whether it is waited for; from now on its outcome is not known until it is answered. */
        synchronized boolean permit() {
            if (answer.isDone()) {
                return false;
            }
            permitted = true;
            patience = times.longest();
            return true;
        }

        private void giveUp(String expected) {
            if (!answer.isDone()) {
                fail(
                        permitted
                                ? new OutcomeUnknownException(
                                        given.ended(OrderOutcome.End.UNKNOWN, OutcomeUnknownException.told(expected)))
                                : new OrderNotExecutedException(expected));
            }
        }

        synchronized void look() {
            List<ClusterMember> now = members.get();
            if (!now.isEmpty() && !numbers(now, ClusterMember::reachable).containsAll(met)) {
                patience = times.longest();
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - beganAt);
            boolean lost = !now.isEmpty() && !numbers(now, any -> true).containsAll(met);
            if (waited.compareTo(patience) >= 0) {
                giveUp("an answer within " + patience.toSeconds() + "s");
            } else if (now.isEmpty() && !permitted) {
                giveUp("a node that stays in the cluster until it is answered");
            } else if (lost && newest.get(given.destination()) == this) {
                send();
            }
        }
    }
}
