package org.sipdispatch.cli;

import picocli.CommandLine.Command;

/** {@code hold}. */
@Command(
        name = "hold",
        description = "Takes a destination out of traffic until it is released; pings and calls do not bring it back.",
        footer = {"  sip-dispatcher hold gw1.example.com --why maintenance"})
final class HoldCommand extends OrderCommand {
    @Override
    String verb() {
        return "hold";
    }
}
