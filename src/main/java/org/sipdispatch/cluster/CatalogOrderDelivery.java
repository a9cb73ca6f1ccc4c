package org.sipdispatch.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import akka.pattern.StatusReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.sipdispatch.definitions.CatalogActor;
import org.sipdispatch.definitions.CatalogOrder;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.orders.OrderDelivery;
import org.sipdispatch.orders.OrderOutcome;
import org.sipdispatch.orders.OrderOutcome.OrderState;
import org.sipdispatch.orders.OrderOutcomeUnknownException;
import org.sipdispatch.orders.OrderRequest;

/**
 * Delivers operator orders that change definitions; {@link OrderDelivery} does so for orders that change one
 * destination. An order is executed only while its operator waits for the result. It is sent once: if it was not
 * executed, the operator may repeat it. Thread-safe.
 */
final class CatalogOrderDelivery {
    /** The database may be slow, and a reload waits until the previous one has ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final OrderDelivery.Times TIMES =
            new OrderDelivery.Times(Duration.ofMillis(500), PATIENCE, PATIENCE, Duration.ofMinutes(2));

    private final OrderDelivery<ReloadOutcome> orders;

    CatalogOrderDelivery(ScheduledExecutorService clock) {
        orders = new OrderDelivery<>(clock, TIMES);
    }

    /**
     * Sends an order through this node. Refused while the node is outside the cluster: the order would be queued and
     * executed later, when the operator no longer expects it. Fails as {@link Cluster#order} does.
     */
    CompletionStage<ReloadOutcome> give(ClusterSession node, Function<ActorRef<ReloadOutcome>, CatalogOrder> order) {
        if (!node.isMember()) {
            return OrderOutcomeUnknownException.outside();
        }
        String name = node.nextOrder();
        DestinationActor.Ticket ticket = new DestinationActor.Ticket(name, node.permissions());
        CatalogOrder sample = order.apply(node.system().ignoreRef());
        OrderRequest request = new OrderRequest(name, "", sample.what());
        return orders.give(
                request,
                () -> itself(node),
                wait -> AskPattern.<CatalogActor.Command, ReloadOutcome>ask(
                                node.catalog(),
                                replyTo -> new CatalogOrder.Ticketed(ticket, order.apply(replyTo)),
                                wait,
                                node.system().scheduler())
                        .thenCompose(outcome -> answer(request, outcome, sample.isDryRun())));
    }

    /** A dry run succeeds even if the reload would be refused: its outcome has the reason, and what would change. */
    private static CompletionStage<ReloadOutcome> answer(OrderRequest order, ReloadOutcome outcome, boolean dryRun) {
        if (outcome.isUnknown()) {
            return CompletableFuture.failedFuture(new OrderOutcomeUnknownException(new OrderOutcome(
                    order.name(), order.destination(), order.what(), OrderState.UNKNOWN, outcome.error())));
        }
        return dryRun || outcome.error().isEmpty()
                ? CompletableFuture.completedFuture(outcome)
                : CompletableFuture.failedFuture(new StatusReply.ErrorMessage(outcome.error()));
    }

    /** Only this node, and only while it is a member: the order is not sent again through another node. */
    private static List<ClusterMember> itself(ClusterSession node) {
        return node.members().stream()
                .filter(member -> member.number() == node.number())
                .toList();
    }

    /** Whether the order may be executed now, that is, whether its operator still waits for the result. */
    boolean mayExecute(String name) {
        return orders.mayExecute(name);
    }

    /** The outcome of the order; null if it is not remembered. */
    OrderOutcome outcome(String name) {
        return orders.outcome(name);
    }
}
