package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
        ">OPEN"
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
            table.row(cells(set, taking + " of " + members.size(), "", "", sum, over));
            for (int i = 0; i < members.size(); i++) {
                JsonNode row = members.get(i);
                String age = TerminalFormat.age(nowMs, row.path("sinceMs").asLong());
                String state = TerminalFormat.text(row.path("state"));
                table.row(cells("  " + name(row), state, age, ListCommand.notes(row), each.get(i), over));
            }
        });
        return table.lines();
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
            String name, String state, String age, String notes, TrafficSample sample, double seconds) {
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
            sample.openCalls()
        };
    }

    private static String rate(long count, double seconds) {
        return seconds > 0 ? String.format(Locale.ROOT, "%.1f", count / seconds) : "-";
    }
}
