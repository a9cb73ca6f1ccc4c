package org.sipdispatch.cli;

import org.sipdispatch.settings.SettingException;

/**
 * A set on the command line: {@code 2}, {@code trunks:2}, or {@code trunks:} for all sets of a partition.
 *
 * @param partition null if not given
 * @param number null for all sets
 */
record SetName(String partition, Integer number) {
    static SetName parse(String option, String text) {
        int colon = text.lastIndexOf(':');
        String number = text.substring(colon + 1).strip();
        String partition = colon < 0 ? null : text.substring(0, colon).strip();
        boolean all = number.isEmpty() && colon > 0;
        if (!all && !number.matches("\\d{1,9}") || partition != null && partition.isEmpty()) {
            throw new SettingException(option, text, "a set such as 2 or trunks:2");
        }
        return new SetName(partition, all ? null : Integer.valueOf(number));
    }

    /** Like {@link #parse}, but refuses a whole partition. */
    static SetName parseSingle(String option, String text) {
        SetName set = parse(option, text);
        if (set.number == null) {
            throw new SettingException(option, text, "a set such as 2 or trunks:2");
        }
        return set;
    }

    /** Whether this is the name of the set, or of its whole partition. */
    boolean includes(String ofPartition, int set) {
        return (partition == null || partition.equals(ofPartition)) && (number == null || number == set);
    }

    String partitionOr(String otherwise) {
        return partition == null ? otherwise : partition;
    }
}
