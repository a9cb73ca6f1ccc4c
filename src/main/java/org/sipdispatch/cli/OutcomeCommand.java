package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "order",
        description = "Shows the outcome of an order: done, refused, not carried out, unknown or waiting.",
        footer = {
            "  sip-dispatcher order 3f0c1b2a-7 --destination gw1.example.com",
            "  sip-dispatcher order key:ticket-4711 --destination gw1.example.com"
        })
final class OutcomeCommand extends NodeCommand {
    @Parameters(paramLabel = "NAME", description = "the order's name as printed, or key: and its --order-key")
    private String name;

    @Option(
            names = "--destination",
            paramLabel = "DESTINATION",
            description = "the order's destination: with it any node knows recent orders")
    private String destination;

    @Override
    int run(NodeClient node) {
        Map<String, String> query = new TreeMap<>();
        if (destination != null) {
            query.put("destination", NamedDestination.id(node, destination, err()));
        }
        Answer answer = node.get(NodeClient.query(NodeClient.path("orders", name), query));
        show(answer, this::print);
        return switch (answer.json().path("outcome").asText()) {
            case "done" -> 0;
            case "refused", "not carried out" -> Failure.REFUSED;
            default -> Failure.NOT_KNOWN;
        };
    }

    private void print(JsonNode answer) {
        String what = Shown.text(answer.path("what"));
        String of = Shown.text(answer.path("destination"));
        String end = Shown.text(answer.path("outcome"));
        String message = Shown.text(answer.path("message"));
        out().println("order " + Shown.text(answer.path("order"))
                + (what.isEmpty() ? "" : ", " + what)
                + (of.isEmpty() ? "" : " " + of)
                + ": " + end
                + (end.equals("done") ? "" : "; " + message));
    }
}
