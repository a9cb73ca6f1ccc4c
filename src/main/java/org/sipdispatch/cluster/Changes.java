package org.sipdispatch.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;

/** What a reload would do, for people to read. */
final class Changes {
    private Changes() {}

    /** One line for each destination that comes, goes or changes. */
    static List<String> between(List<Definition> old, List<Definition> fresh) {
        Map<String, Definition> before = byId(old);
        Map<String, Definition> after = byId(fresh);
        List<String> lines = new ArrayList<>();
        before.keySet().stream().filter(id -> !after.containsKey(id)).forEach(id -> lines.add("- " + id));
        after.forEach((id, definition) -> {
            Definition known = before.get(id);
            if (known == null) {
                lines.add("+ " + id);
            } else if (!isSame(known, definition)) {
                lines.add("~ " + id + " " + told(known.destination()) + " -> " + told(definition.destination()));
            }
        });
        return lines;
    }

    private static Map<String, Definition> byId(List<Definition> definitions) {
        Map<String, Definition> byId = new LinkedHashMap<>();
        definitions.forEach(definition -> byId.putIfAbsent(definition.id(), definition));
        return byId;
    }

    private static boolean isSame(Definition one, Definition other) {
        return one.destination().equals(other.destination()) && one.permanentProbing() == other.permanentProbing();
    }

    private static String told(Destination destination) {
        return "weight=" + destination.weight() + " priority=" + destination.priority() + " attrs="
                + destination.attrs() + " description=" + destination.description();
    }
}
