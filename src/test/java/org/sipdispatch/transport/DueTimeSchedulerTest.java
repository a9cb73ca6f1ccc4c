package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import akka.actor.AbstractSchedulerBase;
import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.actor.SchedulerException;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

class DueTimeSchedulerTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration LATER = Duration.ofHours(1);

    private final DueTimeScheduler scheduler = new DueTimeScheduler(ConfigFactory.empty(), null, Thread::new);
    private final BlockingQueue<Runnable> handedOver = new LinkedBlockingQueue<>();
    private final Queue<Throwable> failures = new ArrayDeque<>();
    private final ExecutionContext executor = new ExecutionContext() {
        @Override
        public void execute(Runnable task) {
            handedOver.add(task);
        }

        @Override
        public void reportFailure(Throwable cause) {
            failures.add(cause);
        }
    };

    @AfterEach
    void close() {
        scheduler.close();
    }

    private Runnable next() throws InterruptedException {
        Runnable task = handedOver.poll(20, TimeUnit.SECONDS);
        assertThat(task).isNotNull();
        return task;
    }

    @Test
    void aTaskRunsInItsExecutorNotBeforeItIsDue() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        long nowNanos = System.nanoTime();

        Cancellable task = scheduler.scheduleOnce(Duration.ofMillis(30), runs::incrementAndGet, executor);
        next().run();

        assertThat(System.nanoTime() - nowNanos).isGreaterThanOrEqualTo(30_000_000);
        assertThat(runs).hasValue(1);
        assertThat(task.cancel()).isFalse();
        assertThat(task.isCancelled()).isFalse();
    }

    @Test
    void aCancelledTaskDoesNotRun() throws InterruptedException {
        Cancellable task = scheduler.scheduleOnce(Duration.ofMillis(50), () -> {}, executor);

        assertThat(task.cancel()).isTrue();
        assertThat(task.cancel()).isFalse();
        assertThat(task.isCancelled()).isTrue();
        AtomicInteger runs = new AtomicInteger();
        scheduler.scheduleOnce(Duration.ofMillis(60), runs::incrementAndGet, executor);
        next().run();
        assertThat(runs).hasValue(1);
        assertThat(handedOver).isEmpty();
    }

    @Test
    void aRepeatedTaskIsNotHandedOverAgainBeforeItHasEnded() throws InterruptedException {
        Cancellable task = scheduler.scheduleWithFixedDelay(SOON, SOON, () -> {}, executor);
        Runnable first = next();
        scheduler.scheduleOnce(Duration.ofMillis(30), () -> {}, executor);
        next();
        assertThat(handedOver).isEmpty();

        first.run();

        next();
        assertThat(task.cancel()).isTrue();
    }

    /** Also if the fault is an error. */
    @Test
    void theThreadWakesOnceForRepeatedTasksThatBeganAtDifferentTimes() throws InterruptedException {
        List<Cancellable> tasks = new ArrayList<>();
        for (int ms = 1; ms <= 10; ms++) {
            tasks.add(scheduler.scheduleWithFixedDelay(Duration.ofMillis(ms), LATER, () -> {}, executor));
        }
        for (Cancellable task : tasks) {
            next().run();
        }

        // Two if a common time passed between the first runs.
        await().untilAsserted(() -> assertThat(scheduler.wakeUps()).isBetween(1, 2));
        assertThat(tasks).allMatch(Cancellable::cancel).allMatch(Cancellable::isCancelled);
    }

    /** As Akka's cluster uses it. */
    private final class Delegating extends AbstractSchedulerBase {
        @Override
        public Cancellable scheduleOnce(FiniteDuration delay, Runnable what, ExecutionContext where) {
            return scheduler.scheduleOnce(delay, what, where);
        }

        @Override
        @SuppressWarnings("deprecation")
        public Cancellable schedule(
                FiniteDuration first, FiniteDuration interval, Runnable what, ExecutionContext where) {
            return scheduler.schedule(first, interval, what, where);
        }

        @Override
        public double maxFrequency() {
            return scheduler.maxFrequency();
        }
    }

    @Test
    void tasksThatScheduleThemselvesAgainShareWakeUps() throws InterruptedException {
        Scheduler delegating = new Delegating();
        List<Cancellable> tasks = new ArrayList<>();
        for (int ms = 1; ms <= 10; ms++) {
            tasks.add(delegating.scheduleWithFixedDelay(Duration.ofMillis(ms), LATER, () -> {}, executor));
        }
        for (int i = 0; i < tasks.size(); i++) {
            next().run();
        }

        assertThat(scheduler.wakeUps()).isBetween(1, 2);
        assertThat(tasks).allMatch(Cancellable::cancel);
        assertThat(handedOver).isEmpty();
    }

    @Test
    void tasksThatAreDueTogetherAreRepeatedUntilEachIsCancelled() throws InterruptedException {
        Set<Integer> run = new HashSet<>();
        List<Cancellable> tasks = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int number = i;
            tasks.add(scheduler.scheduleWithFixedDelay(SOON, Duration.ofMillis(20), () -> run.add(number), executor));
        }
        for (int round = 0; round < 3; round++) {
            run.clear();
            while (run.size() < 3) {
                next().run();
            }
        }

        tasks.get(1).cancel();

        for (int round = 0; round < 3; round++) {
            run.clear();
            while (!run.containsAll(Set.of(0, 2))) {
                next().run();
            }
        }
        assertThat(run).doesNotContain(1);
    }

    @Test
    void aDelayOfZeroIsRefused() {
        assertThatThrownBy(() -> scheduler.scheduleWithFixedDelay(SOON, Duration.ZERO, () -> {}, executor))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRepeatedTaskThatFailsIsRepeated() throws InterruptedException {
        Runnable failing = () -> {
            throw new AssertionError("the fault of a test");
        };
        scheduler.scheduleWithFixedDelay(SOON, SOON, failing, executor);
        Runnable first = next();

        assertThatThrownBy(first::run).hasMessage("the fault of a test");

        next();
    }

    @Test
    void aMessageToAnActorThatHasStoppedIsNotRepeated() throws InterruptedException {
        Runnable ending = () -> {
            throw new SchedulerException("timer active for terminated actor");
        };
        Cancellable task = scheduler.scheduleWithFixedDelay(SOON, SOON, ending, executor);

        next().run();

        assertThat(task.isCancelled()).isTrue();
    }

    @Test
    void theEndRunsThoseTasksThatMustRunThen() {
        class OnClose implements Scheduler.TaskRunOnClose {
            private int runs;

            @Override
            public void run() {
                runs++;
            }
        }
        OnClose kept = new OnClose();
        OnClose cancelled = new OnClose();
        scheduler.scheduleOnce(LATER, kept, executor);
        scheduler.scheduleOnce(LATER, cancelled, executor).cancel();
        scheduler.scheduleOnce(LATER, () -> {}, executor);

        scheduler.close();

        assertThat(kept.runs).isEqualTo(1);
        assertThat(cancelled.runs).isZero();
        assertThat(handedOver).isEmpty();
        assertThatThrownBy(() -> scheduler.scheduleOnce(SOON, () -> {}, executor))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anExecutorThatHasEndedDoesNotEndTheScheduler() throws InterruptedException {
        ExecutionContext ended = new ExecutionContext() {
            @Override
            public void execute(Runnable task) {
                throw new IllegalStateException("the executor has ended");
            }

            @Override
            public void reportFailure(Throwable cause) {
                failures.add(cause);
            }
        };

        scheduler.scheduleOnce(SOON, () -> {}, ended);
        scheduler.scheduleOnce(Duration.ofMillis(5), () -> {}, executor);

        next();
        await().untilAsserted(() -> assertThat(failures).hasSize(1));
    }

    /** Tasks that are due at the same time run one after the other. */
    @Test
    void anErrorOfOneExecutorEndsNeitherItsTaskNorThoseThatAreDueWithIt() throws InterruptedException {
        AtomicInteger errors = new AtomicInteger();
        ExecutionContext broken = new ExecutionContext() {
            @Override
            public void execute(Runnable task) {
                throw new AssertionError("the fault of a test");
            }

            @Override
            public void reportFailure(Throwable cause) {
                errors.incrementAndGet();
            }
        };
        scheduler.scheduleWithFixedDelay(SOON, SOON, () -> {}, broken);
        scheduler.scheduleWithFixedDelay(SOON, SOON, () -> {}, executor);

        for (int i = 0; i < 5; i++) {
            next().run();
        }

        await().until(() -> errors.get() > 5);
    }
}
