package org.sipdispatch.routing;

import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.SettingException;

/**
 * Parses lists of sets, {@code [partition:]set[,set...]}.
 *
 * @param defaultPartition the partition of a list that names none
 */
record SetListParser(String defaultPartition) {
    /** An upper bound, because the list may come from a request. */
    static final int MOST = 32;

    /** The partition that a list names, or the default one. */
    String partition(String list) {
        int colon = list.indexOf(':');
        return colon < 0 ? defaultPartition : list.substring(0, colon).strip();
    }

    /** The list without its partition. */
    static String numbers(String list) {
        return list.substring(list.indexOf(':') + 1).strip();
    }

    /**
     * Parses a list.
     *
     * @param key the key of the setting, for the error
     * @param form the expected form, for the error
     */
    List<SetId> parse(String key, String list, String form) {
        String partition = partition(list);
        String[] numbers = numbers(list).split(",", MOST + 1);
        if (numbers.length > MOST) {
            throw new SettingException(key, list, form + ", " + MOST + " sets at most");
        }
        return Stream.of(numbers)
                .map(number -> set(key, partition, number.strip(), list, form))
                .toList();
    }

    private static SetId set(String key, String partition, String number, String list, String form) {
        if (partition.isEmpty() || !number.matches("[0-9]{1,10}") || Long.parseLong(number) > Integer.MAX_VALUE) {
            throw new SettingException(key, list, form);
        }
        return new SetId(partition, Integer.parseInt(number));
    }
}
