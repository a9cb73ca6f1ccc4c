package org.sipdispatch.manage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.operations.OperationCaller;

/**
 * The datagram format of OpenSIPS 2.4: {@code :ds_set_state:} and one line for each parameter. The response is {@code
 * 200 OK} and a tree of lines.
 */
final class Mi24Format {
    /** The fields in the first line of a destination. */
    private static final Set<String> FIRST_LINE = Set.of("URI", "state", "first_hit_counter");

    private final MiCommands commands;

    Mi24Format(MiCommands commands) {
        this.commands = commands;
    }

    static boolean isLineFormat(String text) {
        return text.startsWith(":");
    }

    CompletionStage<String> answer(OperationCaller caller, String text) {
        List<String> lines = text.lines().takeWhile(line -> !line.isBlank()).toList();
        int end = lines.get(0).indexOf(':', 1);
        String command = end < 0 ? "" : lines.get(0).substring(1, end);
        return commands.run(caller, command, params(command, lines.subList(1, lines.size())))
                .handle((result, failure) -> failure == null ? "200 OK\n" + tree(result) : refusal(failure));
    }

    private static JsonNode params(String command, List<String> lines) {
        if (lines.isEmpty()) {
            return null;
        }
        ArrayNode inOrder = Json.object().arrayNode();
        ObjectNode byName = Json.object();
        for (String line : lines) {
            inOrder.add(line.strip());
            boolean full = line.strip().equals("full");
            byName.put(full ? "full" : "partition", full ? "1" : line.strip());
        }
        // In 2.4 the partition came first, and {@code full} was a keyword.
        return command.equals("ds_list") ? byName : inOrder;
    }

    private static String refusal(Throwable failure) {
        MiError error = MiError.of(failure);
        String text = error.getMessage() + (error.details().isEmpty() ? "" : ": " + error.details());
        return switch (error.code()) {
            case MiError.METHOD_NOT_FOUND -> "500 command not available\n";
            case MiError.INVALID_PARAMS -> "400 " + text + "\n";
            case MiError.INTERNAL_ERROR -> "500 " + text + "\n";
            default -> error.code() + " " + text + "\n";
        };
    }

    private static String tree(JsonNode result) {
        StringBuilder tree = new StringBuilder();
        for (JsonNode partition : result.path("PARTITIONS")) {
            line(tree, 0, "PARTITION:: " + partition.path("name").asText());
            for (JsonNode set : partition.path("SETS")) {
                line(tree, 1, "SET:: " + set.path("id").asText());
                set.path("Destinations").forEach(one -> destination(tree, one));
            }
        }
        return tree.toString();
    }

    private static void destination(StringBuilder tree, JsonNode one) {
        line(
                tree,
                2,
                "URI:: " + one.path("URI").asText() + " state="
                        + one.path("state").asText() + " first_hit_counter="
                        + one.path("first_hit_counter").asText());
        one.properties().forEach(field -> {
            if (!FIRST_LINE.contains(field.getKey()) && field.getValue().isValueNode()) {
                line(tree, 3, field.getKey() + ":: " + field.getValue().asText());
            }
        });
    }

    private static void line(StringBuilder tree, int depth, String text) {
        tree.append("\t".repeat(depth))
                .append(text.replaceAll("\\p{Cntrl}", " "))
                .append('\n');
    }
}
