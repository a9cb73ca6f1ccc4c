package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** An order to a destination, or to one of its targets. */
abstract class TargetOrderCommand extends RepeatableOrderCommand {
    @Option(
            names = "--target",
            paramLabel = "ADDRESS",
            description =
                    "only this address of a name that has several, as \"show\" names it; the port may be left out")
    private String target;

    boolean hasTarget() {
        return target != null;
    }

    @Override
    void addFields(ObjectNode body) {
        if (hasTarget()) {
            body.put("target", target);
        }
    }

    /** The response has the status of the destination, whose reason is none of this order. */
    @Override
    int handleResponse(NodeClient node, String id, NodeResponse answer) {
        if (!hasTarget()) {
            return super.handleResponse(node, id, answer);
        }
        return show(answer, status -> {
            out().println(TerminalFormat.withoutControls(id) + " is " + TerminalFormat.text(status.path("state")));
            out().println("the order was for its target " + TerminalFormat.withoutControls(target) + " only");
        });
    }
}
