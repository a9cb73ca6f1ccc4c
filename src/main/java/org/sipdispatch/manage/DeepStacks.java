package org.sipdispatch.manage;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for a parser that calls itself for each request that it finds in what it reads at once: Akka HTTP's. With the
 * usual stack whoever sends a thousand small requests without waiting for answers would end the whole server.
 */
public final class DeepStacks extends ExecutorServiceConfigurator {
    /** Most of it is never touched, and so takes no memory. */
    private static final long STACK_BYTES = 32L << 20;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final int threads;

    /** As Akka calls it, with the configuration of a dispatcher, which says the number of {@code threads}. */
    public DeepStacks(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        threads = config.getInt("threads");
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory unused) {
        return this::executor;
    }

    private ExecutorService executor() {
        return Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(null, work, "manage-" + NUMBER.incrementAndGet(), STACK_BYTES);
            thread.setDaemon(true);
            return thread;
        });
    }
}
