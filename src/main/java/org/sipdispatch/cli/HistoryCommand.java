package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "history",
        description = "Shows changes of destinations and orders of operators, the newest first.",
        footer = {
            "  sip-dispatcher history --since 2h",
            "  sip-dispatcher history --destination gw1.example.com --limit 20",
            "  sip-dispatcher history --set trunks:1 --who alice"
        })
final class HistoryCommand extends NodeCommand {
    @Option(
            names = "--destination",
            paramLabel = "DESTINATION",
            description = "of this one: its id, or the user, host or port of its URI if no other one has the same")
    private String destination;

    @Option(names = "--set", paramLabel = "[P:]N", description = "of this set; P: alone means a whole partition")
    private String set;

    @Option(names = "--who", paramLabel = "NAME", description = "by this operator, or probe, traffic, table")
    private String who;

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            description = "from this time on: 90s, 15m, 2h or 3d ago, or an ISO time")
    private String since;

    @Option(names = "--until", paramLabel = "WHEN", description = "up to this time")
    private String until;

    @Option(names = "--limit", paramLabel = "N", description = "how many at most")
    private Integer limit;

    @Override
    int run(NodeClient node) {
        Map<String, Object> query = new LinkedHashMap<>();
        if (destination != null) {
            query.put("destination", DestinationLookup.resolve(node, destination, err()));
        }
        SetName name = set == null ? null : SetName.parse("--set", set);
        if (name != null) {
            query.put("partition", name.partition());
            query.put("set", name.number());
        }
        query.put("who", who);
        query.put("from", since == null ? null : TerminalFormat.parseTime("--since", since, nowMs()));
        query.put("to", until == null ? null : TerminalFormat.parseTime("--until", until, nowMs()));
        query.put("limit", limit);
        NodeResponse answer = node.get(NodeClient.query(NodeClient.path("history"), query));
        if (answer.json().path("entries").isEmpty()) {
            requireKnown(node, query.get("destination"), name);
        }
        return show(answer, this::print);
    }

    /** Fails if there is no such destination or set and the history has nothing of an earlier one with that name. */
    private void requireKnown(NodeClient node, Object id, SetName name) {
        if (destination != null && destination.equals(id)) {
            DestinationLookup.requireOne(node, destination, err());
        }
        if (name != null) {
            name.requireKnown(node, set);
        }
    }

    private void print(JsonNode answer) {
        Table table = table("TIME", "DESTINATION", "WHAT", "STATE", "WHO", "NODE", "WHY");
        for (JsonNode entry : answer.path("entries")) {
            table.row(
                    TerminalFormat.time(entry.path("atMs").asLong()),
                    TerminalFormat.text(entry.path("destination")),
                    TerminalFormat.text(entry.path("what")),
                    TerminalFormat.text(entry.path(entry.path("superseded").asBoolean() ? "supersededState" : "state"))
                            + (entry.path("busy").asBoolean() ? " busy" : ""),
                    TerminalFormat.text(entry.path("who")),
                    TerminalFormat.text(entry.path("node")),
                    TerminalFormat.text(entry.path("why")));
        }
        table.printTo(out());
    }
}
