package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
        name = "sources",
        description = "Shows the watched sources of destinations, and why a change of one was refused.",
        footer = "  sip-dispatcher sources")
final class SourcesCommand extends NodeCommand {
    @Override
    int run(NodeClient node) {
        return show(node.get(NodeClient.path("sources")), this::print);
    }

    private void print(JsonNode answer) {
        if (answer.path("sources").isEmpty()) {
            out().println("no source is watched");
            return;
        }
        Table table = table("PARTITION", "SOURCE", "NODE", "APPLIED", ">REFUSALS", "STATE");
        for (JsonNode source : answer.path("sources")) {
            String error = TerminalFormat.text(source.path("error"));
            table.row(
                    TerminalFormat.text(source.path("partition")),
                    TerminalFormat.text(source.path("source")),
                    TerminalFormat.text(source.path("node")),
                    TerminalFormat.time(source.path("appliedMs").asLong()),
                    TerminalFormat.text(source.path("refusals")),
                    error.isEmpty() ? "loaded" : "refused: " + error);
        }
        table.printTo(out());
    }
}
