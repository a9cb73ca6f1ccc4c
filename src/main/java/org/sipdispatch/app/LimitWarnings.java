package org.sipdispatch.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.sipdispatch.limits.LimitSettings;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Attrs;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.LimitValues;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.SpellingSuggestions;

/** Finds resources of rules and sets of sources that no destination has, so that they are probably mistakes. */
final class LimitWarnings {
    /** Numbers in attributes that are no capacities. */
    private static final Set<String> OTHERS = Set.of("weight", "rweight", "latency", "maxload", "cc", "naptr");

    private final Collection<Destination> destinations;

    LimitWarnings(Collection<Destination> destinations) {
        this.destinations = destinations;
    }

    /** The warnings about what rules ask for, if all destinations are known. A call needs all resources of its rule. */
    List<SettingException> ofRules(List<Rule> rules) {
        return rules.stream()
                .filter(rule -> rule.plan() != null && rule.policy().mode() == RelayPolicy.Mode.STATEFUL)
                .flatMap(rule -> ofRule(rule).stream())
                .toList();
    }

    private List<SettingException> ofRule(Rule rule) {
        List<SetId> sets = rule.plan().constantSets();
        List<Destination> members = destinations.stream()
                .filter(one -> sets.isEmpty() || sets.contains(one.setId()))
                .toList();
        // That a set has no destinations is another warning.
        if (members.isEmpty()) {
            return List.of();
        }
        List<String> wanted = rule.plan().resources();
        String key = rule.path() + ".select.resources";
        String where =
                sets.isEmpty() ? "any set" : sets.stream().map(SetId::toString).collect(Collectors.joining(", "));
        List<SettingException> warnings = new ArrayList<>();
        wanted.stream()
                .filter(one -> members.stream().noneMatch(member -> has(member, one)))
                .forEach(one -> warnings.add(new SettingException(key, one, expected(one, where, members))));
        if (warnings.isEmpty()
                && members.stream().noneMatch(member -> wanted.stream().allMatch(one -> has(member, one)))) {
            warnings.add(new SettingException(
                    key, String.join(";", wanted), "a destination of " + where + " that has all of them"));
        }
        return warnings;
    }

    private static boolean has(Destination destination, String resource) {
        return Attrs.number(destination.attrs(), resource, 0) > 0;
    }

    private static String expected(String resource, String where, List<Destination> members) {
        List<String> present = members.stream()
                .flatMap(member -> Attrs.numbers(member.attrs()).stream())
                .filter(one -> !LimitValues.isKey(one) && !OTHERS.contains(one))
                .distinct()
                .sorted()
                .toList();
        return "a capacity in the attrs of a destination of " + where + ", which "
                + (present.isEmpty() ? "has none" : "has " + String.join(", ", present))
                + SpellingSuggestions.hint(resource, present);
    }

    /**
     * The warnings about sources that are sets.
     *
     * @param isKnown whether all destinations of a partition are known
     */
    List<SettingException> ofSources(LimitSettings limits, Predicate<String> isKnown) {
        List<SettingException> warnings = new ArrayList<>();
        for (int i = 0; i < limits.sources().size(); i++) {
            SetId set = limits.sources().get(i).set();
            if (set != null
                    && isKnown.test(set.partition())
                    && destinations.stream().noneMatch(one -> one.setId().equals(set))) {
                warnings.add(new SettingException(
                        "limits.sources[" + i + "].set",
                        set,
                        "a set with destinations; otherwise source "
                                + limits.sources().get(i).name() + " limits nothing"));
            }
        }
        return warnings;
    }
}
