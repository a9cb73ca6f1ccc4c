package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpRequest;
import akka.util.ByteString;
import java.util.List;
import java.util.Map;
import org.sipdispatch.desk.Caller;

/** One request to an endpoint, read and checked. */
final class Ask {
    private final Endpoint endpoint;
    private final HttpRequest request;
    private final List<String> path;
    private final Query query;
    private final ByteString bytes;
    private final Fields fields;

    /**
     * Reads it; refused if it names what the endpoint does not know.
     *
     * @param path the segments of the path, decoded
     * @param bytes the body
     */
    Ask(Endpoint endpoint, HttpRequest request, List<String> path, ByteString bytes) {
        this.endpoint = endpoint;
        this.request = request;
        this.path = path;
        this.bytes = bytes;
        query = new Query(request.getUri(), endpoint.query());
        fields = endpoint.fields() == null
                ? new Fields(Json.object(), List.of())
                : new Fields(Json.parse(bytes.toArray()), endpoint.fields());
    }

    /** What stands in the path at {@code {name}}. */
    String path(String name) {
        return endpoint.parameter(name, path);
    }

    /** The destination that the path names. */
    String id() {
        return path("id");
    }

    Query query() {
        return query;
    }

    Fields fields() {
        return fields;
    }

    byte[] body() {
        return bytes.toArray();
    }

    /** Who asks; by the name that he gives himself, where none was proven. */
    Caller caller() {
        Caller caller = Callers.of(request);
        return fields.isKnown("who") ? caller.calledHimself(fields.text("who", "")) : caller;
    }

    String why() {
        return fields.text("why", "");
    }

    /** That header's value; null if it is not there. */
    String header(String name) {
        return request.getHeader(name)
                .map(akka.http.javadsl.model.HttpHeader::value)
                .orElse(null);
    }

    /** The parameters partition and set, where a set without a partition is one of the default one. */
    Place place() {
        return Place.of(query);
    }

    /** For messages to people. */
    static String oneOf(Iterable<String> names) {
        return "one of " + String.join(", ", names);
    }

    @Override
    public String toString() {
        return Map.of(endpoint.method(), endpoint.path()).toString();
    }
}
