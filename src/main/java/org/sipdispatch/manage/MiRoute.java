package org.sipdispatch.manage;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.http.javadsl.unmarshalling.Unmarshaller;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.operations.OperationCaller;

/**
 * OpenSIPS' management interface at {@code /mi}: JSON-RPC 2.0, or the line format of 2.4 if a request starts with a
 * colon.
 */
final class MiRoute extends AllDirectives {
    private final JsonRpc rpc;
    private final Mi24Format tree;

    MiRoute(ApiDependencies dependencies) {
        MiCommands commands = new MiCommands(dependencies);
        rpc = new JsonRpc(commands);
        tree = new Mi24Format(commands);
    }

    Route route() {
        return path(
                "mi",
                () -> post(() -> extractRequest(request -> entity(
                        Unmarshaller.entityToString(),
                        text -> completeWithFuture(answer(CallerAttribute.of(request), text))))));
    }

    private CompletionStage<HttpResponse> answer(OperationCaller caller, String text) {
        return Mi24Format.isLineFormat(text)
                ? tree.answer(caller, text)
                        .thenApply(lines -> HttpResponse.create().withEntity(ContentTypes.TEXT_PLAIN_UTF8, lines))
                : rpc.answer(caller, text).thenApply(MiRoute::answered);
    }

    /** The status is 200 for errors too, as in OpenSIPS: its tools read the body of a 200 only. */
    private static HttpResponse answered(Optional<JsonNode> answer) {
        return answer.map(
                        node -> HttpResponse.create().withEntity(ContentTypes.APPLICATION_JSON, Json.text(node) + "\n"))
                .orElseGet(() -> HttpResponse.create().withStatus(StatusCodes.NO_CONTENT));
    }
}
