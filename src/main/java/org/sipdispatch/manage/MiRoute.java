package org.sipdispatch.manage;

import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;

/** OpenSIPS' management interface, JSON-RPC 2.0 at {@code /mi}. */
final class MiRoute extends AllDirectives {
    private final Doors doors;

    MiRoute(Doors doors) {
        this.doors = doors;
    }

    Route route() {
        return reject();
    }
}
