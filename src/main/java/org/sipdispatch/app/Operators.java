package org.sipdispatch.app;

import org.sipdispatch.cluster.SessionRoutes;
import org.sipdispatch.manage.Doors;
import org.sipdispatch.manage.ManageServer;

/**
 * How operators reach this node.
 *
 * @param server null where they do not
 */
record Operators(Doors doors, ManageServer server) implements AutoCloseable {
    /** Opens their door, if there is to be one; the nodes of a cluster that is found by bootstrap need it too. */
    static Operators start(NodeSettings settings, Doors doors) {
        boolean wanted = settings.management().enabled() || settings.cluster().bootstrap();
        return new Operators(
                doors, wanted ? ManageServer.start(settings.management(), settings.manageSystem(), doors) : null);
    }

    SessionRoutes routes() {
        return server == null ? SessionRoutes.none() : server;
    }

    /** 0 where there is none. */
    int port() {
        return server == null ? 0 : server.port();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
    }
}
