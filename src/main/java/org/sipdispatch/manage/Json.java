package org.sipdispatch.manage;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.sipdispatch.operations.OperationException;

/** Reads and writes JSON. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Parses a body as an object; an empty body is an empty object. */
    static JsonNode parse(byte[] body) {
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node.isMissingNode()) {
                return object();
            }
            if (!node.isObject()) {
                throw OperationException.bad("body", node.getNodeType(), "a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw OperationException.bad("body", "line " + line, "JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw OperationException.bad("body", e.getMessage(), "JSON in UTF-8");
        }
    }

    /** Pretty-printed. */
    static String text(JsonNode node) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In one line. */
    static String line(JsonNode node) {
        return node.toString();
    }

    static HttpEntity.Strict entity(JsonNode node) {
        return HttpEntities.create(ContentTypes.APPLICATION_JSON, text(node) + "\n");
    }

    static HttpResponse response(StatusCode code, JsonNode node) {
        return HttpResponse.create().withStatus(code).withEntity(entity(node));
    }
}
