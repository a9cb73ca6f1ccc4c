package org.sipdispatch.migrate;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A condition of a script about a request.
 *
 * @param criterion the key of {@code when} that expresses it
 * @param name the header field's name; empty for other kinds
 * @param value in the syntax of our configuration; methods and sockets are separated by commas
 * @param text as written in the script
 */
record ScriptCondition(Criterion criterion, String name, String value, String text) {
    enum Criterion {
        METHOD,
        TO_TAG,
        SOURCE,
        SOCKET,
        RURI,
        HEADER,
        IN_SET,
        COUNT,
        ALWAYS,
        NEVER,
        /** Not expressible in a rule. */
        UNKNOWN
    }

    /** A fact or its negation. */
    record PossiblyNegated(ScriptCondition fact, boolean negated) {}

    static ScriptCondition of(Criterion criterion, String value, String text) {
        return new ScriptCondition(criterion, "", value, text);
    }

    /** A condition that no rule expresses. */
    static ScriptCondition unknown(String text) {
        return of(Criterion.UNKNOWN, "", text);
    }

    static ScriptCondition methods(Collection<String> methods, String text) {
        return methods.isEmpty()
                ? of(Criterion.NEVER, "", text)
                : of(Criterion.METHOD, String.join(",", methods), text);
    }

    boolean isKnown() {
        return criterion != Criterion.UNKNOWN;
    }

    Set<String> values() {
        return new LinkedHashSet<>(Arrays.asList(value.split(",")));
    }

    private boolean isSameAs(ScriptCondition other) {
        return criterion == other.criterion && name.equals(other.name) && value.equals(other.value);
    }

    /** Whether the fact is true, given facts that hold and facts that do not; null if they do not decide it. */
    Boolean given(Collection<ScriptCondition> holding, Collection<ScriptCondition> failing) {
        return switch (criterion) {
            case ALWAYS -> true;
            case NEVER -> false;
            case UNKNOWN -> null;
            case METHOD, SOCKET -> choiceGiven(holding, failing);
            case TO_TAG, SOURCE, RURI, HEADER, IN_SET, COUNT ->
                holding.stream().anyMatch(this::isSameAs)
                        ? Boolean.TRUE
                        : failing.stream().anyMatch(this::isSameAs) ? Boolean.FALSE : null;
        };
    }

    private Boolean choiceGiven(Collection<ScriptCondition> holding, Collection<ScriptCondition> failing) {
        Set<String> open = values();
        failing.stream().filter(fact -> fact.criterion == criterion).forEach(fact -> open.removeAll(fact.values()));
        for (ScriptCondition fact : holding) {
            if (fact.criterion == criterion) {
                Set<String> possible = fact.values();
                failing.stream()
                        .filter(one -> one.criterion == criterion)
                        .forEach(one -> possible.removeAll(one.values()));
                if (values().containsAll(possible)) {
                    return true;
                }
                open.retainAll(possible);
            }
        }
        return open.isEmpty() ? Boolean.FALSE : null;
    }

    /** The fact without the methods or sockets that other facts already exclude. */
    ScriptCondition narrowed(Collection<ScriptCondition> holding, Collection<ScriptCondition> failing) {
        if (criterion != Criterion.METHOD && criterion != Criterion.SOCKET) {
            return this;
        }
        Set<String> open = values();
        holding.stream().filter(fact -> fact.criterion == criterion).forEach(fact -> open.retainAll(fact.values()));
        failing.stream().filter(fact -> fact.criterion == criterion).forEach(fact -> open.removeAll(fact.values()));
        return new ScriptCondition(criterion, name, open.stream().collect(Collectors.joining(",")), text);
    }
}
