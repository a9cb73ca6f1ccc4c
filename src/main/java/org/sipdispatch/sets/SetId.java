package org.sipdispatch.sets;

import java.util.Comparator;

/** The id of a set: its partition and its number in the partition, written {@code partition:number}. */
public record SetId(String partition, int number) {
    public static final String DEFAULT_PARTITION = "default";

    /** The default partition first, as OpenSIPS' tools expect it, then by name. */
    public static final Comparator<String> PARTITIONS_IN_LISTS = Comparator.comparing(
                    (String name) -> !name.equals(DEFAULT_PARTITION))
            .thenComparing(name -> name);

    /** By partition, then by number. */
    public static final Comparator<SetId> IN_LISTS =
            Comparator.comparing(SetId::partition, PARTITIONS_IN_LISTS).thenComparingInt(SetId::number);

    @Override
    public String toString() {
        return partition + ":" + number;
    }
}
