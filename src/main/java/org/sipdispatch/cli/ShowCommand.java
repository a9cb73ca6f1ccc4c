package org.sipdispatch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Shows all details of one destination: its row, its status, its last ping and its traffic.",
        footer = {"  sip-dispatcher show gw1.example.com", "  sip-dispatcher show default:1:sip:10.0.0.1:5060"})
final class ShowCommand extends NodeCommand {
    @Parameters(
            paramLabel = "DESTINATION",
            description = "its id, or the user, host or port of its URI if no other one has the same")
    private String destination;

    @Override
    int run(NodeClient node) {
        String id = DestinationLookup.requireOne(node, destination, err());
        return show(
                node.get(NodeClient.path("destinations", id)), answer -> PropertyPrinter.print(out(), answer, nowMs()));
    }
}
