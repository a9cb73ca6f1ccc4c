package org.sipdispatch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "remove", description = "Removes a temporary destination.", footer = "  sip-dispatcher remove 10.0.0.9")
final class RemoveCommand extends NodeCommand {
    @Parameters(
            paramLabel = "DESTINATION",
            description = "its id, or the user, host or port of its URI if no other one has the same")
    private String destination;

    @Override
    int run(NodeClient node) {
        String id = DestinationLookup.requireOne(node, destination, err());
        return ReloadCommand.outcome(this, node.delete(NodeClient.path("destinations", id), orderBody(null)), false);
    }
}
