package org.sipdispatch.manage;

import akka.actor.ExtendedActorSystem;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProviderSettings;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.sipdispatch.operations.Operations;

/** Our routes in Akka Management HTTP. */
final class DispatcherRoutes extends AllDirectives implements akka.management.javadsl.ManagementRouteProvider {
    private static final Set<String> OURS = Set.of("dispatcher", "mi", "metrics");

    private final ApiDependencies dependencies;

    /** Called by Akka Management. */
    public DispatcherRoutes(ExtendedActorSystem system) {
        this(system.settings().setup().get(ApiDependencies.class).orElseThrow());
    }

    /** The routes of a server without a cluster. */
    DispatcherRoutes(ApiDependencies dependencies) {
        this.dependencies = dependencies;
    }

    @Override
    public Route routes(ManagementRouteProviderSettings settings) {
        return route();
    }

    /** Requests for other paths fall through to the routes of Akka Management. */
    Route route() {
        Route all = concat(
                new MiRoute(dependencies).route(),
                new MetricsRoute(dependencies).route(),
                new UiRoute().route(),
                new RouteTable(endpoints(dependencies), dependencies.defaultPartition()).route());
        Route nothingElse = ErrorResponses.sealed(all);
        return extractRequest(request -> isOurs(request) ? nothingElse : all);
    }

    private static boolean isOurs(HttpRequest request) {
        Iterator<String> path = request.getUri().pathSegments().iterator();
        return path.hasNext() && OURS.contains(path.next());
    }

    /** All endpoints except MI, metrics and the web page. */
    static List<Endpoint> endpoints(ApiDependencies dependencies) {
        Operations operations = dependencies.operations();
        PartitionNames partitions = new PartitionNames(dependencies.partitions());
        return Stream.of(
                        new SetRoutes(operations).endpoints(),
                        new DestinationRoutes(operations, partitions).endpoints(),
                        new OrderRoutes(operations, partitions, dependencies.badRows()).endpoints(),
                        new FigureRoutes(operations).endpoints(),
                        new LimitRoutes(operations).endpoints(),
                        new PickRoute(operations).endpoints(),
                        new HistoryRoute(operations).endpoints(),
                        new EventsRoute(dependencies).endpoints(),
                        new MaintenanceRoutes(operations).endpoints(),
                        new NodeRoutes(operations).endpoints())
                .flatMap(List::stream)
                .toList();
    }
}
