package org.sipdispatch.transport;

import akka.actor.ActorSystem;
import akka.actor.setup.Setup;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * Lets the dispatchers of a lane's actor system share one {@link LaneExecutor}. Akka IO waits for sockets through a
 * dispatcher of its own, because it may do so only once per task, while mailboxes process many messages per task.
 */
final class LaneThread extends Setup {
    private final LongSupplier nanoClock;
    private LaneExecutor executor;
    private int users;

    LaneThread() {
        this(System::nanoTime);
    }

    LaneThread(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** The thread of a lane; a new one for each dispatcher if the actor system is not a lane's. */
    static LaneThread of(ActorSystem.Settings settings) {
        return settings.setup().get(LaneThread.class).orElseGet(LaneThread::new);
    }

    /** The executor for mailboxes. */
    ExecutorService mailboxes(ThreadFactory threads) {
        return new DispatcherExecutor(acquire(threads), LaneExecutor::execute);
    }

    /** The executor for tasks that wait for sockets. */
    ExecutorService selections(ThreadFactory threads) {
        return new DispatcherExecutor(acquire(threads), LaneExecutor::executeSelection);
    }

    private synchronized LaneExecutor acquire(ThreadFactory threads) {
        if (users++ == 0) {
            executor = new LaneExecutor(threads, nanoClock);
        }
        return executor;
    }

    private synchronized void release() {
        if (--users == 0) {
            executor.shutdown();
        }
    }

    /** The part of one dispatcher, which ends when its dispatcher does. */
    private final class DispatcherExecutor extends AbstractExecutorService {
        private final LaneExecutor shared;
        private final BiConsumer<LaneExecutor, Runnable> execute;
        private volatile boolean shutdown;

        DispatcherExecutor(LaneExecutor shared, BiConsumer<LaneExecutor, Runnable> execute) {
            this.shared = shared;
            this.execute = execute;
        }

        @Override
        public void execute(Runnable task) {
            if (shutdown) {
                throw new RejectedExecutionException("the dispatcher of the lane was shut down");
            }
            execute.accept(shared, task);
        }

        @Override
        public void shutdown() {
            if (!shutdown) {
                shutdown = true;
                release();
            }
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown();
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown && shared.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return shared.awaitTermination(timeout, unit);
        }
    }
}
