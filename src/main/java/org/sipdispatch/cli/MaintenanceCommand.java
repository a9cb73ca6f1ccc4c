package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.StringJoiner;
import org.sipdispatch.settings.SettingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "maintenance",
        description =
                "Takes a node out of traffic without stopping it, and back: on, off, or status. In maintenance the"
                        + " node answers OPTIONS to itself with 503 and takes no new calls, and continues those that it has.",
        footer = {
            "  sip-dispatcher maintenance on --why kernel --watch && sip-dispatcher maintenance off",
            "  sip-dispatcher maintenance on --keep --node http://10.0.0.2:8558",
            "  sip-dispatcher maintenance status"
        })
final class MaintenanceCommand extends NodeCommand {
    private enum MaintenanceAction {
        ON,
        OFF,
        STATUS
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "on|off|status",
            defaultValue = "status",
            description = "begins maintenance, ends it, or shows it; default: ${DEFAULT-VALUE}")
    private String order;

    @Option(names = "--why", paramLabel = "REASON", description = "the reason, for the history")
    private String why;

    @Option(names = "--keep", description = "with on: maintenance outlasts a restart of the node")
    private boolean keep;

    @Option(names = "--watch", description = "with on or status: wait until nothing is under way at the node")
    private boolean watch;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "interval of queries with --watch; default: ${DEFAULT-VALUE}")
    private double interval;

    @Override
    int run(NodeClient node) {
        MaintenanceAction given = order();
        if (keep && given != MaintenanceAction.ON) {
            throw new SettingException("--keep", order, "maintenance on");
        } else if (watch && given == MaintenanceAction.OFF) {
            throw new SettingException("--watch", order, "maintenance on or status");
        }
        NodeResponse answer =
                switch (given) {
                    case ON -> node.post(NodeClient.path("maintenance", "on"), body().put("keep", keep));
                    case OFF -> node.post(NodeClient.path("maintenance", "off"), body());
                    case STATUS -> node.get(NodeClient.path("maintenance"));
                };
        print(answer);
        return watch ? watch(node, answer) : 0;
    }

    private MaintenanceAction order() {
        try {
            return MaintenanceAction.valueOf(order.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new SettingException("maintenance", order, "on, off or status");
        }
    }

    private ObjectNode body() {
        return orderBody(why);
    }

    private int watch(NodeClient node, NodeResponse first) {
        NodeResponse answer = first;
        String last = line(answer.json());
        while (!answer.json().path("done").asBoolean()) {
            if (!answer.json().path("maintenance").asBoolean()) {
                throw new CommandException(
                        CommandException.REFUSED,
                        TerminalFormat.text(answer.json().path("node"))
                                + ": takes new calls (expected: a node in maintenance)");
            }
            pause(interval);
            answer = node.get(NodeClient.path("maintenance"));
            String now = line(answer.json());
            if (!now.equals(last)) {
                print(answer);
            }
            last = now;
        }
        return 0;
    }

    private void print(NodeResponse answer) {
        show(answer, progress -> out().println(line(progress)));
        out().flush();
        String warning = answer.json().path("warning").asText();
        if (!options.json() && !warning.isEmpty()) {
            err().println("warning: " + TerminalFormat.withoutControls(warning));
            err().flush();
        }
    }

    private static String line(JsonNode progress) {
        StringJoiner line = new StringJoiner(", ");
        line.add(TerminalFormat.text(progress.path("node")) + ": " + state(progress));
        long calls = progress.path("openCalls").asLong();
        line.add(calls == 1 ? "1 call" : calls + " calls");
        line.add(progress.path("ringing").asLong() + " ringing");
        line.add(progress.path("pending").asLong() + " transactions pending");
        return line.toString();
    }

    private static String state(JsonNode progress) {
        if (!progress.path("maintenance").asBoolean()) {
            return "takes new calls";
        }
        String why = TerminalFormat.text(progress.path("why"));
        return "in maintenance since "
                + TerminalFormat.time(progress.path("sinceMs").asLong()) + " by "
                + TerminalFormat.text(progress.path("who"))
                + (why.isEmpty() ? "" : " (" + why + ")")
                + (progress.path("keep").asBoolean() ? ", also after a restart" : ", until a restart");
    }
}
