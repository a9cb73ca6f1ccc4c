package org.sipdispatch.transport;

import akka.actor.AbstractScheduler;
import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.actor.SchedulerException;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import java.io.Closeable;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * The scheduler of an actor system. Its thread wakes when a task is due. Akka's own wakes a hundred times a second in
 * each actor system, which costs more than all else that an idle node does, and runs tasks up to 10 ms late.
 */
public final class DueTimeScheduler extends AbstractScheduler implements Closeable {
    private static final double MOST_PER_SECOND = 1_000;

    private final ScheduledThreadPoolExecutor timer;
    /** Those that must run if the actor system ends before they are due: they end its dispatchers. */
    private final Set<Task> onClose = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** Called by Akka, which reads the class name from its configuration. */
    public DueTimeScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
        timer = new ScheduledThreadPoolExecutor(1, threads);
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    private final class Task implements Runnable, Cancellable {
        private final Runnable what;
        private final ExecutionContext executor;
        private final boolean isPeriodic;
        private final Runnable whole = this::runWhole;
        private final AtomicBoolean underWay = new AtomicBoolean();
        private volatile Future<?> future;
        private volatile boolean began;

        Task(Runnable what, ExecutionContext executor, boolean isPeriodic) {
            this.what = what;
            this.executor = executor;
            this.isPeriodic = isPeriodic;
        }

        private boolean runsOnClose() {
            return what instanceof Scheduler.TaskRunOnClose;
        }

        @Override
        public void run() {
            if (runsOnClose()) {
                onClose.remove(this);
            }
            began = !isPeriodic;
            if (underWay.compareAndSet(false, true)) {
                try {
                    executor.execute(isPeriodic ? whole : what);
                } catch (RuntimeException e) {
                    // Otherwise a repeated task would end.
                    underWay.set(false);
                    executor.reportFailure(e);
                }
            }
        }

        private void runWhole() {
            try {
                what.run();
                underWay.set(false);
            } catch (SchedulerException e) {
                // Akka's request to end a task, such as a message to an actor that has stopped.
                cancel();
            } catch (RuntimeException e) {
                underWay.set(false);
                throw e;
            }
        }

        @Override
        public boolean cancel() {
            if (runsOnClose()) {
                onClose.remove(this);
            }
            return !began && future.cancel(false);
        }

        @Override
        public boolean isCancelled() {
            return future.isCancelled();
        }
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable what, ExecutionContext executor) {
        Task task = new Task(what, executor, false);
        return begin(task, () -> timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** Leaves out a run if the one before has not ended: there are never two at the same time. */
    @Override
    public Cancellable scheduleWithFixedDelay(
            FiniteDuration first, FiniteDuration delay, Runnable what, ExecutionContext executor) {
        Task task = new Task(what, executor, true);
        return begin(
                task, () -> timer.scheduleWithFixedDelay(task, first.toNanos(), delay.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    @SuppressWarnings("deprecation")
    public Cancellable schedule(
            FiniteDuration first, FiniteDuration interval, Runnable what, ExecutionContext executor) {
        Task task = new Task(what, executor, true);
        return begin(
                task, () -> timer.scheduleAtFixedRate(task, first.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
    }

    private Cancellable begin(Task task, Supplier<Future<?>> schedule) {
        if (task.runsOnClose()) {
            onClose.add(task);
        }
        try {
            task.future = schedule.get();
        } catch (RejectedExecutionException e) {
            onClose.remove(task);
            // The exception that Akka expects of a scheduler that has ended.
            throw new IllegalStateException("the scheduler has ended", e);
        }
        if (closed) {
            runOnClose();
        }
        return task;
    }

    @Override
    public double maxFrequency() {
        return MOST_PER_SECOND;
    }

    @Override
    public void close() {
        closed = true;
        timer.shutdownNow();
        runOnClose();
    }

    private void runOnClose() {
        for (Task task : onClose) {
            if (onClose.remove(task)) {
                task.what.run();
            }
        }
    }
}
