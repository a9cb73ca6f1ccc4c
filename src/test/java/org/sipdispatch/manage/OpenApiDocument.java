package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The OpenAPI document, for tests. */
final class OpenApiDocument {
    private static final JsonNode ROOT = read();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);

    private OpenApiDocument() {}

    private static JsonNode read() {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream("openapi.json")) {
            return RunningNode.JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode root() {
        return ROOT;
    }

    /** The operations by {@code GET /path}. */
    static Map<String, JsonNode> operations() {
        Map<String, JsonNode> operations = new TreeMap<>();
        ROOT.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .properties()
                        .forEach(one -> operations.put(
                                one.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey(),
                                one.getValue())));
        return operations;
    }

    static JsonNode operation(String method, String path) {
        return operations().get(method + " " + path);
    }

    /** The names of the parameters in {@code query} or {@code path}. */
    static Set<String> parameters(JsonNode operation, String in) {
        Set<String> names = new TreeSet<>();
        operation.path("parameters").forEach(one -> {
            if (one.path("in").asText().equals(in)) {
                names.add(one.path("name").asText());
            }
        });
        return names;
    }

    /** The names of the fields of the JSON body. */
    static Set<String> fields(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        operation
                .at("/requestBody/content/application~1json/schema/properties")
                .fieldNames()
                .forEachRemaining(names::add);
        return names;
    }

    /** The violations of the schema for that status; empty if the response is valid. */
    static Set<String> complaints(JsonNode operation, int status, JsonNode answer) {
        JsonNode response = operation.path("responses").path(String.valueOf(status));
        if (response.has("$ref")) {
            response = ROOT.at(response.path("$ref").asText().substring(1));
        }
        JsonNode schema = response.at("/content/application~1json/schema");
        return schema.isMissingNode() ? Set.of("no schema for " + status) : complaints((ObjectNode) schema, answer);
    }

    static Set<String> complaints(String schema, JsonNode answer) {
        return complaints(RunningNode.JSON.createObjectNode().put("$ref", "#/components/schemas/" + schema), answer);
    }

    private static Set<String> complaints(ObjectNode schema, JsonNode answer) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", ROOT.path("components"));
        return SCHEMAS.getSchema(whole).validate(answer).stream()
                .map(Object::toString)
                .collect(Collectors.toSet());
    }
}
