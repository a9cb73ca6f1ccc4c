package org.sipdispatch.cli;

import picocli.CommandLine.Command;

@Command(
        name = "hold",
        description = "Takes a destination out of traffic until it is released; pings and calls do not bring it back.",
        footer = {
            "  sip-dispatcher hold gw1.example.com --why maintenance",
            "  sip-dispatcher hold gw1.example.com --order-key ticket-4711",
            "  sip-dispatcher hold gw.example.com --target 192.0.2.7:5060 --why broken"
        })
final class HoldCommand extends TargetOrderCommand {
    private static final int SHORTENED = 200;

    @Override
    String verb() {
        return "hold";
    }

    /** A destination that was on hold keeps the reason of that hold. */
    @Override
    int handleResponse(NodeClient node, String id, NodeResponse answer) {
        int status = super.handleResponse(node, id, answer);
        if (!options.json()
                && !hasTarget()
                && why() != null
                && !isReason(answer.json().path("why").asText())) {
            out().println("it was on hold already and keeps that reason; release it first to give another");
        }
        return status;
    }

    /** Nodes replace control characters and shorten a long reason. */
    private boolean isReason(String kept) {
        String given = why().replaceAll("\\p{Cntrl}+", " ").strip();
        return given.equals(kept) || kept.length() >= SHORTENED && given.startsWith(kept);
    }
}
