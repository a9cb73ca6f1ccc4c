package org.sipdispatch.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of a lane. It runs the mailboxes of the lane's actors and, when none has work, Akka IO's wait for the
 * sockets: a datagram that arrives wakes one thread instead of three in turn.
 *
 * <p>Akka IO waits in a task that executes itself again when it ends. It takes its turn among the other tasks, so that a
 * busy connection does not delay datagrams, and waits only if there are none. A task from another thread ends the wait by
 * an interrupt, which a {@link java.nio.channels.Selector} answers like a wake-up. An interrupt outside of the wait would
 * close the channel that the thread uses, so it is sent under {@link #lock} only.
 */
final class LaneExecutor {
    /** A task of Akka IO that may wait for sockets. There is one for each selector, and only one selector can be used. */
    private record Selection(Runnable task) implements Runnable {
        @Override
        public void run() {
            task.run();
        }
    }

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Object lock = new Object();
    private final Thread thread;
    private volatile boolean waiting;
    private volatile boolean shutdown;

    LaneExecutor(ThreadFactory threads) {
        thread = threads.newThread(this::runTasks);
        thread.start();
    }

    void execute(Runnable task) {
        tasks.add(task);
        if (Thread.currentThread() != thread) {
            wakeUp();
        }
    }

    /** Executes a task that may wait for sockets. */
    void executeSelection(Runnable task) {
        execute(new Selection(task));
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
            Runnable task = tasks.poll();
            if (task == null) {
                awaitTask();
            } else if (!(task instanceof Selection selection)) {
                run(task);
            } else if (!shutdown) {
                select(selection);
            }
        }
        ended.countDown();
    }

    /** Waits for sockets, but does not wait if there are other tasks. */
    private void select(Selection selection) {
        if (!beginWait()) {
            thread.interrupt();
        }
        run(selection);
        endWait();
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
        if (tasks.isEmpty() && !shutdown) {
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
