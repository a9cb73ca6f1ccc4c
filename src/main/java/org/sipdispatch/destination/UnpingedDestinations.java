package org.sipdispatch.destination;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sipdispatch.sets.SetId;

/**
 * Finds rows in state 2, Probing, that no ping can bring back. OpenSIPS leaves them out of rotation for ever without a
 * message.
 */
public final class UnpingedDestinations {
    private UnpingedDestinations() {}

    /** One line for each setting that turns the pings off. */
    public static List<String> warnings(ProbeSettings settings, List<Definition> definitions) {
        Map<String, List<Definition>> byRemedy = definitions.stream()
                .filter(one -> one.initial() == DestinationState.PROBING)
                .filter(one -> settings.of(one).intervalMs() == 0)
                .collect(Collectors.groupingBy(
                        one -> remedy(settings, one), TreeMap::new, Collectors.toUnmodifiableList()));
        return byRemedy.entrySet().stream()
                .map(one -> line(one.getValue(), one.getKey()))
                .toList();
    }

    private static String remedy(ProbeSettings settings, Definition definition) {
        if (!settings.sets().contains(definition.destination())) {
            return "their sets in probing.ds_probing_list";
        }
        return settings.intervalMs() == 0
                ? "a probing.ds_ping_interval above 0"
                : "a ds_ping_interval above 0 in their attrs, or none";
    }

    private static String line(List<Definition> unpinged, String remedy) {
        String sets = unpinged.stream()
                .map(one -> one.destination().setId())
                .distinct()
                .sorted(SetId.IN_LISTS)
                .map(SetId::toString)
                .collect(Collectors.joining(", "));
        return "state: 2, Probing, in " + unpinged.size() + (unpinged.size() == 1 ? " row" : " rows") + " of sets "
                + sets + " that are not pinged (expected: " + remedy
                + ", or state 0); without pings they never take traffic";
    }
}
