package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.javadsl.Source;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.operations.OperationException;

/** Streams all events as server-sent events. */
final class EventsRoute {
    private static final String LAST = "Last-Event-ID";

    private final ApiDependencies dependencies;

    EventsRoute(ApiDependencies dependencies) {
        this.dependencies = dependencies;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/dispatcher/events", this::events).query("partition", "set", "traffic", "lastEventId"));
    }

    private CompletionStage<HttpResponse> events(ApiRequest ask) {
        EventStage.Request request =
                new EventStage.Request(ask.setFilter(), after(ask), ask.query().flag("traffic"));
        EventClients.ClientSlot slot = dependencies.eventClients().take();
        if (!dependencies.operations().history().isPossible()) {
            slot.release();
            throw new OperationException(
                    OperationException.RefusalReason.UNAVAILABLE, "node: starting (expected: one that has started)");
        }
        return CompletableFuture.completedFuture(HttpResponse.create()
                .addHeader(CacheControl.create(CacheDirectives.NO_CACHE))
                .addHeader(RawHeader.create("X-Accel-Buffering", "no"))
                .withEntity(HttpEntities.create(
                        MediaTypes.TEXT_EVENT_STREAM.toContentType(),
                        Source.fromGraph(new EventStage(dependencies, request, slot, EventStage.Intervals.DEFAULT)))));
    }

    /** A browser that reconnects sends the header field; the parameter is for clients that cannot set it. */
    private static long after(ApiRequest ask) {
        String header = ask.header(LAST);
        boolean given = header != null && !header.isEmpty();
        String text = given ? header : ask.query().text("lastEventId");
        return text == null ? -1 : QueryParameters.number(given ? LAST : "lastEventId", text, 0, Long.MAX_VALUE);
    }
}
