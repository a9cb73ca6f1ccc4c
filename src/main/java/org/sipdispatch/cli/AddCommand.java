package org.sipdispatch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "add",
        description = "Adds a temporary destination, which is in no table. It exists until remove, or"
                + " reload --drop-temporary.",
        footer = {
            "  sip-dispatcher add 1 sip:10.0.0.9:5060 --weight 10",
            "  sip-dispatcher add trunks:2 sip:gw9.example.com --state probing --description 'spare gateway'"
        })
final class AddCommand extends NodeCommand {
    @Mixin
    private DestinationFields fields;

    @Override
    int run(NodeClient node) {
        return ReloadCommand.outcome(
                this, node.post(NodeClient.path("destinations"), fields.in(orderBody(null))), false);
    }
}
