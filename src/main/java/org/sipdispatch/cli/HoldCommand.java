package org.sipdispatch.cli;

import picocli.CommandLine.Command;

@Command(
        name = "hold",
        description = "Takes a destination out of traffic until it is released; pings and calls do not bring it back.",
        footer = {
            "  sip-dispatcher hold gw1.example.com --why maintenance",
            "  sip-dispatcher hold gw1.example.com --order-key ticket-4711"
        })
final class HoldCommand extends KeyedOrderCommand {
    @Override
    String verb() {
        return "hold";
    }
}
