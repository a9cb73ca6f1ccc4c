package org.sipdispatch.proxy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.proxy.Explanation.OfMember;
import org.sipdispatch.proxy.Explanation.OfSet;
import org.sipdispatch.sets.Destination;

/** The candidates that do not get a request which is explained, and why. Not thread-safe. */
final class PassedOver {
    /** The reasons, by the id of the destination. */
    private final Map<String, String> reasons = new LinkedHashMap<>();

    void add(Destination candidate, String why) {
        reasons.put(candidate.id(), why);
    }

    /** The others of these candidates. */
    List<Destination> without(List<Destination> candidates) {
        return candidates.stream().filter(one -> !reasons.containsKey(one.id())).toList();
    }

    /** These selections, with the reasons. */
    List<OfSet> shown(List<OfSet> sets) {
        return reasons.isEmpty()
                ? sets
                : sets.stream()
                        .map(set ->
                                set.with(set.members().stream().map(this::shown).toList()))
                        .toList();
    }

    private OfMember shown(OfMember member) {
        String why = reasons.get(member.destination().id());
        return why == null || member.rank() == 0
                ? member
                : new OfMember(
                        member.destination(), member.usable(), member.rank(), member.why() + "; passed over: " + why);
    }

    /** How many, and the different reasons; empty if there are none. */
    String text() {
        return reasons.isEmpty() ? "" : "past " + reasons.size() + " (" + differentReasons() + "): ";
    }

    /** Each reason once. */
    String differentReasons() {
        return String.join("; ", reasons.values().stream().distinct().toList());
    }
}
