package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.definitions.BadRows;
import org.sipdispatch.operations.Operations;

/** The OpenAPI document describes the routes exactly. */
class OpenApiDocumentTest {
    /** Operations that are not in the table of endpoints. */
    private static final Set<String> OTHERS = Set.of("POST /mi", "GET /metrics", "GET /dispatcher/ui/");

    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)\\}");

    private static RunningNode node;

    @BeforeAll
    static void start() {
        node = new RunningNode();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    static Stream<Endpoint> endpoints() {
        return DispatcherRoutes.endpoints(
                new ApiDependencies(new Operations(), List.of("default"), "default", null, BadRows.REFUSE))
                .stream();
    }

    @Test
    void itHasTheRoutesThatThereAre() {
        Set<String> routes =
                endpoints().map(one -> one.method() + " " + one.path()).collect(Collectors.toCollection(TreeSet::new));
        routes.addAll(OTHERS);

        assertThat(OpenApiDocument.operations().keySet()).isEqualTo(routes);
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void itHasTheParametersAndFieldsOfARoute(Endpoint endpoint) {
        JsonNode operation = OpenApiDocument.operation(endpoint.method(), endpoint.path());

        assertThat(OpenApiDocument.parameters(operation, "query")).isEqualTo(new TreeSet<>(endpoint.query()));
        assertThat(OpenApiDocument.parameters(operation, "path"))
                .isEqualTo(PARAMETER
                        .matcher(endpoint.path())
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toSet()));
        assertThat(OpenApiDocument.fields(operation))
                .isEqualTo(endpoint.fields() == null ? Set.of() : new TreeSet<>(endpoint.fields()));
    }

    @Test
    void allThatItRefersToIsThere() {
        assertThat(OpenApiDocument.root().findValuesAsText("$ref"))
                .allSatisfy(reference -> assertThat(OpenApiDocument.root().at(reference.substring(1)))
                        .as(reference)
                        .isNotEqualTo(com.fasterxml.jackson.databind.node.MissingNode.getInstance()));
        assertThat(OpenApiDocument.operations().values().stream()
                        .map(one -> one.path("operationId").asText()))
                .doesNotHaveDuplicates();
    }

    @Test
    void everyRouteThatItHasIsAnswered() {
        String id = RunningNode.encoded(RunningNode.ofSetTwo());
        for (Map.Entry<String, JsonNode> operation :
                OpenApiDocument.operations().entrySet()) {
            if (OTHERS.contains(operation.getKey()) || operation.getKey().endsWith("/events")) {
                continue;
            }
            String[] route = operation.getKey().split(" ");
            String path = route[1].replace("{id}", id)
                    .replace("{order}", "some-order")
                    .replace("{name}", "load")
                    .replace("{partition}", "default")
                    .replace("{set}", "2");

            // An unknown field: the route itself refuses it, and nothing changes.
            RunningNode.Answer answer = node.send(route[0], path, route[0].equals("GET") ? "" : "{\"bogus\":1}");

            assertThat(answer.status()).as(operation.getKey()).isNotIn(404, 405, 500);
            assertThat(OpenApiDocument.complaints(operation.getValue(), answer.status(), answer.json()))
                    .as("%s: %s", operation.getKey(), answer.http().body())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET  | /dispatcher/count               | ?set=1&states=a    |",
                "GET  | /dispatcher/destinations        | ?set=1&limit=2     |",
                "GET  | /dispatcher/history             | ?limit=5           |",
                "PUT  | /dispatcher/figures/{name}      |                    | {\"values\":{\"sip:127.0.0.1:5084\":-2},\"expires\":30}",
                "GET  | /dispatcher/figures             |                    |",
                "GET  | /dispatcher/limits              |                    |",
                "DELETE | /dispatcher/figures/{name}    |                    |",
                "POST | /dispatcher/reload              |                    | {\"dryRun\":true}",
                "POST | /dispatcher/maintenance/on      |                    | {\"keep\":true,\"why\":\"test\"}",
                "GET  | /dispatcher/maintenance         |                    |",
                "POST | /dispatcher/maintenance/off     |                    |",
                "POST | /dispatcher/destinations/{id}/hold    |              | {\"why\":\"test\"}",
                "GET  | /dispatcher/destinations/{id}/drain   |              |",
                "POST | /dispatcher/destinations/{id}/drain   |              | {}",
                "POST | /dispatcher/destinations/{id}/release |              |",
                "POST | /dispatcher/destinations/{id}/state   |              | {\"state\":\"active\",\"who\":\"ann\"}",
                "POST | /dispatcher/destinations/{id}/probe   |              | {}",
                "GET  | /dispatcher/destinations/{id}   |                    |",
                "GET  | /dispatcher/orders/{order}      |                    |",
            })
    void anAnswerIsWhatItSays(String method, String path, String query, String body) {
        String asked = path.replace("{id}", RunningNode.encoded(node.withSocket()))
                        .replace("{order}", "some-order")
                        .replace("{name}", "load")
                + (query == null ? "" : query);

        RunningNode.Answer answer = node.send(method, asked, body == null ? "" : body);

        assertThat(answer.status()).as(answer.http().body()).isEqualTo(200);
        assertThat(OpenApiDocument.complaints(OpenApiDocument.operation(method, path), 200, answer.json()))
                .as(answer.http().body())
                .isEmpty();
    }

    @Test
    void itIsServed() {
        assertThat(node.get("/dispatcher/openapi.json").json()).isEqualTo(OpenApiDocument.root());
    }
}
