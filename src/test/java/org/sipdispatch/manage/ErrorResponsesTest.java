package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.server.Directives;
import akka.http.javadsl.server.Route;
import akka.pattern.StatusReply;
import akka.testkit.javadsl.TestKit;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.operations.OperationException;
import org.sipdispatch.settings.SettingException;

class ErrorResponsesTest {
    private static final ActorSystem SYSTEM = ActorSystem.create("errors");

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(SYSTEM);
    }

    private record Case(Throwable failure, int status) {}

    static Stream<Case> cases() {
        return Stream.of(
                new Case(new OperationException(OperationException.RefusalReason.FORBIDDEN, "x"), 403),
                new Case(new CompletionException(new CompletionException(OperationException.bad("a", 1, "2"))), 400),
                new Case(new SettingException("a", 1, "2"), 400),
                new Case(new TimeoutException("late"), 503),
                new Case(new CompletionException(new TimeoutException("late")), 503),
                new Case(new StatusReply.ErrorMessage("no"), 409),
                new Case(new IllegalStateException("a bug"), 500));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aFailureHasItsStatus(Case failure) {
        assertThat(ErrorResponses.of(HttpRequest.GET("/here"), failure.failure())
                        .status()
                        .intValue())
                .isEqualTo(failure.status());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /here, 200, fine",
        "GET, /bug, 500, '\"error\" : \"request: failed (expected: a response; '",
        "GET, /refused, 409, '\"error\" : \"a: 1 (expected: 2)\"'",
        "POST, /here, 405, '\"error\" : \"method: POST (expected: GET or HEAD)\"'",
        "GET, /else, 404, '\"error\" : \"path: /else (expected: one of GET /dispatcher/openapi.json)\"'",
    })
    void whatAkkaRefusesIsRefusedInJsonToo(String method, String path, int status, String body) throws Exception {
        Route route = Directives.concat(
                Directives.path("here", () -> Directives.get(() -> Directives.complete("fine"))),
                Directives.path("bug", () -> {
                    throw new IllegalStateException("of this test");
                }),
                Directives.path(
                        "refused",
                        () -> Directives.failWith(new OperationException(
                                OperationException.RefusalReason.CONFLICT, "a: 1 (expected: 2)"))));
        var server = Http.get(SYSTEM)
                .newServerAt("127.0.0.1", 0)
                .bind(ErrorResponses.sealed(route))
                .toCompletableFuture()
                .get();

        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + server.localAddress().getPort() + path))
                                .method(method, java.net.http.HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(body);
    }

    @Test
    void anOriginIsOneOfAHostWithAndWithoutItsUsualPort() {
        assertThat(OriginCheck.isOf("http://Host.example", "host.example")).isTrue();
        assertThat(OriginCheck.isOf("http://host.example", "host.example:80")).isTrue();
        assertThat(OriginCheck.isOf("https://host.example", "host.example:443")).isTrue();
        assertThat(OriginCheck.isOf("http://[::1]:8558", "[::1]:8558")).isTrue();
        assertThat(OriginCheck.isOf("http://host.example:8080", "host.example")).isFalse();
        assertThat(OriginCheck.isOf("http://host.example", null)).isFalse();
        assertThat(OriginCheck.isOf("null", "null")).isFalse();
        assertThat(OriginCheck.isOf("http://a b", "a b")).isFalse();
    }
}
