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
    private final ApiDependencies doors;

    MetricsRoute(ApiDependencies doors) {
        this.doors = doors;
    }

    Route route() {
        return path(
                "metrics",
                () -> get(() -> optionalHeaderValueByName(
                        "Accept", accept -> encodeResponse(() -> completeWithFuture(scrape(accept.orElse("")))))));
    }

    private CompletionStage<HttpResponse> scrape(String accept) {
        boolean ready = doors.desk().node().reasonsNotReady().isEmpty();
        return doors.metrics().scrape(ready, accept).thenApply(MetricsRoute::response);
    }

    private static HttpResponse response(Metrics.ScrapeResponse page) {
        ContentType type = akka.http.scaladsl.model.ContentType.parse(page.contentType())
                .toOption()
                .get();
        return HttpResponse.create().withEntity(HttpEntities.create(type, page.bytes()));
    }
}
