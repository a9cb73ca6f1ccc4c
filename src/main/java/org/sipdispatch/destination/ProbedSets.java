package org.sipdispatch.destination;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.SettingException;

/** A list of sets, {@code 1,2,trunks:3}. A number alone means that set in every partition. Empty: all sets. */
final class ProbedSets {
    static final ProbedSets ALL = new ProbedSets();

    private final Set<Integer> everywhere = new HashSet<>();
    private final Set<SetId> named = new HashSet<>();

    private ProbedSets() {}

    static ProbedSets parse(String key, String text) {
        ProbedSets list = new ProbedSets();
        if (text.isBlank()) {
            return list;
        }
        for (String item : text.split(",", -1)) {
            int colon = item.indexOf(':');
            String number = item.substring(colon + 1).strip();
            if (!number.matches("[0-9]{1,9}")) {
                throw new SettingException(key, text, "numbers of sets such as 1,2 or partition:1");
            }
            if (colon < 0) {
                list.everywhere.add(Integer.parseInt(number));
            } else {
                list.named.add(new SetId(item.substring(0, colon).strip(), Integer.parseInt(number)));
            }
        }
        return list;
    }

    /** The items for which there is no set among these. */
    List<String> unknown(Set<SetId> known) {
        return Stream.concat(
                        everywhere.stream()
                                .filter(number -> known.stream().noneMatch(set -> set.number() == number))
                                .map(String::valueOf),
                        named.stream().filter(set -> !known.contains(set)).map(SetId::toString))
                .sorted()
                .toList();
    }

    boolean contains(Destination destination) {
        return contains(destination.setId());
    }

    boolean contains(SetId set) {
        return everywhere.isEmpty() && named.isEmpty() || everywhere.contains(set.number()) || named.contains(set);
    }
}
