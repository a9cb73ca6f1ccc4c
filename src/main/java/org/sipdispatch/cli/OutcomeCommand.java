package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "order",
        description = "Shows the outcome of an order: done, refused, not executed, unknown or waiting.",
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
            query.put("destination", DestinationLookup.resolve(node, destination, err()));
        }
        NodeResponse answer = node.get(NodeClient.query(NodeClient.path("orders", name), query));
        show(answer, this::print);
        return switch (answer.json().path("outcome").asText()) {
            case "done" -> 0;
            case "refused", "not executed" -> CommandException.REFUSED;
            default -> CommandException.UNKNOWN_OUTCOME;
        };
    }

    private void print(JsonNode answer) {
        String what = TerminalFormat.text(answer.path("what"));
        String of = TerminalFormat.text(answer.path("destination"));
        String end = TerminalFormat.text(answer.path("outcome"));
        String message = TerminalFormat.text(answer.path("message"));
        out().println("order " + TerminalFormat.text(answer.path("order"))
                + (what.isEmpty() ? "" : ", " + what)
                + (of.isEmpty() ? "" : " " + of)
                + ": " + end
                + (end.equals("done") ? "" : "; " + message));
    }
}
