package org.sipdispatch.manage;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.sipdispatch.operations.UnknownOutcomeException;
import org.sipdispatch.orders.OrderOutcome;

/** Outcomes of orders as JSON, and the path at which to query them. */
final class OrderOutcomeJson {
    private OrderOutcomeJson() {}

    static ObjectNode json(OrderOutcome outcome) {
        return Json.object()
                .put("order", outcome.order())
                .put("destination", outcome.destination())
                .put("what", outcome.what())
                .put("outcome", outcome.state().text())
                .put("message", outcome.message())
                .put("look", path(outcome))
                .put(
                        "history",
                        outcome.destination().isEmpty()
                                ? ""
                                : "/dispatcher/history?destination=" + encoded(outcome.destination()));
    }

    /** The path of the outcome, on any node. */
    static String path(OrderOutcome outcome) {
        return "/dispatcher/orders/" + encoded(outcome.order())
                + (outcome.destination().isEmpty() ? "" : "?destination=" + encoded(outcome.destination()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** The response 202 for an order whose outcome is not known yet. Rethrows all other failures. */
    static HttpResponse accepted(Throwable failure) {
        Throwable cause = ErrorResponses.cause(failure);
        if (cause instanceof UnknownOutcomeException unknown) {
            return Json.response(StatusCodes.ACCEPTED, json(unknown.outcome()));
        }
        throw new java.util.concurrent.CompletionException(cause);
    }
}
