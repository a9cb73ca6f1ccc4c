package org.sipdispatch.membership;

import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.Behaviors;
import java.time.Duration;

/** What becomes of an actor that throws. Without supervision it would stop, and the node would go on without it. */
public final class Supervision {
    private static final Duration SOON = Duration.ofMillis(200);
    /** Less than an actor is given to hand over. */
    private static final Duration LATE = Duration.ofSeconds(5);

    private static final double SPREAD = 0.2;

    private Supervision() {}

    /** Restarts it after 0.2 s to 5 s, longer after each failure; messages wait meanwhile. */
    public static <C> Behavior<C> restarting(Behavior<C> behavior) {
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.restartWithBackoff(SOON, LATE, SPREAD));
    }

    /** Keeps it and its state: only the message that made it throw is lost. */
    public static <C> Behavior<C> resuming(Behavior<C> behavior) {
        return Behaviors.supervise(behavior).onFailure(SupervisorStrategy.resume());
    }
}
