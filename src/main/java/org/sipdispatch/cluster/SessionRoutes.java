package org.sipdispatch.cluster;

import akka.http.javadsl.server.Route;

/** Serves the routes of Akka Management of the current cluster session. */
public interface SessionRoutes {
    /** Whether this node serves the routes at all. */
    boolean areServed();

    /** A session has started: serve these routes in place of the previous ones. */
    void begin(Route routes);

    /** The session of these routes has ended. Does nothing if the next session has already started. */
    void end(Route routes);

    /** For a node that does not serve the routes. */
    static SessionRoutes none() {
        return new SessionRoutes() {
            @Override
            public boolean areServed() {
                return false;
            }

            @Override
            public void begin(Route routes) {}

            @Override
            public void end(Route routes) {}
        };
    }
}
