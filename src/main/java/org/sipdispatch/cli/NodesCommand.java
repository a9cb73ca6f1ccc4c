package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;

@Command(
        name = "nodes",
        description = "Shows the nodes of the cluster as the queried node sees them.",
        footer = "  sip-dispatcher nodes --node http://10.0.0.2:8558")
final class NodesCommand extends NodeCommand {
    @Override
    int run(NodeClient node) {
        return show(node.get(NodeClient.path("node")), this::print);
    }

    private void print(JsonNode answer) {
        out().println("node " + TerminalFormat.text(answer.path("address"))
                + (answer.path("listening").asBoolean() ? ", listening" : ", not listening")
                + (answer.path("member").asBoolean() ? ", a member" : ", not a member")
                + (answer.path("maintenance").asBoolean() ? ", in maintenance: it takes no new calls" : ""));
        if (!answer.path("suspects").isEmpty()) {
            out().println("its own network path is suspected for sets " + TerminalFormat.text(answer.path("suspects")));
        }
        if (answer.path("members").isEmpty()) {
            return;
        }
        Table table = table(
                "NODE",
                "STATUS",
                "REACHABLE",
                "OLDEST",
                "ASKED",
                "MAINTENANCE",
                ">DESTINATIONS",
                ">REVISION",
                "CHECKSUM");
        for (JsonNode member : answer.path("members")) {
            table.row(
                    TerminalFormat.text(member.path("address")),
                    TerminalFormat.text(member.path("status")),
                    yes(member.path("reachable")),
                    yes(member.path("oldest")),
                    yes(member.path("self")),
                    yes(member.path("maintenance")),
                    TerminalFormat.text(member.path("owned")),
                    TerminalFormat.text(member.path("revision")),
                    TerminalFormat.text(member.path("checksum")));
        }
        table.printTo(out());
        if (!answer.path("differing").isEmpty()) {
            out().println("other definitions than at this node: " + TerminalFormat.text(answer.path("differing")));
        }
    }

    private static String yes(JsonNode flag) {
        return flag.asBoolean() ? "yes" : "no";
    }
}
