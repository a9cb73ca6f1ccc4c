package org.sipdispatch.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/**
 * The destinations as read at one moment.
 *
 * @param entries the usable rows, in order
 * @param warnings the rows that were skipped or corrected, one line each
 * @param skipped the warnings about rows that were skipped
 */
public record CatalogSnapshot(List<Definition> entries, List<String> warnings, List<String> skipped) {
    public static final CatalogSnapshot NOTHING = new CatalogSnapshot(List.of(), List.of(), List.of());

    public CatalogSnapshot {
        entries = List.copyOf(entries);
        warnings = List.copyOf(warnings);
        skipped = List.copyOf(skipped);
    }

    /** The sets, in the order of their first appearance. */
    public Map<SetId, SetView> sets() {
        Map<SetId, List<SetView.SetMember>> members = new LinkedHashMap<>();
        for (Definition entry : entries) {
            Destination destination = entry.destination();
            members.computeIfAbsent(destination.setId(), id -> new ArrayList<>())
                    .add(new SetView.SetMember(destination, entry.initial().takesTraffic()));
        }
        Map<SetId, SetView> sets = new LinkedHashMap<>();
        members.forEach((id, rows) -> sets.put(id, SetView.of(id, rows)));
        return sets;
    }

    /** For a table without ids: adds a warning if it has rows whose states cannot be written back. */
    CatalogSnapshot withoutIds(String table) {
        Map<String, Long> shared = entries.stream()
                .collect(Collectors.groupingBy(entry -> entry.destination().sharedId(), Collectors.counting()));
        long many = shared.values().stream()
                .filter(count -> count > 1)
                .mapToLong(Long::longValue)
                .sum();
        if (many == 0) {
            return this;
        }
        Warnings warning = new Warnings();
        warning.add(
                table,
                "rows with one set, destination and socket",
                String.valueOf(many),
                "none, or a column id to tell them apart; states are not written back");
        return plus(new CatalogSnapshot(List.of(), warning.lines(), List.of()));
    }

    CatalogSnapshot plus(CatalogSnapshot other) {
        return new CatalogSnapshot(
                Stream.concat(entries.stream(), other.entries.stream()).toList(),
                Stream.concat(warnings.stream(), other.warnings.stream()).toList(),
                Stream.concat(skipped.stream(), other.skipped.stream()).toList());
    }
}
