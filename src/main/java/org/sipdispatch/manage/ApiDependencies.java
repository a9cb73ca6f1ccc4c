package org.sipdispatch.manage;

import akka.actor.setup.Setup;
import java.util.List;
import org.sipdispatch.definitions.BadRows;
import org.sipdispatch.metrics.Metrics;
import org.sipdispatch.operations.Operations;

/** The dependencies of the routes, passed through the actor system's setup. */
public final class ApiDependencies extends Setup {
    private final Operations operations;
    private final List<String> partitions;
    private final String defaultPartition;
    private final Metrics metrics;
    private final BadRows badRows;
    private final EventClients eventClients = new EventClients(System::nanoTime);
    private final RenderedTraffic traffic;

    /**
     * Creates the dependencies.
     *
     * @param partitions the names of all configured partitions, including empty ones
     * @param defaultPartition the partition of a set that is named without one
     * @param metrics the source of {@code /metrics}
     * @param badRows what a reload does with unusable rows by default
     */
    public ApiDependencies(
            Operations operations, List<String> partitions, String defaultPartition, Metrics metrics, BadRows badRows) {
        this.operations = operations;
        this.partitions = List.copyOf(partitions);
        this.defaultPartition = defaultPartition;
        this.metrics = metrics;
        this.badRows = badRows;
        traffic = new RenderedTraffic(() -> operations.node().traffic(), System::nanoTime);
    }

    Operations operations() {
        return operations;
    }

    List<String> partitions() {
        return partitions;
    }

    String defaultPartition() {
        return defaultPartition;
    }

    BadRows badRows() {
        return badRows;
    }

    Metrics metrics() {
        return metrics;
    }

    EventClients eventClients() {
        return eventClients;
    }

    RenderedTraffic traffic() {
        return traffic;
    }
}
