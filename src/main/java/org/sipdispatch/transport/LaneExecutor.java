package org.sipdispatch.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The one thread of a lane. It runs the mailboxes of the lane's actors and, when none has work, waits for the lane's
 * UDP sockets: a datagram that arrives wakes one thread instead of three in turn. While mailboxes have work it looks at
 * the sockets without waiting, at least every {@value #MOST_MICROS} µs, so that a busy connection does not delay
 * datagrams.
 */
abstract class LaneExecutor {
    private static final int MOST_MICROS = 200;

    /** Only the thread itself adds tasks without a wake-up. */
    final Thread thread;

    private final LongSupplier nanoClock;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Runnable selection = this::select;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean shutdown;

    private long selectedNanos;

    LaneExecutor(ThreadFactory threads, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        thread = threads.newThread(this::runTasks);
    }

    void start() {
        thread.start();
    }

    /**
     * Handles the sockets that are ready. Waits for sockets and tasks only while {@link #hasWork} is false, and until
     * {@link #wakeUp} is called.
     */
    abstract void select();

    /** Ends the wait in {@link #select}; on any thread. */
    abstract void wakeUp();

    /** Releases the sockets after the last task. */
    abstract void close();

    /** Executes a task of Akka IO that may wait for sockets. */
    abstract void executeSelection(Runnable task);

    final void execute(Runnable task) {
        add(tasks, task);
    }

    final void add(Queue<Runnable> queue, Runnable task) {
        queue.add(task);
        if (Thread.currentThread() != thread) {
            wakeUp();
        }
    }

    final long nanoTime() {
        return nanoClock.getAsLong();
    }

    /** Whether the thread must not wait for sockets. */
    final boolean hasWork() {
        return !tasks.isEmpty() || shutdown;
    }

    private void runTasks() {
        while (!shutdown || !tasks.isEmpty()) {
            if (isSelectionDue()) {
                run(selection);
                selectedNanos = nanoClock.getAsLong();
            }
            Runnable task = tasks.poll();
            if (task != null) {
                run(task);
            }
        }
        run(this::close);
        ended.countDown();
    }

    private boolean isSelectionDue() {
        return !shutdown && (tasks.isEmpty() || nanoClock.getAsLong() - selectedNanos >= MOST_MICROS * 1_000L);
    }

    final void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // Akka's handler ends the process after a fatal error; otherwise the lane continues.
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    /** Ends the thread after the tasks that wait, without those that wait for sockets. */
    final void shutdown() {
        shutdown = true;
        wakeUp();
    }

    final boolean isTerminated() {
        return ended.getCount() == 0;
    }

    final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return ended.await(timeout, unit);
    }
}
