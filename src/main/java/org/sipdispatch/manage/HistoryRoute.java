package org.sipdispatch.manage;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.history.HistoryEntry;
import org.sipdispatch.history.HistoryQuery;
import org.sipdispatch.operations.Operations;

/** Reads the history. */
final class HistoryRoute {
    private static final int MOST = 1000;
    private static final int USUAL = 100;

    private final Operations operations;

    HistoryRoute(Operations operations) {
        this.operations = operations;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.get("/dispatcher/history", Endpoint.json(this::read, JsonViews::history))
                .query("destination", "partition", "set", "who", "from", "to", "after", "before", "limit"));
    }

    private CompletionStage<List<HistoryEntry>> read(ApiRequest ask) {
        QueryParameters query = ask.query();
        return operations
                .history()
                .read(new HistoryQuery(
                        query.text("destination"),
                        ask.setFilter().idPrefix(),
                        query.text("who"),
                        query.moment("from"),
                        query.moment("to"),
                        after(query),
                        query.number("before", 0, Long.MAX_VALUE, 0),
                        (int) query.number("limit", 1, MOST, USUAL)));
    }

    /** With {@code after} the oldest entries come first, from the beginning for 0. */
    private static long after(QueryParameters query) {
        return query.text("after") == null ? 0 : HistoryQuery.afterValue(query.number("after", 0, Long.MAX_VALUE, 0));
    }
}
