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
                    Format.set(set),
                    Format.text(set.path("destinations")),
                    Format.text(set.path("active")),
                    Format.text(set.path("probing")),
                    Format.text(set.path("inactive")),
                    Format.text(set.path("takingTraffic")),
                    Format.text(set.path("temporary")));
        }
        table.printTo(out());
    }
}
