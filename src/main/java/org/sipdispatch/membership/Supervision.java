package org.sipdispatch.membership;

import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;

/** Actors that a defect must not end: without them this node, or the whole cluster, would go on lamely. */
public final class Supervision {
    private static final Duration SOON = Duration.ofMillis(200);
    /** Less than an actor is given to hand over. */
    private static final Duration LATE = Duration.ofSeconds(5);

    private static final double SPREAD = 0.2;

    private Supervision() {}

    /** One that begins anew after a defect, after a while that grows; what comes meanwhile waits. */
    public static <C> Behavior<C> beginningAnew(Behavior<C> behavior) {
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restartWithBackoff(SOON, LATE, SPREAD));
    }

    /** One that goes on with what it knows: the defect costs the message that met it. */
    public static <C> Behavior<C> goingOn(Behavior<C> behavior) {
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
    }
}
