package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.sipdispatch.settings.SettingException;

/**
 * A set on the command line: {@code 2}, {@code trunks:2}, or {@code trunks:} for all sets of a partition.
 *
 * @param partition null if not given
 * @param number null for all sets
 */
record SetName(String partition, Integer number) {
    static SetName parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        String number = text.substring(colon + 1).strip();
        String partition = colon < 0 ? null : text.substring(0, colon).strip();
        boolean all = number.isEmpty() && colon > 0;
        if (!all && !number.matches("\\d{1,9}") || partition != null && partition.isEmpty()) {
            throw new SettingException(option, text, "a set such as 2 or trunks:2");
        }
        return new SetName(partition, all ? null : Integer.valueOf(number));
    }

    /** Like {@link #parse}, but refuses a whole partition. */
    static SetName parseSingle(String option, String text) {
        SetName set = parse(option, text);
        if (set.number == null) {
            throw new SettingException(option, text, "a set such as 2 or trunks:2");
        }
        return set;
    }

    /** Whether this is the name of the set, or of its whole partition. */
    boolean includes(String ofPartition, int set) {
        return (partition == null || partition.equals(ofPartition)) && (number == null || number == set);
    }

    /**
     * Fails if the node knows no such set: an empty answer could also mean that nothing of the set was asked for.
     *
     * @param written the name on the command line
     */
    void requireKnown(NodeClient node, String written) {
        List<String> known = new ArrayList<>();
        for (JsonNode one : node.get(NodeClient.path("sets")).json().path("sets")) {
            known.add(TerminalFormat.set(one));
            if (includes(one.path("partition").asText(), one.path("set").asInt())) {
                return;
            }
        }
        String expected =
                known.isEmpty() ? "a set with destinations; there is none" : "one of " + String.join(", ", known);
        throw new CommandException(CommandException.REFUSED, "set: " + written + " (expected: " + expected + ")");
    }

    /** Adds the set to a body; without a partition the node uses its default one. */
    ObjectNode addTo(ObjectNode body) {
        if (partition != null) {
            body.put("partition", partition);
        }
        return body.put("set", number);
    }
}
