package org.sipdispatch.sets;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Script attributes that a rule sets for destinations, as {@code ds_push_script_attrs} does.
 *
 * @param rule the path of the rule
 */
public record PushedAttrs(String rule, List<Destination> members, String attrs) {
    public List<String> ids() {
        return members.stream().map(Destination::id).distinct().toList();
    }

    /** The destinations, for comparison and for the log. */
    public String names() {
        return ids().stream().collect(Collectors.joining(", "));
    }
}
