package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
        name = "sets",
        description = "Lists the sets with the number of their destinations in each state.",
        footer = {"  sip-dispatcher sets", "  sip-dispatcher sets --node http://10.0.0.2:8558 --json"})
final class SetsCommand extends NodeCommand {
    @Override
    int run(NodeClient node) {
        return show(node.get(NodeClient.path("sets")), this::print);
    }

    private void print(JsonNode answer) {
        Table table =
                table("SET", ">DESTINATIONS", ">ACTIVE", ">PROBING", ">INACTIVE", ">TAKING TRAFFIC", ">TEMPORARY");
        for (JsonNode set : answer.path("sets")) {
            table.row(
                    TerminalFormat.set(set),
                    TerminalFormat.text(set.path("destinations")),
                    TerminalFormat.text(set.path("active")),
                    TerminalFormat.text(set.path("probing")),
                    TerminalFormat.text(set.path("inactive")),
                    TerminalFormat.text(set.path("takingTraffic")),
                    TerminalFormat.text(set.path("temporary")));
        }
        table.printTo(out());
    }
}
