package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Base of orders to one destination, or to all whose rows share set, URI and socket. */
abstract class OrderCommand extends NodeCommand {
    @Parameters(
            index = "0",
            paramLabel = "DESTINATION",
            description = "its id, or the user, host or port of its URI if no other URI has the same")
    private String destination;

    @Option(names = "--why", paramLabel = "TEXT", description = "the reason, for the history")
    private String why;

    @Override
    int run(NodeClient node) {
        ObjectNode body = orderBody(why);
        addFields(body);
        Map<String, NodeResponse> answers = new LinkedHashMap<>();
        for (String id : DestinationLookup.requireAny(node, destination, err())) {
            NodeResponse answer = node.post(NodeClient.path("destinations", id, verb()), body, headers(answers.size()));
            answers.put(id, requireKnownOutcome(answer));
        }
        int status = 0;
        for (Map.Entry<String, NodeResponse> one : answers.entrySet()) {
            status = Math.max(status, handleResponse(node, one.getKey(), one.getValue()));
        }
        return status;
    }

    /** The reason that the command line gives; null if none. */
    String why() {
        return why;
    }

    abstract String verb();

    /** Additional headers; {@code place} is the index of the destination among the matching ones, from 0. */
    Map<String, String> headers(int place) {
        return Map.of();
    }

    /** Adds fields to the body of the order. */
    void addFields(ObjectNode body) {}

    /** Prints the response and does what else the command needs; returns the exit status. */
    int handleResponse(NodeClient node, String id, NodeResponse answer) {
        return show(answer, status -> out().println(statusLine(id, status, nowMs())));
    }

    /** The status in one line. */
    static String statusLine(String id, JsonNode status, long nowMs) {
        String notes = ListCommand.notes(status);
        String who = TerminalFormat.text(status.path("who"));
        String why = TerminalFormat.text(status.path("why"));
        return TerminalFormat.withoutControls(id) + " is " + TerminalFormat.text(status.path("state"))
                + (notes.equals("-") ? "" : " (" + notes + ")")
                + " for " + TerminalFormat.age(nowMs, status.path("sinceMs").asLong())
                + (who.isEmpty() ? "" : ", by " + who)
                + (why.isEmpty() ? "" : ": " + why);
    }
}
