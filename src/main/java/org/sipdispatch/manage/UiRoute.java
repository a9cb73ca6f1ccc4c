package org.sipdispatch.manage;

import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;

/** The page for people, under {@code /dispatcher/ui}. */
final class UiRoute extends AllDirectives {
    private final Doors doors;

    UiRoute(Doors doors) {
        this.doors = doors;
    }

    Route route() {
        return reject();
    }
}
