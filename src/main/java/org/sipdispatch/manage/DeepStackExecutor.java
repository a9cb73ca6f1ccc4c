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
 * A dispatcher with large stacks. The parser of Akka HTTP calls itself for each request in the bytes that it reads at
 * once: with the default stack size a client that pipelines a thousand small requests would cause a stack overflow and
 * end the server.
 */
final class DeepStackExecutor extends ExecutorServiceConfigurator {
    /** The operating system allocates memory only for the part that is used. */
    private static final long STACK_BYTES = 32L << 20;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final int threads;

    /** Called by Akka with the configuration of the dispatcher, whose key {@code threads} is the number of threads. */
    public DeepStackExecutor(Config config, DispatcherPrerequisites prerequisites) {
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
