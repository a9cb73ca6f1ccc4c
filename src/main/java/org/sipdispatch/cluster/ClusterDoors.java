package org.sipdispatch.cluster;

import akka.actor.setup.Setup;

/** What parts of a clustered system need that Akka makes by itself. */
final class ClusterDoors extends Setup {
    private final Witness witness;

    ClusterDoors(Witness witness) {
        this.witness = witness;
    }

    Witness witness() {
        return witness;
    }
}
