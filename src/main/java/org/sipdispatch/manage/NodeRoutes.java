package org.sipdispatch.manage;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.operations.Operations;

/** The state and traffic of this node, health checks and the OpenAPI document. */
final class NodeRoutes {
    private static final String DOCUMENT = "/org/sipdispatch/manage/openapi.json";

    private final Operations operations;

    NodeRoutes(Operations operations) {
        this.operations = operations;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        "/dispatcher/node",
                        Endpoint.value(ask -> operations.node().show(), JsonViews::node)),
                Endpoint.get(
                        "/dispatcher/sources",
                        Endpoint.value(ask -> operations.node().sources(), JsonViews::sources)),
                Endpoint.get(
                        "/dispatcher/traffic",
                        Endpoint.value(ask -> operations.node().traffic(), TrafficJson::of)),
                Endpoint.get("/dispatcher/whoami", Endpoint.value(ApiRequest::caller, JsonViews::caller)),
                Endpoint.get("/dispatcher/ready", this::ready),
                Endpoint.get("/ready", this::ready),
                Endpoint.get(
                        "/alive",
                        ask -> now(Json.response(StatusCodes.OK, Json.object().put("alive", true)))),
                Endpoint.get("/dispatcher/openapi.json", ask -> now(document())));
    }

    private static CompletionStage<HttpResponse> now(HttpResponse response) {
        return CompletableFuture.completedFuture(response);
    }

    private CompletionStage<HttpResponse> ready(ApiRequest ask) {
        List<String> reasons = operations.node().reasonsNotReady();
        return now(Json.response(
                reasons.isEmpty() ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE,
                JsonViews.readiness(reasons, operations.node().differingNodes().size())));
    }

    private static HttpResponse document() {
        try (InputStream document = NodeRoutes.class.getResourceAsStream(DOCUMENT)) {
            return HttpResponse.create()
                    .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, document.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
