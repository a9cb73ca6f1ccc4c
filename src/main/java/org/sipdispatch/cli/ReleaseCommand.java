package org.sipdispatch.cli;

import picocli.CommandLine.Command;

@Command(
        name = "release",
        description = "Ends a hold; pings and calls decide again.",
        footer = {"  sip-dispatcher release gw1.example.com"})
final class ReleaseCommand extends RepeatableOrderCommand {
    @Override
    String verb() {
        return "release";
    }
}
