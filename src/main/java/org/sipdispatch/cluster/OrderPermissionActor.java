package org.sipdispatch.cluster;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.function.Predicate;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.membership.Supervision;

/** Tells destination actors whether an order sent through this node may still be executed. */
final class OrderPermissionActor {
    private OrderPermissionActor() {}

    static Behavior<DestinationActor.MayExecute> create(Predicate<String> mayExecute) {
        return Supervision.resuming(Behaviors.receiveMessage(question -> {
            question.replyTo()
                    .tell(new DestinationActor.Permission(question.order(), mayExecute.test(question.order())));
            return Behaviors.same();
        }));
    }
}
