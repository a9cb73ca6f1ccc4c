package org.sipdispatch.cli;

import picocli.CommandLine.Command;

/** {@code probe}. */
@Command(
        name = "probe",
        description = "Sends a ping now.",
        footer = {"  sip-dispatcher probe gw1.example.com"})
final class ProbeCommand extends OrderCommand {
    @Override
    String verb() {
        return "probe";
    }
}
