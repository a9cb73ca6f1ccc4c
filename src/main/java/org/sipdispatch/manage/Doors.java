package org.sipdispatch.manage;

import akka.actor.setup.Setup;
import java.util.List;
import org.sipdispatch.cluster.BadRows;
import org.sipdispatch.desk.Desk;
import org.sipdispatch.metrics.Metrics;

/** What the routes need, given to them by way of the actor system that makes them. */
public final class Doors extends Setup {
    private final Desk desk;
    private final List<String> partitions;
    private final Metrics metrics;
    private final BadRows badRows;
    private final EventClients eventClients = new EventClients(System::nanoTime);
    private final RenderedTraffic traffic;

    /** Opens them; a reload over HTTP is strict where it does not say otherwise. */
    public Doors(Desk desk, List<String> partitions, Metrics metrics) {
        this(desk, partitions, metrics, BadRows.REFUSE);
    }

    /**
     * Opens them.
     *
     * @param partitions the names of all that are configured, with destinations or without
     * @param metrics what is counted
     * @param badRows what a reload over HTTP does with rows that cannot be used
     */
    public Doors(Desk desk, List<String> partitions, Metrics metrics, BadRows badRows) {
        this.desk = desk;
        this.partitions = List.copyOf(partitions);
        this.metrics = metrics;
        this.badRows = badRows;
        traffic = new RenderedTraffic(() -> desk.showTraffic().answer(), System::nanoTime);
    }

    Desk desk() {
        return desk;
    }

    List<String> partitions() {
        return partitions;
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
