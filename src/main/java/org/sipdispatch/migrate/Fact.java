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
record Fact(Criterion criterion, String name, String value, String text) {
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
    record Condition(Fact fact, boolean negated) {}

    static Fact of(Criterion criterion, String value, String text) {
        return new Fact(criterion, "", value, text);
    }

    static Fact methods(Collection<String> methods, String text) {
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

    private boolean isSameAs(Fact other) {
        return criterion == other.criterion && name.equals(other.name) && value.equals(other.value);
    }

    /** Whether the fact is true, given facts that hold and facts that do not; null if they do not decide it. */
    Boolean given(Collection<Fact> holding, Collection<Fact> failing) {
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

    private Boolean choiceGiven(Collection<Fact> holding, Collection<Fact> failing) {
        Set<String> open = values();
        failing.stream().filter(fact -> fact.criterion == criterion).forEach(fact -> open.removeAll(fact.values()));
        for (Fact fact : holding) {
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
    Fact narrowed(Collection<Fact> holding, Collection<Fact> failing) {
        if (criterion != Criterion.METHOD && criterion != Criterion.SOCKET) {
            return this;
        }
        Set<String> open = values();
        holding.stream().filter(fact -> fact.criterion == criterion).forEach(fact -> open.retainAll(fact.values()));
        failing.stream().filter(fact -> fact.criterion == criterion).forEach(fact -> open.removeAll(fact.values()));
        return new Fact(criterion, name, open.stream().collect(Collectors.joining(",")), text);
    }
}
