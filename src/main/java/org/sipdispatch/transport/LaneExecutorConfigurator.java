package org.sipdispatch.transport;

import akka.dispatch.DispatcherPrerequisites;
import akka.dispatch.ExecutorServiceConfigurator;
import akka.dispatch.ExecutorServiceFactory;
import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;

/** Lets the dispatchers of a lane run on its one thread. */
final class LaneExecutorConfigurator extends ExecutorServiceConfigurator {
    private final LaneThread thread;
    private final boolean selects;

    /**
     * Called by Akka with the configuration of the dispatcher, whose key {@code selects} says whether its tasks wait for
     * sockets.
     */
    public LaneExecutorConfigurator(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        thread = LaneThread.of(prerequisites.settings());
        selects = config.getBoolean("selects");
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
        return () -> selects ? thread.selections(threads) : thread.mailboxes(threads);
    }
}
