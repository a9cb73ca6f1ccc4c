package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "Lists destinations as the node knows them.",
        footer = {
            "  sip-dispatcher list",
            "  sip-dispatcher list --set 2 --state probing",
            "  sip-dispatcher list --set trunks:1 --text gw1.example.com"
        })
final class ListCommand extends NodeCommand {
    @Option(names = "--set", paramLabel = "[P:]N", description = "of this set; P: alone means a whole partition")
    private String set;

    @Option(names = "--state", paramLabel = "STATE", description = "active, inactive or probing; a, i, p for short")
    private String state;

    @Option(names = "--text", paramLabel = "TEXT", description = "a text that URI, attrs or description must contain")
    private String text;

    @Override
    int run(NodeClient node) {
        Map<String, Object> filter = new LinkedHashMap<>();
        SetName name = set == null ? null : SetName.parse("--set", set);
        if (name != null) {
            filter.put("partition", name.partition());
            filter.put("set", name.number());
        }
        filter.put("state", StateName.parse("--state", state));
        filter.put("text", text);
        JsonNode all = DestinationLookup.listAll(node, filter);
        if (name != null && all.path("destinations").isEmpty()) {
            name.requireKnown(node, set);
        }
        return show(new NodeResponse(options.json() ? Json.pretty(all) : "", all), this::print);
    }

    private void print(JsonNode answer) {
        Table table = table("DESTINATION", "STATE", ">FOR", "NOTES", ">WEIGHT", ">PRIORITY", ">FAILURES", "WHO", "WHY");
        long nowMs = nowMs();
        for (JsonNode row : answer.path("destinations")) {
            table.row(
                    TerminalFormat.text(row.path("id")),
                    TerminalFormat.text(row.path("state")),
                    TerminalFormat.age(nowMs, row.path("sinceMs").asLong()),
                    notes(row),
                    TerminalFormat.text(row.path("weight")),
                    TerminalFormat.text(row.path("priority")),
                    TerminalFormat.text(row.path("failures")),
                    TerminalFormat.text(row.path("who")),
                    TerminalFormat.text(row.path("why")));
            row.path("targets").forEach(target -> addTarget(table, target, nowMs));
        }
        table.printTo(out());
    }

    /** An address of the destination above. */
    private static void addTarget(Table table, JsonNode target, long nowMs) {
        table.row(
                "  " + TerminalFormat.text(target.path("target")),
                TerminalFormat.text(target.path("state")),
                TerminalFormat.age(nowMs, target.path("sinceMs").asLong()),
                notes(target),
                ofRecord(target, "weight"),
                ofRecord(target, "priority"),
                TerminalFormat.text(target.path("failures")),
                TerminalFormat.text(target.path("who")),
                TerminalFormat.text(target.path("why")));
    }

    /** A field of the SRV record; without such a record both are 0. */
    private static String ofRecord(JsonNode target, String field) {
        boolean isSrv =
                target.path("weight").asInt() > 0 || target.path("priority").asInt() > 0;
        return isSrv ? "srv " + target.path(field).asInt() : "-";
    }

    /** Such as {@code hold,busy,temporary,freeswitch-away,dns,backoff-12s}; {@code -} for none. */
    static String notes(JsonNode row) {
        StringJoiner notes = new StringJoiner(",");
        for (String note : new String[] {"hold", "busy", "temporary"}) {
            if (row.path(note).asBoolean()) {
                notes.add(note);
            }
        }
        if (row.path("freeswitch").path("state").asText().equals("away")) {
            notes.add("freeswitch-away");
        }
        if (!row.path("dnsFailure").asText().isEmpty()) {
            notes.add("dns");
        }
        if (row.has("share")) {
            notes.add(share(row.path("share")));
        }
        return notes.length() == 0 ? "-" : notes.toString();
    }

    /** Why a destination gets fewer requests at present: {@code backoff-12s}, {@code slow-start-40%}. */
    static String share(JsonNode share) {
        long backoffMs = share.path("backoffMs").asLong();
        return backoffMs > 0
                ? "backoff-" + Math.max(1, backoffMs / 1000) + "s"
                : "slow-start-" + share.path("slowStartPercent").asInt() + "%";
    }
}
