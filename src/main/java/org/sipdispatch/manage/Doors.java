package org.sipdispatch.manage;

import akka.actor.setup.Setup;
import org.sipdispatch.desk.Desk;
import org.sipdispatch.metrics.Metrics;

/** What the routes need, given to them by way of the actor system that makes them. */
public final class Doors extends Setup {
    private final Desk desk;
    private final Metrics metrics;

    public Doors(Desk desk, Metrics metrics) {
        this.desk = desk;
        this.metrics = metrics;
    }

    Desk desk() {
        return desk;
    }

    Metrics metrics() {
        return metrics;
    }
}
