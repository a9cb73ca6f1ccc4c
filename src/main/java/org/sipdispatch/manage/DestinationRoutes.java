package org.sipdispatch.manage;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.operations.DestinationOrders;
import org.sipdispatch.operations.DestinationQueries;
import org.sipdispatch.operations.OperationException;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sip.SipUri;

/** Lists, shows, adds and removes destinations, and their rows. */
final class DestinationRoutes {
    private static final String ALL = "/dispatcher/destinations";
    private static final String ONE = ALL + "/{id}";
    private static final String ROWS = "/dispatcher/rows";
    private static final String[] DEFINITION = {
        "partition", "set", "uri", "socket", "weight", "priority", "attrs", "description", "state", "who"
    };
    /** The fields of a row that exists that can be changed. */
    private static final List<String> CHANGEABLE = List.of("weight", "priority", "attrs", "description");

    private static final int MOST_WEIGHT = 65_535;

    private final Operations operations;
    private final PartitionNames partitions;

    DestinationRoutes(Operations operations, PartitionNames partitions) {
        this.operations = operations;
        this.partitions = partitions;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                                ALL,
                                ask -> Endpoint.value(this::list, page -> JsonViews.page(offset(ask), page))
                                        .handle(ask))
                        .query("partition", "set", "state", "text", "offset", "limit"),
                Endpoint.get(
                        ONE, Endpoint.json(ask -> operations.destinations().show(ask.id()), JsonViews::destination)),
                Endpoint.post(ALL, Endpoint.json(this::add, JsonViews::reload)).fields(DEFINITION),
                Endpoint.delete(
                                ONE,
                                Endpoint.json(
                                        ask -> operations.definitions().remove(ask.caller(), ask.id()),
                                        JsonViews::reload))
                        .fields("who"),
                Endpoint.put(ROWS, Endpoint.json(this::putRow, JsonViews::reload))
                        .fields(DEFINITION),
                Endpoint.delete(
                                ROWS,
                                Endpoint.json(
                                        ask -> operations.definitions().removeRow(ask.caller(), destination(ask)),
                                        JsonViews::reload))
                        .fields("partition", "set", "uri", "socket", "who"));
    }

    private static int offset(ApiRequest ask) {
        return (int) ask.query().number("offset", 0, Integer.MAX_VALUE, 0);
    }

    private DestinationQueries.DestinationPage list(ApiRequest ask) {
        SetFilter place = ask.setFilter();
        String state = ask.query().text("state");
        return operations
                .destinations()
                .list(new DestinationQueries.Filter(
                        place.partition(),
                        place.set(),
                        state == null ? null : state(state),
                        ask.query().text("text"),
                        offset(ask),
                        (int) ask.query().number("limit", 0, Integer.MAX_VALUE, Integer.MAX_VALUE)));
    }

    /** Parses the name of a state. */
    static DestinationState state(String text) {
        DestinationState state = DestinationState.parse(text);
        if (state == null) {
            throw DestinationOrders.unknownState(text);
        }
        return state;
    }

    private CompletionStage<ReloadOutcome> add(ApiRequest ask) {
        return operations.definitions().add(ask.caller(), destination(ask), initial(ask));
    }

    private CompletionStage<ReloadOutcome> putRow(ApiRequest ask) {
        return operations
                .definitions()
                .putRow(
                        ask.caller(),
                        destination(ask),
                        ask.fields().has("state") ? initial(ask) : null,
                        CHANGEABLE.stream().filter(ask.fields()::has).toList());
    }

    private static DestinationState initial(ApiRequest ask) {
        return state(ask.fields().text("state", DestinationState.ACTIVE.text()));
    }

    private Destination destination(ApiRequest ask) {
        JsonBodyFields fields = ask.fields();
        return new Destination(
                partitions.requireKnown(fields.text("partition", ask.defaultPartition())),
                fields.integer("set", Integer.MAX_VALUE),
                uri(fields.text("uri")),
                fields.has("socket") ? fields.text("socket") : null,
                fields.integer("weight", MOST_WEIGHT, 1),
                fields.integer("priority", MOST_WEIGHT, 0),
                fields.text("attrs", ""),
                fields.text("description", ""));
    }

    /** Checks the syntax; the check of catalog rows finds all other errors. */
    private static String uri(String text) {
        boolean ascii = text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        SipUri uri = ascii ? SipUri.parse(text) : null;
        if (uri == null || !uri.isSip()) {
            throw OperationException.bad("uri", text, "a sip URI");
        }
        return text;
    }
}
