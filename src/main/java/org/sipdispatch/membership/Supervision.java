package org.sipdispatch.membership;

import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;

/** Supervision strategies for actors that a node cannot run without. An actor that throws would otherwise stop. */
public final class Supervision {
    private static final Duration SOON = Duration.ofMillis(200);
    /** Less than the time that an actor has for a handover. */
    private static final Duration LATE = Duration.ofSeconds(5);

    private static final double SPREAD = 0.2;

    private Supervision() {}

    /** Restarts the actor after 0.2 s to 5 s, with exponential backoff; messages are queued meanwhile. */
    public static <C> Behavior<C> restarting(Behavior<C> behavior) {
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restartWithBackoff(SOON, LATE, SPREAD));
    }

    /** Keeps the actor and its state: only the message that made it throw is lost. */
    public static <C> Behavior<C> resuming(Behavior<C> behavior) {
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
    }
}
