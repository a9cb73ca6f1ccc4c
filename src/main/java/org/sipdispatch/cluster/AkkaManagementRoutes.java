package org.sipdispatch.cluster;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.HttpsConnectionContext;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.AkkaManagement;
import akka.stream.SystemMaterializer;

/** Serves the routes of Akka Management of the current cluster session. */
public interface AkkaManagementRoutes {
    /** Whether this node serves the routes at all. */
    boolean areServed();

    /** A session has started: serve these routes in place of the previous ones. */
    void begin(Route routes);

    /** The session of these routes has ended. Does nothing if the next session has already started. */
    void end(Route routes);

    /** The context of requests to the management servers of the other nodes; null if they have no TLS. */
    HttpsConnectionContext toOtherNodes();

    /** Serves the routes of this session until it ends. */
    default void serve(ActorSystem<?> session) {
        if (areServed()) {
            HttpsConnectionContext tls = toOtherNodes();
            if (tls != null) {
                Http.get(session).setDefaultClientHttpsContext(tls);
            }
            // Bootstrap's route takes the cluster from the actor system that runs the route.
            Route routes = Directives.withMaterializer(
                    SystemMaterializer.get(session).materializer(),
                    () -> AkkaManagement.get(session)
                            // Bootstrap uses https for the other nodes if this one does.
                            .getRoutes(own -> tls == null ? own : own.withHttpsConnectionContext(tls)));
            begin(routes);
            session.getWhenTerminated().whenComplete((done, failure) -> end(routes));
        }
    }

    /** For a node that does not serve the routes. */
    static AkkaManagementRoutes none() {
        return new AkkaManagementRoutes() {
            @Override
            public boolean areServed() {
                return false;
            }

            @Override
            public void begin(Route routes) {}

            @Override
            public void end(Route routes) {}

            @Override
            public HttpsConnectionContext toOtherNodes() {
                return null;
            }
        };
    }
}
