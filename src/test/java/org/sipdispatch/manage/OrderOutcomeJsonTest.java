package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.http.javadsl.model.HttpEntity;
import akka.http.javadsl.model.HttpResponse;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.sipdispatch.operations.OperationException;
import org.sipdispatch.operations.UnknownOutcomeException;
import org.sipdispatch.orders.OrderOutcome;

/** The response for an order whose result did not arrive. */
class OrderOutcomeJsonTest {
    private static final String MESSAGE = "order: unknown outcome (expected: an answer within 15s)";
    private static final String LOOK = "/dispatcher/orders/key%3Aa%2F1?destination=default%3A1%3Asip%3Ax";
    private static final UnknownOutcomeException UNKNOWN = new UnknownOutcomeException(
            new OrderOutcome("key:a/1", "default:1:sip:x", "hold", OrderOutcome.OrderState.UNKNOWN, MESSAGE));

    @Test
    void itIsAcceptedWithWhereToLook() throws IOException {
        HttpResponse answer = OrderOutcomeJson.accepted(new CompletionException(UNKNOWN));

        JsonNode json = RunningNode.JSON.readTree(
                ((HttpEntity.Strict) answer.entity()).getData().utf8String());
        assertThat(answer.status().intValue()).isEqualTo(202);
        assertThat(json.path("order").asText()).isEqualTo("key:a/1");
        assertThat(json.path("outcome").asText()).isEqualTo("unknown");
        assertThat(json.path("message").asText()).isEqualTo(MESSAGE);
        assertThat(json.path("look").asText()).isEqualTo(LOOK);
        assertThat(json.path("history").asText()).isEqualTo("/dispatcher/history?destination=default%3A1%3Asip%3Ax");
        for (String verb : new String[] {"hold", "release", "state", "drain"}) {
            JsonNode operation = OpenApiDocument.operation("POST", "/dispatcher/destinations/{id}/" + verb);
            assertThat(OpenApiDocument.complaints(operation, 202, json))
                    .as(verb)
                    .isEmpty();
        }
    }

    @Test
    void whatIsRefusedIsNotAccepted() {
        OperationException refused = new OperationException(
                OperationException.RefusalReason.UNAVAILABLE, "order: not executed (expected: an answer within 5s)");

        assertThatThrownBy(() -> OrderOutcomeJson.accepted(new CompletionException(refused)))
                .hasCause(refused);
    }

    @Test
    void toolsOfOpenSipsDoNotTakeItForSuccess() {
        MiError error = MiError.of(new CompletionException(UNKNOWN));

        assertThat(error.code()).isEqualTo(504);
        assertThat(error).hasMessage(MESSAGE);
        assertThat(error.details()).isEqualTo("order key:a/1: GET " + LOOK);
    }
}
