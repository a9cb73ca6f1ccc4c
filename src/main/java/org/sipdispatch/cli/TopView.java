package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of {@code top}: current rates of each set and destination, from two samples of the traffic. */
final class TopView {
    private static final String[] HEADS = {
        "SET, DESTINATION",
        "STATE",
        ">FOR",
        "NOTES",
        ">CALLS/S",
        ">2XX/S",
        ">3-4XX/S",
        ">5-6XX/S",
        ">FAILED/S",
        ">P50 MS",
        ">P95 MS",
        ">OPEN",
        ">ASR %",
        ">NER %",
        ">PDD MS",
        ">ACD S"
    };

    private final boolean coloured;

    TopView(boolean coloured) {
        this.coloured = coloured;
    }

    /** The samples of all destinations, by id. */
    static Map<String, TrafficSample> samples(JsonNode traffic) {
        Map<String, TrafficSample> samples = new HashMap<>();
        traffic.path("destinations").forEach(one -> samples.put(one.path("id").asText(), TrafficSample.of(one)));
        return samples;
    }

    /** {@code before}: null if there is no previous sample. */
    List<String> lines(JsonNode rows, Map<String, TrafficSample> before, JsonNode traffic, double seconds, long nowMs) {
        Map<String, TrafficSample> now = samples(traffic);
        Map<String, JsonNode> quality = byId(traffic.path("quality"));
        Map<String, JsonNode> shares = byId(traffic.path("shares"));
        Map<String, List<JsonNode>> sets = new LinkedHashMap<>();
        rows.path("destinations")
                .forEach(row -> sets.computeIfAbsent(TerminalFormat.set(row), set -> new ArrayList<>())
                        .add(row));
        Table table = new Table(coloured, HEADS);
        double over = before == null ? 0 : seconds;
        sets.forEach((set, members) -> {
            List<TrafficSample> each = members.stream()
                    .map(member -> difference(before, now, member.path("id").asText()))
                    .toList();
            long taking = members.stream()
                    .filter(member -> member.path("takesTraffic").asBoolean())
                    .count();
            TrafficSample sum = each.stream().reduce(TrafficSample.NONE, TrafficSample::plus);
            String taken = taking + " of " + members.size();
            table.row(cells(set, taken, "", "", sum, over, MissingNode.getInstance()));
            for (int i = 0; i < members.size(); i++) {
                JsonNode row = members.get(i);
                String age = TerminalFormat.age(nowMs, row.path("sinceMs").asLong());
                String state = TerminalFormat.text(row.path("state"));
                String id = row.path("id").asText();
                table.row(cells(
                        "  " + name(row),
                        state,
                        age,
                        notes(row, shares.get(id)),
                        each.get(i),
                        over,
                        quality.getOrDefault(id, MissingNode.getInstance())));
            }
        });
        return table.lines();
    }

    private static Map<String, JsonNode> byId(JsonNode list) {
        Map<String, JsonNode> byId = new HashMap<>();
        list.forEach(one -> byId.put(one.path("id").asText(), one));
        return byId;
    }

    /** The notes of a list, and why it gets fewer requests at present: {@code hold}, {@code backoff-12s}. */
    private static String notes(JsonNode row, JsonNode share) {
        String notes = ListCommand.notes(row);
        if (share == null || row.has("share")) {
            return notes;
        }
        String note = ListCommand.share(share);
        return notes.equals("-") ? note : notes + "," + note;
    }

    private static TrafficSample difference(
            Map<String, TrafficSample> before, Map<String, TrafficSample> now, String id) {
        TrafficSample sample = now.getOrDefault(id, TrafficSample.NONE);
        return before == null ? sample : sample.since(before.getOrDefault(id, TrafficSample.NONE));
    }

    private static String name(JsonNode row) {
        String socket = TerminalFormat.text(row.path("socket"));
        int ordinal = row.path("ordinal").asInt(1);
        return TerminalFormat.text(row.path("uri"))
                + (socket.isEmpty() ? "" : "@" + socket)
                + (ordinal == 1 ? "" : "," + ordinal);
    }

    private static Object[] cells(
            String name,
            String state,
            String age,
            String notes,
            TrafficSample sample,
            double seconds,
            JsonNode quality) {
        return new Object[] {
            name,
            state,
            age,
            notes,
            rate(sample.hits(), seconds),
            rate(sample.successes(), seconds),
            rate(sample.redirectsAndClientErrors(), seconds),
            rate(sample.serverErrors(), seconds),
            rate(sample.failures(), seconds),
            seconds > 0 ? sample.latency(0.5) : "-",
            seconds > 0 ? sample.latency(0.95) : "-",
            sample.openCalls(),
            figure(quality.path("asr")),
            figure(quality.path("ner")),
            figure(quality.path("pddMs")),
            figure(quality.path("acdSeconds"))
        };
    }

    /** Rounded; {@code -} without calls. */
    private static String figure(JsonNode value) {
        return value.isNumber() ? String.valueOf(Math.round(value.asDouble())) : "-";
    }

    private static String rate(long count, double seconds) {
        return seconds > 0 ? String.format(Locale.ROOT, "%.1f", count / seconds) : "-";
    }
}
