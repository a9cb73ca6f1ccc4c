package org.sipdispatch.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The one thread of a lane. It runs the mailboxes of the lane's actors and, when none has work, Akka IO's wait for the
 * sockets: a datagram that arrives wakes one thread instead of three in turn.
 *
 * <p>Akka IO waits in a task that executes itself again when it ends. It runs if there is no other task, and without
 * waiting at least every {@value #MOST_MICROS} µs, so that a busy connection does not delay datagrams. A task from another
 * thread ends the wait by an interrupt, which a {@link java.nio.channels.Selector} answers like a wake-up. An interrupt
 * outside of the wait would close the channel that the thread uses, so it is sent under {@link #lock} only.
 */
final class LaneExecutor {
    private static final int MOST_MICROS = 200;

    private final LongSupplier nanoClock;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    /** The task of Akka IO while it does not run. There is one for each selector, and only one selector can be used. */
    private final Queue<Runnable> selections = new ConcurrentLinkedQueue<>();

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Object lock = new Object();
    private final Thread thread;
    private volatile boolean waiting;
    private volatile boolean shutdown;

    private long selectedNanos;

    LaneExecutor(ThreadFactory threads, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        thread = threads.newThread(this::runTasks);
        thread.start();
    }

    void execute(Runnable task) {
        add(tasks, task);
    }

    /** Executes a task that may wait for sockets. */
    void executeSelection(Runnable task) {
        add(selections, task);
    }

    private void add(Queue<Runnable> queue, Runnable task) {
        queue.add(task);
        if (Thread.currentThread() != thread) {
            wakeUp();
        }
    }

    private void wakeUp() {
        if (waiting) {
            synchronized (lock) {
                if (waiting) {
                    waiting = false;
                    thread.interrupt();
                }
            }
        }
    }

    private void runTasks() {
        while (!shutdown || !tasks.isEmpty()) {
            Runnable selection = isSelectionDue() ? selections.poll() : null;
            if (selection != null) {
                select(selection);
                continue;
            }
            Runnable task = tasks.poll();
            if (task == null) {
                awaitTask();
            } else {
                run(task);
            }
        }
        ended.countDown();
    }

    private boolean isSelectionDue() {
        return !shutdown && (tasks.isEmpty() || nanoClock.getAsLong() - selectedNanos >= MOST_MICROS * 1_000L);
    }

    /** Waits for sockets, but does not wait if there are other tasks. */
    private void select(Runnable selection) {
        if (!beginWait()) {
            thread.interrupt();
        }
        run(selection);
        endWait();
        selectedNanos = nanoClock.getAsLong();
    }

    private void awaitTask() {
        if (beginWait()) {
            synchronized (lock) {
                while (waiting) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        waiting = false;
                    }
                }
            }
            endWait();
        }
    }

    /** Returns false if there are tasks already. */
    private boolean beginWait() {
        waiting = true;
        if (tasks.isEmpty() && selections.isEmpty() && !shutdown) {
            return true;
        }
        endWait();
        return false;
    }

    /** The thread that ends a wait interrupts this one before it releases the lock. */
    private void endWait() {
        synchronized (lock) {
            waiting = false;
        }
        Thread.interrupted();
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            // Akka's handler ends the process after a fatal error; otherwise the lane continues.
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    /** Ends the thread after the tasks that wait, without those that wait for sockets. */
    void shutdown() {
        shutdown = true;
        wakeUp();
    }

    boolean isTerminated() {
        return ended.getCount() == 0;
    }

    boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return ended.await(timeout, unit);
    }
}
