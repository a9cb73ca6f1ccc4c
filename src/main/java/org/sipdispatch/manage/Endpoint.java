package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A method of a path: its parameters and its action. Parameters and fields that are not listed are refused; the
 * OpenAPI document lists the same ones.
 *
 * @param path as in the OpenAPI document, {@code /dispatcher/destinations/{id}}
 * @param query the names of the query parameters
 * @param fields the names of the JSON fields of the body; null if the body is not JSON or there is none
 */
record Endpoint(String method, String path, List<String> query, List<String> fields, EndpointAction action) {
    interface EndpointAction {
        CompletionStage<HttpResponse> handle(ApiRequest ask);
    }

    static Endpoint get(String path, EndpointAction answer) {
        return new Endpoint("GET", path, List.of(), null, answer);
    }

    static Endpoint post(String path, EndpointAction answer) {
        return new Endpoint("POST", path, List.of(), null, answer);
    }

    static Endpoint put(String path, EndpointAction answer) {
        return new Endpoint("PUT", path, List.of(), null, answer);
    }

    static Endpoint delete(String path, EndpointAction answer) {
        return new Endpoint("DELETE", path, List.of(), null, answer);
    }

    Endpoint query(String... names) {
        return new Endpoint(method, path, List.of(names), fields, action);
    }

    Endpoint fields(String... names) {
        return new Endpoint(method, path, query, List.of(names), action);
    }

    /**
     * An action with a JSON response. An order with an unknown outcome is neither an error nor a success: the response
     * is 202.
     */
    static <T> EndpointAction json(
            Function<ApiRequest, CompletionStage<T>> verb, Function<T, ? extends JsonNode> shown) {
        return ask -> verb.apply(ask)
                .thenApply(value -> Json.response(StatusCodes.OK, shown.apply(value)))
                .exceptionally(OrderOutcomeJson::accepted);
    }

    /** A synchronous action with a JSON response. */
    static <T> EndpointAction value(Function<ApiRequest, T> verb, Function<T, ? extends JsonNode> shown) {
        return json(ask -> CompletableFuture.completedFuture(verb.apply(ask)), shown);
    }

    List<String> segments() {
        return segments(path);
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/")) {
            if (!segment.isEmpty()) {
                segments.add(segment);
            }
        }
        return segments;
    }

    /** Whether the decoded path matches this endpoint. */
    boolean matches(List<String> asked) {
        List<String> own = segments();
        if (own.size() != asked.size()) {
            return false;
        }
        for (int i = 0; i < own.size(); i++) {
            if (!isParameter(own.get(i)) && !own.get(i).equals(asked.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The parameter's value in a matching path. */
    String parameter(String name, List<String> asked) {
        return asked.get(segments().indexOf("{" + name + "}"));
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }
}
