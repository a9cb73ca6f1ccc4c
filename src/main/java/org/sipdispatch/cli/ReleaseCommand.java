package org.sipdispatch.cli;

import picocli.CommandLine.Command;

/** {@code release}. */
@Command(
        name = "release",
        description = "Ends a hold; what pings and calls show counts again.",
        footer = {"  sip-dispatcher release gw1.example.com"})
final class ReleaseCommand extends KeyedOrderCommand {
    @Override
    String verb() {
        return "release";
    }
}
