package org.sipdispatch.cluster;

import akka.http.javadsl.server.Route;

/** Where the routes of Akka Management are served: those of the life in the cluster that this node has now. */
public interface SessionRoutes {
    /** Whether they are served at all. */
    boolean areServed();

    /** A life has begun: from now on these are served, in place of those before. */
    void begin(Route routes);

    /** That life is over. If another one has begun meanwhile, nothing changes. */
    void end(Route routes);

    /** For a node that serves none. */
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
