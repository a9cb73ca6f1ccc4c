package org.sipdispatch.cli;

import picocli.CommandLine.Command;

@Command(
        name = "release",
        description = "Ends a hold; pings and calls decide again.",
        footer = {
            "  sip-dispatcher release gw1.example.com",
            "  sip-dispatcher release gw.example.com --target 192.0.2.7:5060"
        })
final class ReleaseCommand extends TargetOrderCommand {
    @Override
    String verb() {
        return "release";
    }
}
