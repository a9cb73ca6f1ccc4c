package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sipdispatch.operations.FigureOperations;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.replication.PushedFigure;

/** Pushes, lists and removes figures of destinations. */
final class FigureRoutes {
    private static final String ONE = "/dispatcher/figures/{name}";
    private static final int DEFAULT_SECONDS = 60;

    private final Operations operations;

    FigureRoutes(Operations operations) {
        this.operations = operations;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        "/dispatcher/figures",
                        Endpoint.value(ask -> operations.figures().list(), FigureRoutes::list)),
                Endpoint.put(
                                ONE,
                                Endpoint.json(
                                        ask -> operations
                                                .figures()
                                                .push(
                                                        ask.caller(),
                                                        ask.path("name"),
                                                        ask.fields().numbers("values"),
                                                        ask.fields()
                                                                .integer(
                                                                        "expires", Integer.MAX_VALUE, DEFAULT_SECONDS)),
                                        FigureRoutes::pushed))
                        .fields("values", "expires", "who"),
                Endpoint.delete(
                                ONE,
                                Endpoint.json(
                                        ask -> operations.figures().remove(ask.caller(), ask.path("name")),
                                        done -> Json.object()))
                        .fields("who"));
    }

    private static ObjectNode list(Map<String, PushedFigure> all) {
        ObjectNode node = Json.object();
        ArrayNode list = node.putArray("figures");
        all.forEach((name, figure) -> {
            ObjectNode one = list.addObject()
                    .put("name", name)
                    .put("pushedAtMs", figure.pushedAtMs())
                    .put("expires", figure.lifetimeMs() / 1000)
                    .put("who", figure.who());
            ObjectNode values = one.putObject("values");
            new TreeMap<>(figure.byUri()).forEach(values::put);
        });
        return node;
    }

    private static ObjectNode pushed(FigureOperations.PushResult result) {
        ObjectNode node = Json.object().put("values", result.values());
        result.unknown().forEach(node.putArray("unknown")::add);
        return node;
    }
}
