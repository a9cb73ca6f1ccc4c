package org.sipdispatch.transport;

import akka.actor.ActorSystem;
import akka.actor.setup.Setup;
import org.sipdispatch.observation.Limits;

/** Gives the node's limits to what a lane's actor system makes by itself. */
final class LaneLimits extends Setup {
    private final Limits limits;

    LaneLimits(Limits limits) {
        this.limits = limits;
    }

    Limits limits() {
        return limits;
    }

    /** Those of the node that an actor system belongs to; new ones if it is no lane's. */
    static Limits of(ActorSystem.Settings settings) {
        return settings.setup().get(LaneLimits.class).map(LaneLimits::limits).orElseGet(Limits::new);
    }
}
