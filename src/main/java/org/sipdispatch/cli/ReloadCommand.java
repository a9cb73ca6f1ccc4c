package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "reload",
        description =
                "Reads the destinations again from their tables and lists; all nodes apply the changes, or none does.",
        footer = {
            "  sip-dispatcher reload --dry-run",
            "  sip-dispatcher reload --partition trunks",
            "  sip-dispatcher reload --skip-bad-rows",
            "  sip-dispatcher reload --no-inherit-state",
            "  sip-dispatcher reload --drop-temporary"
        })
final class ReloadCommand extends NodeCommand {
    @Option(names = "--partition", paramLabel = "P", description = "only this partition; default: all")
    private String partition;

    @Option(names = "--dry-run", description = "only show what would change")
    private boolean dryRun;

    @Option(names = "--drop-temporary", description = "also remove temporary destinations")
    private boolean dropTemporary;

    @Option(
            names = "--skip-bad-rows",
            negatable = true,
            description = "skip unusable rows, or let one refuse the reload; default: the node's reload.bad-rows")
    private Boolean skipBadRows;

    @Option(
            names = "--no-inherit-state",
            description = "give the destinations the states of their rows; default: they keep their states")
    private boolean withoutStates;

    @Override
    int run(NodeClient node) {
        ObjectNode body = orderBody(null).put("dryRun", dryRun).put("dropTemporary", dropTemporary);
        if (withoutStates) {
            body.put("inheritState", false);
        }
        if (skipBadRows != null) {
            body.put("skipBadRows", skipBadRows);
        }
        if (partition != null) {
            body.put("partition", partition);
        }
        return outcome(this, node.post(NodeClient.path("reload"), body), dryRun);
    }

    /** Prints the changes of definitions by a reload, an addition or a removal; returns the exit status. */
    static int outcome(NodeCommand command, NodeResponse answer, boolean dryRun) {
        command.show(command.requireKnownOutcome(answer), outcome -> print(command, outcome, dryRun));
        String error = answer.json().path("error").asText("");
        if (!error.isEmpty()) {
            // A dry run shows what would change, and why the reload would be refused.
            throw new CommandException(CommandException.REFUSED, error);
        }
        return 0;
    }

    private static void print(NodeCommand command, JsonNode outcome, boolean dryRun) {
        outcome.path("changes").forEach(change -> command.out().println(TerminalFormat.text(change)));
        outcome.path("warnings").forEach(warning -> command.out().println("warning: " + TerminalFormat.text(warning)));
        int changes = outcome.path("changes").size();
        String counted = changes == 1 ? "1 change" : changes + " changes";
        String revision = TerminalFormat.text(outcome.path("revision"));
        command.out().println(dryRun ? counted + ", not applied" : counted + ", revision " + revision);
    }
}
