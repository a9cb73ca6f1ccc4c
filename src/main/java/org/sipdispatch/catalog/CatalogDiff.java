package org.sipdispatch.catalog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.Definition;

/**
 * The changes of a reload. Destinations are matched by id; of several with the same id, the first is compared with the
 * first, the second with the second. Ignores the state column, which a reload does not apply.
 *
 * @param added in their new order
 * @param removed in their old order
 * @param changed destinations that stay with other values
 * @param reordered whether the order of the staying destinations differs, which changes the result of hash algorithms
 */
public record CatalogDiff(
        List<Definition> added, List<Definition> removed, List<ChangedEntry> changed, boolean reordered) {

    public CatalogDiff {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
    }

    /** A destination that stays with other values. */
    public record ChangedEntry(Definition before, Definition after) {
        /** One line for each field: {@code ~ id weight: 1 -> 5}. */
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            for (Column column : Column.values()) {
                Object old = column.of(before);
                Object now = column.of(after);
                if (!old.equals(now)) {
                    lines.add("~ " + id(after) + " " + column.diffName() + ": " + shown(old) + " -> " + shown(now));
                }
            }
            return lines;
        }

        private static String shown(Object value) {
            String text = value.toString().replaceAll("\\p{Cntrl}+", " ");
            return text.isEmpty() ? "nothing" : text;
        }
    }

    public static CatalogDiff between(List<Definition> before, List<Definition> after) {
        Map<String, Deque<Integer>> places = new HashMap<>();
        for (int i = 0; i < before.size(); i++) {
            places.computeIfAbsent(id(before.get(i)), id -> new ArrayDeque<>()).add(i);
        }
        List<Definition> added = new ArrayList<>();
        List<ChangedEntry> changed = new ArrayList<>();
        boolean[] stays = new boolean[before.size()];
        int last = -1;
        boolean reordered = false;
        for (Definition entry : after) {
            Integer place = places.getOrDefault(id(entry), new ArrayDeque<>()).poll();
            if (place == null) {
                added.add(entry);
                continue;
            }
            stays[place] = true;
            reordered |= place < last;
            last = place;
            ChangedEntry change = new ChangedEntry(before.get(place), entry);
            if (!change.lines().isEmpty()) {
                changed.add(change);
            }
        }
        return new CatalogDiff(added, gone(before, stays), changed, reordered);
    }

    private static List<Definition> gone(List<Definition> before, boolean[] stays) {
        List<Definition> removed = new ArrayList<>();
        for (int i = 0; i < stays.length; i++) {
            if (!stays[i]) {
                removed.add(before.get(i));
            }
        }
        return removed;
    }

    private static String id(Definition entry) {
        return entry.destination().id();
    }

    /** A text for operators: one line for each added or removed destination and for each changed field. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        added.forEach(entry -> lines.add("+ " + id(entry)));
        removed.forEach(entry -> lines.add("- " + id(entry)));
        changed.forEach(change -> lines.addAll(change.lines()));
        if (reordered) {
            lines.add("~ order of rows");
        }
        return lines;
    }
}
