package org.sipdispatch.transport;

import akka.actor.AbstractScheduler;
import akka.actor.Cancellable;
import akka.actor.Scheduler;
import akka.actor.SchedulerException;
import akka.event.LoggingAdapter;
import com.typesafe.config.Config;
import java.io.Closeable;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * The scheduler of an actor system. Its thread wakes when a task is due; Akka's own wakes a hundred times a second. After
 * the first run, tasks that are repeated with a fixed delay run at {@link CommonTimes}, all that are due at one of them
 * with one wake-up. A repeated task is left out while its previous run has not ended.
 */
public final class DueTimeScheduler extends AbstractScheduler implements Closeable {
    private static final double MOST_PER_SECOND = 1_000;

    private final ScheduledThreadPoolExecutor timer;
    private final CommonTimes times = new CommonTimes(System.nanoTime());
    /** The tasks that are due at a common time, by that time in nanoseconds. */
    private final Map<Long, Set<Task>> together = new HashMap<>();
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

    private class Task implements Runnable, Cancellable {
        private final Runnable what;
        private final ExecutionContext executor;
        private final boolean isRepeated;
        /** Whether a run is under way; if the task is not repeated, whether it was handed over or cancelled. */
        private final AtomicBoolean taken = new AtomicBoolean();

        private final AtomicBoolean cancelled = new AtomicBoolean();
        /** Null until it is known; the first run may begin before that. */
        private volatile Future<?> future;
        /** The common time at which it is due; guarded by {@link #together}. */
        private long commonNanos;

        Task(Runnable what, ExecutionContext executor, boolean isRepeated) {
            this.what = what;
            this.executor = executor;
            this.isRepeated = isRepeated;
        }

        private boolean runsOnClose() {
            return what instanceof Scheduler.TaskRunOnClose;
        }

        private void leaveClose() {
            if (runsOnClose()) {
                onClose.remove(this);
            }
        }

        private void scheduled(Future<?> by) {
            future = by;
            if (cancelled.get()) {
                by.cancel(false);
            }
        }

        @Override
        public void run() {
            leaveClose();
            if (cancelled.get() || !taken.compareAndSet(false, true)) {
                return;
            }
            try {
                executor.execute(isRepeated ? this::runOnce : what);
            } catch (RuntimeException | Error e) {
                // Otherwise a repeated task would end, and so would those that are due with it.
                taken.set(!isRepeated);
                executor.reportFailure(e);
            }
        }

        private void runOnce() {
            try {
                what.run();
            } catch (SchedulerException e) {
                // Akka's request to end a task, such as a message to an actor that has stopped.
                cancel();
            } finally {
                taken.set(false);
            }
        }

        @Override
        public boolean cancel() {
            leaveClose();
            boolean isFirst = isRepeated ? !cancelled.getAndSet(true) : taken.compareAndSet(false, true);
            if (isFirst) {
                cancelled.set(true);
                Future<?> known = future;
                if (known != null) {
                    known.cancel(false);
                }
                leaveCommonTime(this);
            }
            return isFirst;
        }

        @Override
        public boolean isCancelled() {
            return cancelled.get();
        }
    }

    /** A task that is repeated with a fixed delay. */
    private final class Repeated extends Task {
        private final long delayNanos;

        Repeated(Runnable what, ExecutionContext executor, long delayNanos) {
            super(what, executor, true);
            this.delayNanos = delayNanos;
        }

        @Override
        public void run() {
            super.run();
            try {
                runAtCommonTime(this, delayNanos);
            } catch (RejectedExecutionException e) {
                // The scheduler has ended, and no task is repeated.
            }
        }
    }

    private void runAtCommonTime(Task task, long delayNanos) {
        long nowNanos = System.nanoTime();
        long dueNanos = times.next(nowNanos, delayNanos);
        synchronized (together) {
            if (task.isCancelled()) {
                return;
            }
            Set<Task> others = together.get(dueNanos);
            if (others == null) {
                timer.schedule(() -> runTogether(dueNanos), dueNanos - nowNanos, TimeUnit.NANOSECONDS);
                others = new LinkedHashSet<>();
                together.put(dueNanos, others);
            }
            task.commonNanos = dueNanos;
            others.add(task);
        }
    }

    private void runTogether(long dueNanos) {
        Set<Task> due;
        synchronized (together) {
            due = together.remove(dueNanos);
        }
        due.forEach(Task::run);
    }

    private void leaveCommonTime(Task task) {
        synchronized (together) {
            Set<Task> others = together.get(task.commonNanos);
            if (others != null) {
                others.remove(task);
            }
        }
    }

    /**
     * Whether the task schedules itself again at the end of each run. Akka repeats in this way what its cluster does at
     * intervals, because it does not use the scheduler of the actor system directly.
     */
    private static boolean repeatsItself(Runnable what) {
        return what.getClass().getName().startsWith(Scheduler.class.getName() + "$$anon$1$");
    }

    /** The number of times at which the thread will wake. */
    int wakeUps() {
        return timer.getQueue().size();
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable what, ExecutionContext executor) {
        Task task = new Task(what, executor, false);
        return begin(task, () -> {
            if (delay.toNanos() > 0 && repeatsItself(what)) {
                runAtCommonTime(task, delay.toNanos());
            } else {
                task.scheduled(timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS));
            }
        });
    }

    @Override
    public Cancellable scheduleWithFixedDelay(
            FiniteDuration first, FiniteDuration delay, Runnable what, ExecutionContext executor) {
        if (delay.toNanos() <= 0) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: more than 0)");
        }
        Task task = new Repeated(what, executor, delay.toNanos());
        return begin(task, () -> task.scheduled(timer.schedule(task, first.toNanos(), TimeUnit.NANOSECONDS)));
    }

    @Override
    @SuppressWarnings("deprecation")
    public Cancellable schedule(
            FiniteDuration first, FiniteDuration interval, Runnable what, ExecutionContext executor) {
        Task task = new Task(what, executor, true);
        return begin(
                task,
                () -> task.scheduled(
                        timer.scheduleAtFixedRate(task, first.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS)));
    }

    private Cancellable begin(Task task, Runnable schedule) {
        if (task.runsOnClose()) {
            onClose.add(task);
        }
        try {
            schedule.run();
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
