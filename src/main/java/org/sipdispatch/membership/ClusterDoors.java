package org.sipdispatch.membership;

import akka.actor.setup.Setup;

/** What parts of a clustered system need that Akka makes by itself. */
public final class ClusterDoors extends Setup {
    private final WatchedWitness witness;
    private final MembershipLease lease;
    private final PauseDetector detector;

    public ClusterDoors(WatchedWitness witness, MembershipLease lease, PauseDetector detector) {
        this.witness = witness;
        this.lease = lease;
        this.detector = detector;
    }

    WatchedWitness witness() {
        return witness;
    }

    PauseDetector detector() {
        return detector;
    }

    MembershipLease lease() {
        return lease;
    }
}
