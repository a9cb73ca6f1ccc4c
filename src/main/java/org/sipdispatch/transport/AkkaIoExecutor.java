package org.sipdispatch.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * The thread of a lane whose UDP sockets Akka IO reads. Akka IO waits in a task that executes itself again when it
 * ends. A task from another thread ends the wait by an interrupt, which a {@link java.nio.channels.Selector} answers
 * like a wake-up. An interrupt outside of the wait would close the channel that the thread uses, so it is sent under
 * {@link #lock} only.
 */
final class AkkaIoExecutor extends LaneExecutor {
    /** The task of Akka IO while it does not run. There is one for each selector, and only one selector can be used. */
    private final Queue<Runnable> selections = new ConcurrentLinkedQueue<>();

    private final Object lock = new Object();
    private volatile boolean waiting;

    AkkaIoExecutor(ThreadFactory threads, LongSupplier nanoClock) {
        super(threads, nanoClock);
    }

    @Override
    void executeSelection(Runnable task) {
        add(selections, task);
    }

    @Override
    void wakeUp() {
        if (waiting) {
            synchronized (lock) {
                if (waiting) {
                    waiting = false;
                    thread.interrupt();
                }
            }
        }
    }

    @Override
    void select() {
        Runnable task = selections.poll();
        if (task == null) {
            awaitTask();
            return;
        }
        if (!beginWait()) {
            thread.interrupt();
        }
        run(task);
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
        if (!hasWork() && selections.isEmpty()) {
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

    @Override
    void close() {
        // Akka IO closes its selector.
    }
}
