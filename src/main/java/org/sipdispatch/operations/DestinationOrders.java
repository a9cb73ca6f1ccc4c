package org.sipdispatch.operations;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.sipdispatch.cluster.ClusterCalls;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.orders.OrderOutcome;

/**
 * Orders of operators to single destinations. A {@code key} is the client's name for an order, so that the client can
 * repeat the order safely.
 */
public final class DestinationOrders {
    private final OperationContext context;

    DestinationOrders(OperationContext context) {
        this.context = context;
    }

    /** Sets the state of a destination: {@code ds_set_state}. */
    public CompletionStage<ExecutedOrder> setState(
            OperationCaller caller, String id, DestinationState state, String why, OrderKey key) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "set_state",
                state.text() + (why == null || why.isBlank() ? "" : ": " + why),
                new OperationContext.ToActor(
                        id,
                        key,
                        "set_state " + state.text(),
                        (ticket, replyTo) -> new DestinationActor.SetState(
                                state, caller.text(), OperationContext.reason(why), ticket, replyTo)));
    }

    /**
     * Sets the state of several destinations, one after the other, and ends at the first failure. Those whose actor will
     * refuse, as far as this node knows, are first, so that usually all of them change or none. If only some have changed,
     * the error names them.
     */
    public CompletionStage<ExecutedOrder> setStates(
            OperationCaller caller, List<String> ids, DestinationState state, String why, OrderKey key) {
        List<Integer> places = IntStream.range(0, ids.size())
                .boxed()
                .sorted(Comparator.comparing(place -> ids.size() == 1 || mayBeSet(ids.get(place), state)))
                .toList();
        List<String> done = new ArrayList<>();
        CompletionStage<ExecutedOrder> all = CompletableFuture.completedFuture(null);
        for (int place : places) {
            String id = ids.get(place);
            all = all.thenCompose(before -> setState(caller, id, state, why, key.of(place)))
                    .whenComplete((result, failure) -> {
                        if (failure == null) {
                            done.add(id);
                        }
                    });
        }
        return all.exceptionallyCompose(failure -> CompletableFuture.failedFuture(partly(failure, ids, done)));
    }

    private boolean mayBeSet(String id, DestinationState state) {
        Status status = context.defined(id).status();
        return status == null || status.mayBeSet(state);
    }

    private static Throwable partly(Throwable failure, List<String> ids, List<String> done) {
        if (done.isEmpty() || !(OperationContext.cause(failure) instanceof OperationException refused)) {
            return failure;
        }
        List<String> others = new ArrayList<>(ids);
        others.removeAll(done);
        return new OperationException(
                refused.reason(),
                refused.getMessage() + "; changed: " + String.join(" ", done) + "; not changed: "
                        + String.join(" ", others));
    }

    /** The error for a text that names no state. */
    public static OperationException unknownState(String text) {
        return OperationException.bad("state", text, "active, inactive or probing");
    }

    /** Takes a destination out of rotation until it is released or set to active. Active calls continue. */
    public CompletionStage<ExecutedOrder> hold(OperationCaller caller, String id, String why, OrderKey key) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "hold",
                why,
                new OperationContext.ToActor(
                        id,
                        key,
                        "hold",
                        (ticket, replyTo) -> new DestinationActor.SetState(
                                DestinationState.INACTIVE,
                                caller.text(),
                                OperationContext.reason(why),
                                ticket,
                                replyTo)));
    }

    /** Ends an operator's hold; probes and traffic determine the state again. */
    public CompletionStage<ExecutedOrder> release(OperationCaller caller, String id, String why, OrderKey key) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "release",
                why,
                new OperationContext.ToActor(
                        id,
                        key,
                        "release",
                        (ticket, replyTo) -> new DestinationActor.Release(
                                caller.text(), OperationContext.reason(why), ticket, replyTo)));
    }

    /** Sets the state of one target of a destination. */
    public CompletionStage<ExecutedOrder> setState(
            OperationCaller caller, String id, String target, DestinationState state, String why, OrderKey key) {
        return ofTarget(caller, new TargetOrder("set_state", state.text(), id, target, state), why, key);
    }

    /** Takes one target of a destination out of rotation until it is released or set to active. */
    public CompletionStage<ExecutedOrder> hold(
            OperationCaller caller, String id, String target, String why, OrderKey key) {
        return ofTarget(caller, new TargetOrder("hold", "", id, target, DestinationState.INACTIVE), why, key);
    }

    /** Ends the hold of one target. A hold of its destination stays. */
    public CompletionStage<ExecutedOrder> release(
            OperationCaller caller, String id, String target, String why, OrderKey key) {
        return ofTarget(caller, new TargetOrder("release", "", id, target, null), why, key);
    }

    /** {@code state}: null to end a hold. */
    private record TargetOrder(String verb, String argument, String id, String target, DestinationState state) {
        /** The order with its arguments. */
        String what() {
            return verb + (argument.isEmpty() ? "" : " " + argument) + " target " + target;
        }

        /** The arguments and the reason, for the history. */
        String entry(String why) {
            return (argument.isEmpty() ? "" : argument + ", ") + "target " + target
                    + (why == null || why.isBlank() ? "" : ": " + why);
        }
    }

    private CompletionStage<ExecutedOrder> ofTarget(
            OperationCaller caller, TargetOrder order, String why, OrderKey key) {
        caller.requireWrite();
        return context.recorded(
                caller,
                order.verb(),
                order.entry(why),
                new OperationContext.ToActor(
                        order.id(),
                        key,
                        order.what(),
                        (ticket, replyTo) -> new DestinationActor.SetTarget(
                                order.target(),
                                order.state(),
                                caller.text(),
                                OperationContext.reason(why),
                                ticket,
                                replyTo)));
    }

    /**
     * The progress of a drain.
     *
     * @param status null until the destination's actor has reported
     */
    public record DrainProgress(Status status, ClusterCalls calls) {
        /** Whether the destination takes no traffic and certainly has no active call. */
        public boolean isDone() {
            return status != null && !status.takesTraffic() && calls.isNone();
        }
    }

    /** Holds a destination and reports how many calls are active there. */
    public CompletionStage<DrainProgress> drain(OperationCaller caller, String id, String why, OrderKey key) {
        String reason = why == null || why.isBlank() ? "drain" : "drain: " + why;
        return hold(caller, id, reason, key)
                .thenCompose(done -> context.cluster()
                        .openCalls(id)
                        // The hold is done, even if the number of calls is unknown.
                        .exceptionally(failure ->
                                ClusterCalls.unknown(context.cluster().address()))
                        .thenApply(calls -> new DrainProgress(done.status(), calls)));
    }

    /** The current progress. */
    public CompletionStage<DrainProgress> drainProgress(String id) {
        Status known = context.defined(id).status();
        return context.cluster().openCalls(id).thenApply(calls -> new DrainProgress(known, calls));
    }

    /**
     * Pings a destination immediately. The result completes when the probe has ended, or after some seconds with the
     * status at that time.
     */
    public CompletionStage<DestinationActor.Probed> probe(OperationCaller caller, String id) {
        caller.requireWrite();
        return context.recorded(
                caller,
                "probe",
                id,
                "",
                context.ifDefined(id, () -> context.cluster().probe(id, caller.text()))
                        .thenCompose(probed ->
                                context.awaitShown(id, probed.status()).thenApply(shown -> probed)));
    }

    /**
     * The outcome of an order.
     *
     * @param destination the id of the order's destination, for an order through another node; null if the caller does
     *     not give it
     */
    public OrderOutcome outcome(String order, String destination) {
        OrderOutcome remembered = context.cluster().outcome(order);
        boolean isRemembered =
                remembered != null && (destination == null || destination.equals(remembered.destination()));
        boolean isOfDestination = isRemembered && !remembered.destination().isEmpty();
        if (isOfDestination && remembered.state() != OrderOutcome.OrderState.DONE) {
            return withLaterStatus(remembered, context.statusOf(remembered.destination()));
        } else if (isRemembered || destination == null) {
            return isRemembered ? remembered : notRemembered(order, "");
        }
        OrderOutcome unknown = notRemembered(order, destination);
        return isExecuted(order, context.defined(destination).status()) ? unknown.done() : unknown;
    }

    /**
     * The destination's status may show an execution whose reply was lost. The ticket counts, not the name: the name may
     * be that of another order, for which this one was refused.
     */
    private OrderOutcome withLaterStatus(OrderOutcome remembered, Status status) {
        if (!isExecuted(remembered.request().ticket(), status)) {
            return remembered;
        }
        context.cluster().executed(remembered, status);
        return remembered.done();
    }

    private static boolean isExecuted(String order, Status status) {
        return status != null && status.hasExecuted(order);
    }

    private static OrderOutcome notRemembered(String order, String destination) {
        String expected = destination.isEmpty()
                ? "a recent order through this node, or the id of its destination too"
                : "a recent order through this node, or one of the last orders that its destination executed";
        return new OrderOutcome(
                order,
                destination,
                "",
                OrderOutcome.OrderState.UNKNOWN,
                "order: unknown outcome at this node (expected: " + expected + ")");
    }
}
