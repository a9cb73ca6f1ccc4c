package org.sipdispatch.cli;

import picocli.CommandLine.Command;

@Command(
        name = "probe",
        description = "Pings a destination now.",
        footer = {"  sip-dispatcher probe gw1.example.com"})
final class ProbeCommand extends OrderCommand {
    @Override
    String verb() {
        return "probe";
    }

    @Override
    int handleResponse(NodeClient node, String id, NodeResponse answer) {
        int status = super.handleResponse(node, id, answer);
        if (!options.json() && answer.json().path("underWay").asBoolean()) {
            out().println("the ping has not ended; the history will show its result");
        }
        return status;
    }
}
