package org.sipdispatch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "remove-row",
        description =
                "Deletes the row of this set, URI and socket from the table of its partition, if there is one, and"
                        + " reads the partition again. May be repeated.",
        footer = "  sip-dispatcher remove-row trunks:2 sip:gw9.example.com")
final class RemoveRowCommand extends NodeCommand {
    @Parameters(index = "0", paramLabel = "SET", description = "a set: 2, or trunks:2")
    private String set;

    @Parameters(index = "1", paramLabel = "URI", description = "the sip URI in the row")
    private String uri;

    @Option(names = "--socket", paramLabel = "SOCKET", description = "the socket in the row; default: none")
    private String socket;

    @Override
    int run(NodeClient node) {
        return ReloadCommand.outcome(
                this,
                node.delete(NodeClient.path("rows"), DestinationFields.identity(orderBody(null), set, uri, socket)),
                false);
    }
}
