package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "state",
        description = "Sets a destination's state, as ds_set_state does.",
        footer = {
            "  sip-dispatcher state gw1.example.com inactive --why 'card is broken'",
            "  sip-dispatcher state gw1.example.com active"
        })
final class StateCommand extends TargetOrderCommand {
    @Parameters(index = "1", paramLabel = "STATE", description = "active, inactive or probing; a, i, p for short")
    private String state;

    @Override
    String verb() {
        return "state";
    }

    @Override
    void addFields(ObjectNode body) {
        body.put("state", StateName.parse("state", state));
        super.addFields(body);
    }
}
