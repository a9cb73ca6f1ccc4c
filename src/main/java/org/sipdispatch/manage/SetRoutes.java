package org.sipdispatch.manage;

import java.util.List;
import org.sipdispatch.operations.DestinationQueries;
import org.sipdispatch.operations.OperationException;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.sets.SetId;

/** Lists, shows and counts sets. */
final class SetRoutes {
    private final Operations operations;

    SetRoutes(Operations operations) {
        this.operations = operations;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get(
                        "/dispatcher/sets",
                        Endpoint.value(ask -> operations.destinations().sets(), JsonViews::sets)),
                Endpoint.get(
                        "/dispatcher/sets/{partition}/{set}",
                        ask -> Endpoint.value(same -> set(setFilter(same)), page -> JsonViews.set(setFilter(ask), page))
                                .handle(ask)),
                Endpoint.get(
                                "/dispatcher/count",
                                Endpoint.value(
                                        this::count, count -> Json.object().put("count", count)))
                        .query("partition", "set", "states"));
    }

    private static SetFilter setFilter(ApiRequest ask) {
        return new SetFilter(
                ask.path("partition"), (int) QueryParameters.number("set", ask.path("set"), 0, Integer.MAX_VALUE));
    }

    private DestinationQueries.DestinationPage set(SetFilter place) {
        DestinationQueries.DestinationPage page = operations
                .destinations()
                .list(new DestinationQueries.Filter(place.partition(), place.set(), null, null, 0, Integer.MAX_VALUE));
        if (page.total() == 0) {
            throw OperationException.unknown("set", new SetId(place.partition(), place.set()), "one with destinations");
        }
        return page;
    }

    private int count(ApiRequest ask) {
        Integer set = ask.query().integer("set");
        if (set == null) {
            throw OperationException.bad("set", "nothing", "a set's number");
        }
        return operations
                .destinations()
                .count(
                        ask.query().text("partition", ask.defaultPartition()),
                        set,
                        ask.query().text("states", ""));
    }
}
