package org.sipdispatch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "put-row",
        description =
                "Writes a row into the table of its partition, or changes the row of this set, URI and socket, and"
                        + " reads the partition again. A row that exists keeps what is not given. May be repeated.",
        footer = {
            "  sip-dispatcher put-row 1 sip:10.0.0.9:5060 --weight 10",
            "  sip-dispatcher put-row trunks:2 sip:gw9.example.com --description 'spare gateway'"
        })
final class PutRowCommand extends NodeCommand {
    @Mixin
    private DestinationFields fields;

    @Override
    int run(NodeClient node) {
        return ReloadCommand.outcome(this, node.put(NodeClient.path("rows"), fields.in(orderBody(null))), false);
    }
}
