package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import java.util.List;
import org.sipdispatch.desk.Desk;

/** {@code /alive} and {@code /ready}, for whoever restarts processes and balances calls. They work without a cluster. */
final class HealthRoutes extends AllDirectives {
    private final Desk desk;

    HealthRoutes(Desk desk) {
        this.desk = desk;
    }

    Route route() {
        return concat(
                path("alive", () -> get(() -> complete(json(200, Json.object().put("alive", true))))),
                path(
                        "ready",
                        () -> get(() ->
                                completeWithFuture(desk.readiness().answer().thenApply(HealthRoutes::readiness)))));
    }

    private static HttpResponse readiness(List<String> reasons) {
        var node = Json.object().put("ready", reasons.isEmpty());
        reasons.forEach(node.putArray("reasons")::add);
        return json(reasons.isEmpty() ? 200 : 503, node);
    }

    private static HttpResponse json(int status, com.fasterxml.jackson.databind.JsonNode node) {
        return HttpResponse.create()
                .withStatus(status)
                .withEntity(akka.http.javadsl.model.ContentTypes.APPLICATION_JSON, Json.text(node) + "\n");
    }
}
