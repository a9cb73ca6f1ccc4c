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

    private void printOverload(JsonNode overload) {
        String mode = overload.path("mode").asText("normal");
        if (!mode.equals("normal")) {
            out().println("overloaded, " + mode + " " + Format.text(overload.path("shedPercent"))
                    + " % of new requests");
        }
    }

    private void print(JsonNode answer) {
        out().println("node " + Format.text(answer.path("address"))
                + (answer.path("listening").asBoolean() ? ", listening" : ", not listening")
                + (answer.path("member").asBoolean() ? ", a member" : ", not a member")
                + (answer.path("maintenance").asBoolean() ? ", in maintenance: it takes no new calls" : ""));
        if (!answer.path("suspects").isEmpty()) {
            out().println("its own network path is suspected for sets " + Format.text(answer.path("suspects")));
        }
        printOverload(answer.path("overload"));
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
                    Format.text(member.path("address")),
                    Format.text(member.path("status")),
                    yes(member.path("reachable")),
                    yes(member.path("oldest")),
                    yes(member.path("self")),
                    yes(member.path("maintenance")),
                    Format.text(member.path("owned")),
                    Format.text(member.path("revision")),
                    Format.text(member.path("checksum")));
        }
        table.printTo(out());
        if (!answer.path("differing").isEmpty()) {
            out().println("other definitions than at this node: " + Format.text(answer.path("differing")));
        }
    }

    private static String yes(JsonNode flag) {
        return flag.asBoolean() ? "yes" : "no";
    }
}
