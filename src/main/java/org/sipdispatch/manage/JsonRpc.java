package org.sipdispatch.manage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.operations.OperationCaller;

/** JSON-RPC 2.0: requests, notifications and batches, executed one after the other. */
final class JsonRpc {
    private static final int LARGEST_BATCH = 100;
    private static final ObjectMapper READER = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private final MiCommands commands;

    JsonRpc(MiCommands commands) {
        this.commands = commands;
    }

    /** The response; empty for a notification. */
    CompletionStage<Optional<JsonNode>> answer(OperationCaller caller, String text) {
        JsonNode request;
        try {
            request = READER.readTree(text);
        } catch (JsonProcessingException e) {
            request = null;
        }
        if (request == null || request.isMissingNode()) {
            return refuse(MiError.of(MiError.PARSE_ERROR, "Parse error"));
        } else if (!request.isArray()) {
            return one(caller, request);
        } else if (request.isEmpty() || request.size() > LARGEST_BATCH) {
            return refuse(invalid("a batch of " + request.size() + ", not of 1 to " + LARGEST_BATCH));
        }
        return batch(caller, request);
    }

    private CompletionStage<Optional<JsonNode>> batch(OperationCaller caller, JsonNode requests) {
        CompletionStage<ArrayNode> all =
                CompletableFuture.completedFuture(Json.object().arrayNode());
        for (JsonNode request : requests) {
            all = all.thenCompose(answers -> one(caller, request).thenApply(answer -> {
                answer.ifPresent(answers::add);
                return answers;
            }));
        }
        return all.thenApply(answers -> answers.isEmpty() ? Optional.empty() : Optional.of(answers));
    }

    private CompletionStage<Optional<JsonNode>> one(OperationCaller caller, JsonNode request) {
        JsonNode id = request.get("id");
        JsonNode params = request.get("params");
        if (!isValid(request, id, params)) {
            return CompletableFuture.completedFuture(Optional.of(error(isId(id) ? id : null, invalid(""))));
        }
        // An empty list of parameters counts as none.
        JsonNode given = params == null || params.isEmpty() ? null : params;
        return commands.run(caller, request.path("method").asText(), given)
                .handle((result, failure) -> failure == null ? result(id, result) : error(id, MiError.of(failure)))
                .thenApply(answer -> id == null ? Optional.empty() : Optional.of(answer));
    }

    private static boolean isValid(JsonNode request, JsonNode id, JsonNode params) {
        return request.isObject()
                && request.path("jsonrpc").asText().equals("2.0")
                && request.path("method").isTextual()
                && (id == null || isId(id))
                && (params == null || params.isContainerNode());
    }

    private static boolean isId(JsonNode id) {
        return id != null && (id.isTextual() || id.isNumber() || id.isNull());
    }

    private static MiError invalid(String more) {
        return MiError.of(MiError.INVALID_REQUEST, "Invalid Request", more);
    }

    private static CompletionStage<Optional<JsonNode>> refuse(MiError error) {
        return CompletableFuture.completedFuture(Optional.of(error(null, error)));
    }

    private static JsonNode result(JsonNode id, JsonNode result) {
        ObjectNode answer = Json.object().put("jsonrpc", "2.0");
        answer.set("result", result);
        return answer.set("id", id == null ? NullNode.getInstance() : id);
    }

    private static JsonNode error(JsonNode id, MiError failure) {
        ObjectNode answer = Json.object().put("jsonrpc", "2.0");
        ObjectNode error = answer.putObject("error").put("code", failure.code()).put("message", failure.getMessage());
        if (!failure.details().isEmpty()) {
            error.put("data", failure.details());
        }
        return answer.set("id", id == null ? NullNode.getInstance() : id);
    }
}
