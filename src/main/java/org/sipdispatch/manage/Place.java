package org.sipdispatch.manage;

import org.sipdispatch.cluster.DestinationsSnapshot;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;

/**
 * A partition, a set or everything.
 *
 * @param partition null for all
 * @param set null for all
 */
record Place(String partition, Integer set) {
    /** The parameters partition and set; a set without a partition is one of the default one. */
    static Place of(Query query) {
        Integer set = query.integer("set");
        String partition = query.text("partition");
        return new Place(partition == null && set != null ? SetId.DEFAULT_PARTITION : partition, set);
    }

    boolean isAnywhere() {
        return partition == null;
    }

    /** How the ids of its destinations begin; null if they may begin anyhow. */
    String idPrefix() {
        return partition == null ? null : partition + ":" + (set == null ? "" : set + ":");
    }

    boolean holds(DestinationsSnapshot.Entry entry) {
        Destination destination = entry.definition().destination();
        return (partition == null || partition.equals(destination.partition()))
                && (set == null || set == destination.set());
    }
}
