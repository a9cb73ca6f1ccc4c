package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.stream.Materializer;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.operations.OperationException;

/** The routes of all endpoints. Refuses all other paths below {@link #OWN}. */
final class RouteTable extends AllDirectives {
    private static final String OWN = "dispatcher";
    private static final String PAGE = "ui";
    private static final long BODY_MS = 10_000;

    private final List<Endpoint> endpoints;
    private final String defaultPartition;

    /** @param defaultPartition the partition of a set that a request names without one */
    RouteTable(List<Endpoint> endpoints, String defaultPartition) {
        this.endpoints = endpoints;
        this.defaultPartition = defaultPartition;
    }

    Route route() {
        return extractRequest(request -> isOurs(path(request))
                ? extractMaterializer(materializer -> handle(asked -> answer(asked, materializer)))
                : reject());
    }

    private boolean isOurs(List<String> path) {
        return isBelow(path) || endpoints.stream().anyMatch(one -> one.matches(path));
    }

    /** The web page has its own route. */
    private static boolean isBelow(List<String> path) {
        return !path.isEmpty()
                && path.get(0).equals(OWN)
                && (path.size() == 1 || !path.get(1).equals(PAGE));
    }

    private static List<String> path(HttpRequest request) {
        List<String> path = new ArrayList<>();
        request.getUri().pathSegments().forEach(path::add);
        return path;
    }

    private CompletionStage<HttpResponse> answer(HttpRequest request, Materializer materializer) {
        List<String> path = path(request);
        List<Endpoint> matching =
                endpoints.stream().filter(one -> one.matches(path)).toList();
        String method = method(request);
        return matching.stream()
                .filter(one -> one.method().equals(method))
                .findFirst()
                .map(one -> answer(one, request, path, materializer))
                .orElseGet(() -> {
                    request.discardEntityBytes(materializer);
                    return CompletableFuture.completedFuture(
                            matching.isEmpty()
                                    ? ErrorResponses.ofPath(request)
                                    : ErrorResponses.ofMethod(
                                            request,
                                            matching.stream()
                                                    .map(Endpoint::method)
                                                    .toList()));
                });
    }

    /** HEAD is handled as GET; the server omits the body. */
    private static String method(HttpRequest request) {
        return request.method().equals(HttpMethods.HEAD)
                ? HttpMethods.GET.name()
                : request.method().name();
    }

    private CompletionStage<HttpResponse> answer(
            Endpoint endpoint, HttpRequest request, List<String> path, Materializer materializer) {
        return body(endpoint, request, materializer)
                .thenCompose(body ->
                        endpoint.action().handle(new ApiRequest(endpoint, request, path, body, defaultPartition)))
                .exceptionally(failure -> ErrorResponses.of(request, failure));
    }

    private static CompletionStage<ByteString> body(Endpoint endpoint, HttpRequest request, Materializer materializer) {
        if (endpoint.method().equals("GET")) {
            request.discardEntityBytes(materializer);
            return CompletableFuture.completedFuture(ByteString.emptyByteString());
        }
        return request.entity().toStrict(BODY_MS, materializer).handle((body, failure) -> {
            if (failure == null) {
                return body.getData();
            }
            boolean late = ErrorResponses.cause(failure) instanceof java.util.concurrent.TimeoutException;
            throw late
                    ? OperationException.bad("body", "unfinished", "all of it within " + BODY_MS / 1000 + " s")
                    : new java.util.concurrent.CompletionException(ErrorResponses.cause(failure));
        });
    }
}
