package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
        name = "limits",
        description = "Shows the limits of calls of destinations and sources, and the calls of this node.",
        footer = "  sip-dispatcher limits")
final class LimitsCommand extends NodeCommand {
    @Override
    int run(NodeClient node) {
        return show(node.get(NodeClient.path("limits")), this::print);
    }

    private void print(JsonNode answer) {
        if (answer.path("limits").isEmpty()) {
            out().println("no destination and no source has a limit");
            return;
        }
        Table table =
                table("LIMIT", ">CALLS", ">ELSEWHERE", ">FREE", ">MAXCALLS", ">MAXCPS", ">BURST", ">MINASR", ">HITS");
        for (JsonNode limit : answer.path("limits")) {
            boolean hasCalls = limit.path("maxCalls").asInt() > 0;
            boolean hasRate = limit.path("maxCps").asInt() > 0;
            table.row(
                    TerminalFormat.text(limit.path("name")),
                    limit.path("calls").asLong(),
                    limit.path("elsewhere").asLong(),
                    hasCalls ? limit.path("free").asText() : "",
                    hasCalls ? limit.path("maxCalls").asText() : "",
                    hasRate ? limit.path("maxCps").asText() : "",
                    hasRate ? limit.path("burst").asText() : "",
                    limit.path("minAsr").asInt() > 0 ? limit.path("minAsr").asText() : "",
                    limit.path("refused").asLong());
        }
        table.printTo(out());
    }
}
