package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpRequest;
import akka.util.ByteString;
import java.util.List;
import java.util.Map;
import org.sipdispatch.operations.OperationCaller;

/** A request to an endpoint, parsed and checked. */
final class ApiRequest {
    private final Endpoint endpoint;
    private final HttpRequest request;
    private final List<String> path;
    private final QueryParameters query;
    private final ByteString bytes;
    private final JsonBodyFields fields;
    private final String defaultPartition;

    /**
     * Parses a request. Refuses parameters and fields that the endpoint does not list.
     *
     * @param path the decoded segments of the path
     * @param bytes the body
     * @param defaultPartition the partition of a set that is named without one
     */
    ApiRequest(Endpoint endpoint, HttpRequest request, List<String> path, ByteString bytes, String defaultPartition) {
        this.defaultPartition = defaultPartition;
        this.endpoint = endpoint;
        this.request = request;
        this.path = path;
        this.bytes = bytes;
        query = new QueryParameters(request.getUri(), endpoint.query());
        fields = endpoint.fields() == null
                ? new JsonBodyFields(Json.object(), List.of())
                : new JsonBodyFields(Json.parse(bytes.toArray()), endpoint.fields());
    }

    /** The value of {@code {name}} in the path. */
    String path(String name) {
        return endpoint.parameter(name, path);
    }

    /** The id of the destination in the path. */
    String id() {
        return path("id");
    }

    QueryParameters query() {
        return query;
    }

    JsonBodyFields fields() {
        return fields;
    }

    /** The partition of a set that the request names without one. */
    String defaultPartition() {
        return defaultPartition;
    }

    byte[] body() {
        return bytes.toArray();
    }

    /** The caller. Without authentication, the name in the field {@code who} applies. */
    OperationCaller caller() {
        OperationCaller caller = CallerAttribute.of(request);
        return fields.isKnown("who") ? caller.withClaimedName(fields.text("who", "")) : caller;
    }

    String why() {
        return fields.text("why", "");
    }

    /** The value of the header field; null if it is missing. */
    String header(String name) {
        return request.getHeader(name)
                .map(akka.http.javadsl.model.HttpHeader::value)
                .orElse(null);
    }

    /** The parameters {@code partition} and {@code set}; a set without a partition belongs to the default one. */
    SetFilter setFilter() {
        return SetFilter.of(query, defaultPartition);
    }

    @Override
    public String toString() {
        return Map.of(endpoint.method(), endpoint.path()).toString();
    }
}
