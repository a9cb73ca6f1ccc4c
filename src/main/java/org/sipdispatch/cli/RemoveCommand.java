package org.sipdispatch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code remove ID}. */
@Command(name = "remove", description = "Removes a temporary destination.", footer = "  sip-dispatcher remove 10.0.0.9")
final class RemoveCommand extends NodeCommand {
    @Parameters(
            paramLabel = "DESTINATION",
            description = "its id, or user, host or port of its URI that no other one has")
    private String destination;

    @Override
    int run(NodeClient node) {
        String id = NamedDestination.knownOne(node, destination, err());
        return ReloadCommand.outcome(this, node.delete(NodeClient.path("destinations", id), order(null)), false);
    }
}
