package org.sipdispatch.cluster;

import akka.actor.setup.Setup;

/** What parts of a clustered system need that Akka makes by itself. */
final class ClusterDoors extends Setup {
    private final WatchedWitness witness;

    ClusterDoors(WatchedWitness witness) {
        this.witness = witness;
    }

    WatchedWitness witness() {
        return witness;
    }
}
