package org.sipdispatch.transport;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import java.time.Duration;
import org.sipdispatch.transaction.ListenSocket;

/** The messages about binding sockets, between the actor of a lane and those of its sockets. */
final class SocketBindEvents {
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** Tells a socket actor to retry after its socket could not be bound. */
    enum RetryBind {
        INSTANCE
    }

    record Bound(ListenSocket socket) {}

    record BindFailed(ListenSocket socket) {}

    private SocketBindEvents() {}

    /** Sends {@link RetryBind} to the current actor after a pause. */
    static void retryAfterPause(AbstractActor.ActorContext context) {
        context.getSystem()
                .scheduler()
                .scheduleOnce(
                        PAUSE, context.getSelf(), RetryBind.INSTANCE, context.getDispatcher(), ActorRef.noSender());
    }
}
