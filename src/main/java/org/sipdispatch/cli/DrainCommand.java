package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "drain",
        description = "Takes a destination out of traffic and shows how many calls are still active there.",
        footer = {
            "  sip-dispatcher drain gw1.example.com --why upgrade --watch",
            "  sip-dispatcher drain gw1.example.com --watch && ssh gw1.example.com systemctl restart freeswitch"
        })
final class DrainCommand extends RepeatableOrderCommand {
    @Option(names = "--watch", description = "wait until it is certain that no active call is left there")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "interval of queries with --watch; default: ${DEFAULT-VALUE}")
    private double interval;

    @Override
    String verb() {
        return "drain";
    }

    @Override
    int handleResponse(NodeClient node, String id, NodeResponse first) {
        NodeResponse answer = first;
        String last = progressLine(answer.json());
        print(id, answer);
        boolean wasOut = !takesTraffic(answer.json());
        while (watch && !isDone(answer.json())) {
            pause(interval);
            answer = node.get(NodeClient.path("destinations", id, "drain"));
            if (wasOut && takesTraffic(answer.json())) {
                throw new CommandException(
                        CommandException.REFUSED,
                        TerminalFormat.withoutControls(id) + ": takes traffic again (expected: none while it drains)");
            }
            wasOut = !takesTraffic(answer.json());
            String now = progressLine(answer.json());
            if (!now.equals(last)) {
                print(id, answer);
            }
            last = now;
        }
        return 0;
    }

    private static boolean isDone(JsonNode progress) {
        return progress.path("done").asBoolean();
    }

    private static boolean takesTraffic(JsonNode progress) {
        return progress.path("status").path("takesTraffic").asBoolean();
    }

    private void print(String id, NodeResponse answer) {
        show(answer, progress -> out().println(TerminalFormat.withoutControls(id) + ": " + progressLine(progress)));
        out().flush();
    }

    /** The calls that are left, and the nodes that did not answer. */
    private static String progressLine(JsonNode progress) {
        JsonNode there = progress.path("openCalls");
        int ringing = there.path("ringing").asInt();
        StringJoiner silent = new StringJoiner(", ", "; no answer from ", "").setEmptyValue("");
        there.path("silent").forEach(one -> silent.add(one.asText()));
        return calls(there)
                + (ringing == 0 ? "" : ", " + ringing + " ringing")
                + TerminalFormat.withoutControls(silent.toString())
                + (takesTraffic(progress) ? "; it takes traffic again" : "");
    }

    private static String calls(JsonNode there) {
        StringJoiner nodes = new StringJoiner(", ", " (", ")").setEmptyValue("");
        there.path("nodes")
                .properties()
                .forEach(one -> nodes.add(one.getKey() + " " + one.getValue().asText()));
        int calls = there.path("total").asInt();
        return (calls == 1 ? "1 call" : calls + " calls") + " left" + TerminalFormat.withoutControls(nodes.toString());
    }
}
