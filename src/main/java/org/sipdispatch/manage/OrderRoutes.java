package org.sipdispatch.manage;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.definitions.BadRows;
import org.sipdispatch.definitions.ReloadOrder;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.operations.DefinitionOrders;
import org.sipdispatch.operations.ExecutedOrder;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.operations.OrderKey;
import org.sipdispatch.orders.OrderOutcome;

/** Orders for destinations, and the reload. */
final class OrderRoutes {
    private static final String ONE = "/dispatcher/destinations/{id}/";
    /** The header field with the client's name for the order. */
    private static final String KEY = "Idempotency-Key";

    private static final int MOST_PORT = 65_535;

    private final Operations operations;
    private final PartitionNames partitions;
    private final BadRows badRows;

    /** @param badRows what a reload does with unusable rows if the request does not specify it */
    OrderRoutes(Operations operations, PartitionNames partitions, BadRows badRows) {
        this.operations = operations;
        this.partitions = partitions;
        this.badRows = badRows;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(ONE + "state", Endpoint.json(this::setState, JsonViews::ordered))
                        .fields("state", "target", "why", "who"),
                Endpoint.post(ONE + "hold", Endpoint.json(this::hold, JsonViews::ordered))
                        .fields("target", "why", "who"),
                Endpoint.post(ONE + "release", Endpoint.json(this::release, JsonViews::ordered))
                        .fields("target", "why", "who"),
                Endpoint.post(
                                ONE + "probe",
                                Endpoint.json(
                                        ask -> operations.orders().probe(ask.caller(), ask.id()), JsonViews::probed))
                        .fields("who"),
                Endpoint.post(
                                ONE + "drain",
                                Endpoint.json(
                                        ask -> operations.orders().drain(ask.caller(), ask.id(), ask.why(), key(ask)),
                                        JsonViews::drain))
                        .fields("why", "who"),
                Endpoint.get(
                        ONE + "drain",
                        Endpoint.json(ask -> operations.orders().drainProgress(ask.id()), JsonViews::drain)),
                Endpoint.get("/dispatcher/orders/{order}", Endpoint.value(this::outcome, OrderOutcomeJson::json))
                        .query("destination"),
                Endpoint.post("/dispatcher/reload", Endpoint.json(this::reload, JsonViews::reload))
                        .fields("partition", "dryRun", "dropTemporary", "inheritState", "skipBadRows", "who"),
                Endpoint.post(
                                "/dispatcher/attrs",
                                Endpoint.json(
                                        this::pushAttrs, count -> Json.object().put("destinations", count)))
                        .fields("attrs", "ip", "port", "set", "partition", "who"));
    }

    private static OrderKey key(ApiRequest ask) {
        return OrderKey.of(KEY, ask.header(KEY));
    }

    private OrderOutcome outcome(ApiRequest ask) {
        return operations.orders().outcome(ask.path("order"), ask.query().text("destination"));
    }

    private CompletionStage<ExecutedOrder> setState(ApiRequest ask) {
        DestinationState state = DestinationRoutes.state(ask.fields().text("state"));
        String target = target(ask);
        return target.isEmpty()
                ? operations.orders().setState(ask.caller(), ask.id(), state, ask.why(), key(ask))
                : operations.orders().setState(ask.caller(), ask.id(), target, state, ask.why(), key(ask));
    }

    private CompletionStage<ExecutedOrder> hold(ApiRequest ask) {
        String target = target(ask);
        return target.isEmpty()
                ? operations.orders().hold(ask.caller(), ask.id(), ask.why(), key(ask))
                : operations.orders().hold(ask.caller(), ask.id(), target, ask.why(), key(ask));
    }

    private CompletionStage<ExecutedOrder> release(ApiRequest ask) {
        String target = target(ask);
        return target.isEmpty()
                ? operations.orders().release(ask.caller(), ask.id(), ask.why(), key(ask))
                : operations.orders().release(ask.caller(), ask.id(), target, ask.why(), key(ask));
    }

    /** The target that the order is for; empty for the destination. */
    private static String target(ApiRequest ask) {
        return ask.fields().text("target", "");
    }

    private CompletionStage<ReloadOutcome> reload(ApiRequest ask) {
        JsonBodyFields fields = ask.fields();
        return operations
                .definitions()
                .reload(
                        ask.caller(),
                        new ReloadOrder(
                                partitions.requireKnown(fields.text("partition", "")),
                                fields.flag("dryRun"),
                                fields.flag("dropTemporary"),
                                fields.flag("inheritState", true),
                                fields.flag("skipBadRows", badRows == BadRows.SKIP)));
    }

    private CompletionStage<Integer> pushAttrs(ApiRequest ask) {
        JsonBodyFields fields = ask.fields();
        DefinitionOrders.AddressSelector selector = new DefinitionOrders.AddressSelector(
                partitions.requireKnown(fields.text("partition", ask.defaultPartition())),
                fields.integer("set", Integer.MAX_VALUE),
                fields.text("ip"),
                fields.integer("port", MOST_PORT, 0));
        return operations.definitions().pushAttrs(ask.caller(), selector, fields.text("attrs", ""));
    }
}
