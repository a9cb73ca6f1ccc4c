package org.sipdispatch.manage;

import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;

/**
 * Selects a partition, a set or all destinations.
 *
 * @param partition null for all
 * @param set null for all
 */
record SetFilter(String partition, Integer set) {
    /** Reads the parameters {@code partition} and {@code set}; a set without a partition belongs to the default one. */
    static SetFilter of(QueryParameters query, String defaultPartition) {
        Integer set = query.integer("set");
        String partition = query.text("partition");
        return new SetFilter(partition == null && set != null ? defaultPartition : partition, set);
    }

    /** The prefix of the ids of its destinations; null for all. */
    String idPrefix() {
        return partition == null ? null : partition + ":" + (set == null ? "" : set + ":");
    }

    boolean matches(DestinationsSnapshot.KnownDestination entry) {
        Destination destination = entry.definition().destination();
        return (partition == null || partition.equals(destination.partition()))
                && (set == null || set == destination.set());
    }
}
