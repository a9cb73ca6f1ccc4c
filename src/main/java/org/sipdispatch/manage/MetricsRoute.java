package org.sipdispatch.manage;

import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;

/** What is counted, for Prometheus, at {@code /metrics}. */
final class MetricsRoute extends AllDirectives {
    private final Doors doors;

    MetricsRoute(Doors doors) {
        this.doors = doors;
    }

    Route route() {
        return reject();
    }
}
