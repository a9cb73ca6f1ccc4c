package org.sipdispatch.app;

import org.sipdispatch.cluster.AkkaManagementRoutes;
import org.sipdispatch.manage.ApiDependencies;
import org.sipdispatch.manage.ManageServer;
import org.sipdispatch.tls.CertificatesInUse;

/**
 * The HTTP interface of this node.
 *
 * @param server null if the interface is disabled
 */
record ManagementEndpoint(ApiDependencies dependencies, ManageServer server) implements AutoCloseable {
    /**
     * Starts the server if it is enabled, or needed by Cluster Bootstrap.
     *
     * @param certificates receives the certificate that it presents
     */
    static ManagementEndpoint start(
            NodeSettings settings, ApiDependencies dependencies, CertificatesInUse certificates) {
        boolean wanted = settings.management().enabled() || settings.cluster().bootstrap();
        return new ManagementEndpoint(
                dependencies,
                wanted
                        ? ManageServer.start(
                                settings.management(),
                                settings.cluster().tls(),
                                settings.manageSystem(),
                                dependencies,
                                certificates)
                        : null);
    }

    AkkaManagementRoutes routes() {
        return server == null ? AkkaManagementRoutes.none() : server;
    }

    /** The port; 0 if the interface is disabled. */
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
