package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import picocli.CommandLine.Command;

@Command(
        name = "probe",
        description = "Pings a destination now.",
        footer = {"  sip-dispatcher probe gw1.example.com"})
final class ProbeCommand extends OrderCommand {
    @Override
    String verb() {
        return "probe";
    }

    @Override
    int handleResponse(NodeClient node, String id, NodeResponse answer) {
        int status = super.handleResponse(node, id, answer);
        if (options.json()) {
            return status;
        }
        if (answer.json().path("underWay").asBoolean()) {
            out().println("the ping has not ended; the history will show its result");
        } else {
            printResult(node, id);
        }
        return status;
    }

    private void printResult(NodeClient node, String id) {
        JsonNode ping;
        try {
            ping = node.get(NodeClient.path("destinations", id)).json().path("lastPing");
        } catch (CommandException e) {
            // The ping was sent and the state printed.
            return;
        }
        String result = TerminalFormat.text(ping.path("result"));
        if (result.equals("replied")) {
            out().println(String.format(
                    Locale.ROOT,
                    "ping: replied %s in %.1f ms",
                    TerminalFormat.text(ping.path("code")),
                    ping.path("roundTripMicros").asLong() / 1000.0));
        } else if (!result.isEmpty()) {
            String detail = TerminalFormat.text(ping.path("detail"));
            out().println("ping: " + result + (detail.isEmpty() ? "" : ", " + detail));
        }
    }
}
