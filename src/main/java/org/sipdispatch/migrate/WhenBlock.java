package org.sipdispatch.migrate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sipdispatch.migrate.ScriptCondition.Criterion;

/** Converts the facts of a path to a {@code when} block. Facts that the block cannot express remain as text. */
final class WhenBlock {
    private final List<ScriptCondition> facts;

    WhenBlock(List<ScriptCondition> facts) {
        this.facts = facts;
    }

    /**
     * The facts that no rule can express, in the words of the script. Includes a second fact of a kind that has one
     * key.
     */
    List<String> unknown() {
        List<String> unknown = new ArrayList<>();
        for (ScriptCondition fact : facts) {
            if (!fact.isKnown()) {
                unknown.add(fact.text());
            }
        }
        if (values(Criterion.SOURCE).size() > 1) {
            unknown.add("two conditions about the source");
        }
        if (values(Criterion.IN_SET).size() > 1) {
            unknown.add("two conditions about the set of the sender");
        }
        return unknown;
    }

    private List<String> values(Criterion criterion) {
        return facts.stream()
                .filter(fact -> fact.criterion() == criterion)
                .map(ScriptCondition::value)
                .distinct()
                .toList();
    }

    /** The content of the block, with each key once; empty for all requests. */
    String block() {
        Map<String, String> keys = new LinkedHashMap<>();
        last(Criterion.METHOD).ifPresent(fact -> keys.put("method", list(fact.value())));
        last(Criterion.SOURCE).ifPresent(fact -> keys.put("source", ConfWriter.quoted(fact.value())));
        last(Criterion.IN_SET).ifPresent(fact -> keys.put("in-set", fact.value()));
        List<String> counts = values(Criterion.COUNT);
        if (!counts.isEmpty()) {
            keys.put("count", counts.size() == 1 ? counts.get(0) : "[" + String.join(", ", counts) + "]");
        }
        last(Criterion.SOCKET).ifPresent(fact -> keys.put("socket", list(fact.value())));
        patterns(Criterion.RURI, "").ifPresent(pattern -> keys.put("ruri", ConfWriter.quoted(pattern)));
        String headers = facts.stream()
                .filter(fact -> fact.criterion() == Criterion.HEADER)
                .map(ScriptCondition::name)
                .distinct()
                .map(name -> name + " = "
                        + ConfWriter.quoted(patterns(Criterion.HEADER, name).orElse("")))
                .collect(Collectors.joining(", "));
        if (!headers.isEmpty()) {
            keys.put("header", "{ " + headers + " }");
        }
        last(Criterion.TO_TAG).ifPresent(fact -> keys.put("to-tag", fact.value()));
        return keys.entrySet().stream()
                .map(entry -> entry.getKey() + (entry.getValue().startsWith("{") ? " " : " = ") + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    private Optional<ScriptCondition> last(Criterion criterion) {
        return facts.stream().filter(fact -> fact.criterion() == criterion).reduce((first, second) -> second);
    }

    /** Combines several patterns into one that requires all of them. */
    private Optional<String> patterns(Criterion criterion, String name) {
        List<String> patterns = facts.stream()
                .filter(fact -> fact.criterion() == criterion && fact.name().equals(name))
                .map(ScriptCondition::value)
                .distinct()
                .toList();
        return patterns.size() < 2
                ? patterns.stream().findFirst()
                : Optional.of("^"
                        + patterns.stream().map(one -> "(?=.*?(?:" + one + "))").collect(Collectors.joining()));
    }

    private static String list(String values) {
        List<String> each = Arrays.asList(values.split(","));
        return each.size() == 1 ? each.get(0) : "[" + String.join(", ", each) + "]";
    }
}
