package org.sipdispatch.membership;

import akka.actor.setup.Setup;

/** Passes this node's arbiter, lease and pause detector to the parts of a clustered actor system that Akka creates. */
public final class ArbiterSetup extends Setup {
    private final MonitoredArbiter arbiter;
    private final MembershipLease lease;
    private final PauseDetector detector;

    public ArbiterSetup(MonitoredArbiter arbiter, MembershipLease lease, PauseDetector detector) {
        this.arbiter = arbiter;
        this.lease = lease;
        this.detector = detector;
    }

    MonitoredArbiter arbiter() {
        return arbiter;
    }

    PauseDetector detector() {
        return detector;
    }

    MembershipLease lease() {
        return lease;
    }
}
