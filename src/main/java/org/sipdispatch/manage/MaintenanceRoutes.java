package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.sipdispatch.operations.MaintenanceOperations.MaintenanceProgress;
import org.sipdispatch.operations.MaintenanceOrder;
import org.sipdispatch.operations.Operations;

/** Takes this node out of traffic and back. */
final class MaintenanceRoutes {
    private static final String PATH = "/dispatcher/maintenance";

    private final Operations operations;

    MaintenanceRoutes(Operations operations) {
        this.operations = operations;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        PATH, Endpoint.value(ask -> operations.maintenance().show(), MaintenanceRoutes::json)),
                Endpoint.post(
                                PATH + "/on",
                                Endpoint.json(
                                        ask -> operations
                                                .maintenance()
                                                .begin(
                                                        ask.caller(),
                                                        ask.why(),
                                                        ask.fields().flag("keep")),
                                        MaintenanceRoutes::json))
                        .fields("keep", "why", "who"),
                Endpoint.post(
                                PATH + "/off",
                                Endpoint.json(
                                        ask -> operations.maintenance().end(ask.caller(), ask.why()),
                                        MaintenanceRoutes::json))
                        .fields("why", "who"));
    }

    static ObjectNode json(MaintenanceProgress progress) {
        MaintenanceOrder order = progress.order();
        ObjectNode node = Json.object()
                .put("node", progress.node())
                .put("maintenance", progress.isOn())
                .put("keep", order != null && order.kept())
                .put("sinceMs", order == null ? 0 : order.sinceMs())
                .put("who", order == null ? "" : order.who())
                .put("why", order == null ? "" : order.why())
                .put("openCalls", progress.openCalls())
                .put("ringing", progress.ringing())
                .put("pending", progress.pending())
                .put("done", progress.isDone());
        progress.takingNodes().forEach(node.putArray("takingNodes")::add);
        return node.put("warning", progress.warning());
    }
}
