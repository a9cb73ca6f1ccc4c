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
            String error = Format.text(source.path("error"));
            table.row(
                    Format.text(source.path("partition")),
                    Format.text(source.path("source")),
                    Format.text(source.path("node")),
                    Format.time(source.path("appliedMs").asLong()),
                    Format.text(source.path("refusals")),
                    error.isEmpty() ? "loaded" : "refused: " + error);
        }
        table.printTo(out());
    }
}
