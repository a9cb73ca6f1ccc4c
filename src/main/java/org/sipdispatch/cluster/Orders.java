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
 * is: an older one must not undo it. Thread-safe.
 */
final class Orders {
    /**
     * How long is waited.
     *
     * @param look between two looks at the nodes
     * @param patience for an answer while all nodes are there
     * @param longest for an answer while some are not
     * @param latest when an order is given again for the last time: early enough that whoever finds it waiting has
     *     passed it over before it is told that nobody answered
     */
    record Times(Duration look, Duration patience, Duration longest, Duration latest) {
        static final Times USUAL = new Times(
                Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(15), Duration.ofSeconds(11));
    }

    private final ScheduledExecutorService clock;
    private final Times times;
    private final Map<String, Order<?>> newest = new ConcurrentHashMap<>();

    Orders(ScheduledExecutorService clock, Times times) {
        this.clock = clock;
        this.times = times;
    }

    /**
     * Gives an order; fails with {@link Unanswered} if no answer comes.
     *
     * @param members the nodes of the cluster; none while this node is not among them
     * @param sending sends it, and waits that long for an answer
     */
    <T> CompletionStage<T> give(
            String id, Supplier<List<ClusterMember>> members, Function<Duration, CompletionStage<T>> sending) {
        Order<T> order = new Order<>(id, members, sending);
        newest.put(id, order);
        ScheduledFuture<?> looks = clock.scheduleWithFixedDelay(
                order::look, times.look().toNanos(), times.look().toNanos(), TimeUnit.NANOSECONDS);
        order.answer.whenComplete((done, trouble) -> {
            looks.cancel(false);
            newest.remove(id, order);
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

        void look() {
            List<ClusterMember> now = members.get();
            if (!now.isEmpty() && !numbers(now, ClusterMember::reachable).containsAll(met)) {
                patience = times.longest();
            }
            Duration waited = Duration.ofNanos(System.nanoTime() - beganAt);
            boolean lost = !now.isEmpty() && !numbers(now, any -> true).containsAll(met);
            if (waited.compareTo(patience) >= 0) {
                answer.completeExceptionally(
                        new Unanswered(Unanswered.told("an answer within " + patience.toSeconds() + "s")));
            } else if (lost && newest.get(id) == this && waited.compareTo(times.latest()) < 0) {
                send(times.longest().minus(waited));
            }
        }
    }
}
