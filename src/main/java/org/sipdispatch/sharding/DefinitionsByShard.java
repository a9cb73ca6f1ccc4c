package org.sipdispatch.sharding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.sipdispatch.destination.Definition;

/** The definitions by id and by shard. Not thread-safe. */
final class DefinitionsByShard {
    private final Map<String, Definition> byId = new LinkedHashMap<>();
    private final Map<String, List<String>> byShard = new LinkedHashMap<>();

    /** Of definitions with the same id the first counts; {@code shardOf} maps an id to its shard. */
    DefinitionsByShard(List<Definition> all, UnaryOperator<String> shardOf) {
        all.forEach(definition -> byId.putIfAbsent(definition.id(), definition));
        byId.keySet()
                .forEach(id -> byShard.computeIfAbsent(shardOf.apply(id), unused -> new ArrayList<>())
                        .add(id));
    }

    /** Null if it is not defined. */
    Definition get(String id) {
        return byId.get(id);
    }

    Set<String> ids() {
        return byId.keySet();
    }

    /** The ids of a shard. */
    List<String> of(String shard) {
        return byShard.getOrDefault(shard, List.of());
    }

    /** The first id of each shard. */
    List<String> oneOfEach() {
        return byShard.values().stream().map(ids -> ids.get(0)).toList();
    }

    /** One of {@code parts} parts of all ids; consecutive numbers cover all ids. */
    List<String> part(long number, int parts) {
        List<String> part = new ArrayList<>();
        int place = 0;
        for (String id : byId.keySet()) {
            if (place++ % parts == number % parts) {
                part.add(id);
            }
        }
        return part;
    }
}
