package org.sipdispatch.transport;

import akka.actor.ActorSystem;
import akka.actor.setup.Setup;
import org.sipdispatch.observation.Limits;

/** Passes the node's limits to classes that Akka instantiates in a lane's actor system. */
final class LaneLimits extends Setup {
    private final Limits limits;

    LaneLimits(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    /** The limits of the node that an actor system belongs to; new ones if it is not a lane's. */
    static Limits of(ActorSystem.Settings settings) {
        return settings.setup().get(LaneLimits.class).map(LaneLimits::limits).orElseGet(Limits::new);
    }
}
