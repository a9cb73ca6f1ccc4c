package org.sipdispatch.cluster;

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

/**
 * Orders to destinations' actors. What was sent to a node that dies is lost with it; so an order is given again once a
 * node has gone that was there when it was given first, until it is answered. Only the newest order to a destination
 * is: an older one must not undo it. An order is executed only with permission, which is given while it is waited for: so one that
 * nobody asked permission for in time was not carried out and will not be. Thread-safe.
 */
final class Orders {
    /**
     * How long is waited.
     *
     * @param look between two looks at the nodes
     * @param patience for an answer while all nodes are there
     * @param longest for an answer while some are not
     */
    record Times(Duration look, Duration patience, Duration longest) {
        static final Times USUAL = new Times(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(15));
    }

    private final ScheduledExecutorService clock;
    private final Times times;
    private final Map<String, Order<?>> newest = new ConcurrentHashMap<>();
    private final Map<String, Order<?>> open = new ConcurrentHashMap<>();

    Orders(ScheduledExecutorService clock, Times times) {
        this.clock = clock;
        this.times = times;
    }

    /**
     * Gives an order; fails with {@link NotDone} if nobody took it, with {@link Unanswered} if its answer does not come.
     *
     * @param name identifies the order
     * @param id the destination's
     * @param members the nodes of the cluster; none while this node is not among them
     * @param sending sends it, and waits that long for an answer
     */
    <T> CompletionStage<T> give(
            String name,
            String id,
            Supplier<List<ClusterMember>> members,
            Function<Duration, CompletionStage<T>> sending) {
        Order<T> order = new Order<>(id, members, sending);
        newest.put(id, order);
        open.put(name, order);
        ScheduledFuture<?> looks = clock.scheduleWithFixedDelay(
                order::look, times.look().toNanos(), times.look().toNanos(), TimeUnit.NANOSECONDS);
        order.answer.whenComplete((done, trouble) -> {
            looks.cancel(false);
            newest.remove(id, order);
            open.remove(name, order);
        });
        try {
            order.send(times.longest());
        } catch (IllegalStateException e) {
            // Between two lives of a node nobody is there to be asked.
            order.answer.cancel(false);
            return Unanswered.outside();
        }
        return order.answer;
    }

    /** Whether that order may be executed now: whether its answer is still waited for. */
    boolean mayExecute(String name) {
        Order<?> order = open.get(name);
        return order != null && order.permit();
    }

    private static Set<Long> numbers(List<ClusterMember> members, Predicate<ClusterMember> which) {
        return members.stream().filter(which).map(ClusterMember::number).collect(Collectors.toSet());
    }

    private final class Order<T> {
        private final String id;
        private final Supplier<List<ClusterMember>> members;
        private final Function<Duration, CompletionStage<T>> sending;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private final long beganAt = System.nanoTime();
        private final Set<Long> met;
        private Duration patience = times.patience();
        private boolean permitted;

        Order(String id, Supplier<List<ClusterMember>> members, Function<Duration, CompletionStage<T>> sending) {
            this.id = id;
            this.members = members;
            this.sending = sending;
            met = numbers(members.get(), any -> true);
        }

        void send(Duration wait) {
            sending.apply(wait).whenComplete((done, trouble) -> {
                if (trouble == null) {
                    answer.complete(done);
                } else if (!(Unanswered.cause(trouble) instanceof TimeoutException)) {
                    answer.completeExceptionally(Unanswered.cause(trouble));
                }
            });
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

        private synchronized void giveUp(String expected) {
            answer.completeExceptionally(permitted ? new Unanswered(Unanswered.told(expected)) : new NotDone(expected));
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
            } else if (lost && newest.get(id) == this) {
                send(times.longest().minus(waited));
            }
        }
    }
}
