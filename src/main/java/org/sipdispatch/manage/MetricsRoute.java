package org.sipdispatch.manage;

import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.metrics.Metrics;

/** The metrics for Prometheus, at {@code /metrics}. */
final class MetricsRoute extends AllDirectives {
    private final ApiDependencies dependencies;

    MetricsRoute(ApiDependencies dependencies) {
        this.dependencies = dependencies;
    }

    Route route() {
        return path(
                "metrics",
                () -> get(() -> optionalHeaderValueByName(
                        "Accept", accept -> encodeResponse(() -> completeWithFuture(scrape(accept.orElse("")))))));
    }

    private CompletionStage<HttpResponse> scrape(String accept) {
        boolean ready = dependencies.operations().node().reasonsNotReady().isEmpty();
        return dependencies.metrics().scrape(ready, accept).thenApply(MetricsRoute::response);
    }

    private static HttpResponse response(Metrics.ScrapeResponse page) {
        ContentType type = akka.http.scaladsl.model.ContentType.parse(page.contentType())
                .toOption()
                .get();
        return HttpResponse.create().withEntity(HttpEntities.create(type, page.bytes()));
    }
}
