package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.sipdispatch.definitions.CatalogCommand;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.orders.GivenOrder;
import org.sipdispatch.orders.OrderDelivery;
import org.sipdispatch.orders.OrderOutcome;
import org.sipdispatch.orders.OutcomeUnknownException;

/**
 * Orders that change definitions, as {@link OrderDelivery} are those that change one destination: an order is carried out only while
 * its operator waits. They are sent once; an operator whose order was not carried out may repeat it. Thread-safe.
 */
final class CatalogOrderDelivery {
    /** A table may be slow, and one reload waits for the end of another. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final OrderDelivery.Times TIMES =
            new OrderDelivery.Times(Duration.ofMillis(500), PATIENCE, PATIENCE, Duration.ofMinutes(2));

    private final OrderDelivery<ReloadOutcome> orders;

    CatalogOrderDelivery(ScheduledExecutorService clock) {
        orders = new OrderDelivery<>(clock, TIMES);
    }

    /**
     * Gives an order through that node. Outside the cluster it would wait and be carried out later, when nobody expects it
     * any longer. Fails as {@link Cluster#order} does.
     */
    CompletionStage<ReloadOutcome> give(ClusterSession node, Function<ActorRef<ReloadOutcome>, CatalogCommand> order) {
        if (!node.isMember()) {
            return OutcomeUnknownException.outside();
        }
        String name = node.nextOrder();
        DestinationActor.Ticket ticket = new DestinationActor.Ticket(name, node.permissions());
        String what = order.apply(node.system().ignoreRef()).what();
        return orders.give(
                        new GivenOrder(name, "", what),
                        () -> itself(node),
                        wait -> AskPattern.ask(
                                node.catalog(),
                                replyTo -> new CatalogCommand.Ticketed(ticket, order.apply(replyTo)),
                                wait,
                                node.system().scheduler()))
                .thenCompose(outcome -> outcome.isUnknown()
                        ? CompletableFuture.failedFuture(new OutcomeUnknownException(outcome.error()))
                        : CompletableFuture.completedFuture(outcome));
    }

    /** That node alone, as long as it is a member: an order is not sent again where another node goes. */
    private static List<ClusterMember> itself(ClusterSession node) {
        return node.members().stream()
                .filter(member -> member.number() == node.number())
                .toList();
    }

    /** Whether that order may be carried out now: whether its answer is still waited for. */
    boolean mayExecute(String name) {
        return orders.mayExecute(name);
    }

    /** What became of that order; null if it is not remembered. */
    OrderOutcome outcome(String name) {
        return orders.outcome(name);
    }
}
