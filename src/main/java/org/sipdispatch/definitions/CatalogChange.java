package org.sipdispatch.definitions;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.replication.Definitions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A change that is being published.
 *
 * @param order null for the first load and for remembered definitions
 * @param read the rows that were loaded, if any
 * @param whole whether all partitions of the source were loaded
 * @param written whether the order has changed the source
 */
record CatalogChange(CatalogOrder order, CatalogSnapshot read, boolean whole, boolean written) {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogActor.class);

    static final String STALE =
            "the node that reads the definitions does not reach a majority of the nodes now; try again";
    static final String MOVING = "the node that reads the definitions is leaving the cluster; try again";
    static final String RESTARTED =
            "a defect ended an earlier order, see the log of the node that reads the definitions; try again";

    /** An order of which nothing was read. */
    static CatalogChange unread(CatalogOrder order, boolean written) {
        return new CatalogChange(order, CatalogSnapshot.NOTHING, false, written);
    }

    /** {@code isFirst}: whether no rows were loaded before. */
    static CatalogChange of(CatalogOrder.ReplaceRows order, CatalogReader.CatalogReadResult reading, boolean isFirst) {
        boolean whole = isFirst || order == null || order.partition().isEmpty();
        return new CatalogChange(order, reading.rows(), whole, reading.written());
    }

    /** The known definitions with the rows that were read. */
    DefinitionsUpdate replaced(Definitions known) {
        return order instanceof CatalogOrder.ReplaceRows rows
                ? DefinitionsUpdate.of(known, rows.partition(), rows.dropTemporary(), read.entries())
                : DefinitionsUpdate.of(known, "", false, read.entries());
    }

    /** The change with the order as the author of its removals. */
    Function<Definitions, DefinitionsUpdate> withAuthor(Function<Definitions, DefinitionsUpdate> edit) {
        return order == null ? edit : order.withAuthor(edit);
    }

    void reply(long revision, DefinitionsUpdate result) {
        List<String> all = Stream.concat(read.warnings().stream(), result.warnings().stream())
                .toList();
        if (order != null) {
            order.replyTo().tell(ReloadOutcome.brief(revision, result.changes(), all, refusal()));
        }
    }

    /** Logs a published change and replies. */
    void replyPublished(long revision, DefinitionsUpdate result) {
        LOG.info(
                "revision {} by {}: {} changes",
                revision,
                who(),
                result.changes().size());
        result.warnings().forEach(LOG::warn);
        reply(revision, result);
    }

    /** {@code known}: whether the replicator reported that it did not apply the change; otherwise it may have. */
    void replyNotPublished(long revision, boolean known) {
        LOG.warn("definitions {} published in the cluster", known ? "could not be" : "may not have been");
        if (known) {
            refuse(revision, "the definitions could not be published in the cluster; try again");
        } else if (order != null) {
            order.replyTo().tell(ReloadOutcome.unknown("an answer from a majority of the nodes"));
        }
    }

    /** The definitions are unchanged. An order that has changed the source is not refused: a reload applies it. */
    void refuse(long revision, String error) {
        if (order != null) {
            order.replyTo().tell(written ? ReloadOutcome.partly(error) : ReloadOutcome.refused(revision, error));
        }
    }

    private String refusal() {
        boolean strict = order instanceof CatalogOrder.ReplaceRows reload && !reload.skipBadRows();
        return strict ? ReloadOutcome.refusal(read.skipped()) : "";
    }

    /** Whether the result is only reported: a dry run, a refused reload or a watched source without changes. */
    boolean changesNothing(DefinitionsUpdate result) {
        return order instanceof CatalogOrder.ApplyRows && result.changes().isEmpty()
                || order != null && order.isDryRun()
                || !refusal().isEmpty();
    }

    /** Whether an order replaces the rows of this partition with others than those that its watch has read. */
    boolean replacesUnwatched(String partition) {
        return order instanceof CatalogOrder.ReplaceRows rows
                && !(rows instanceof CatalogOrder.ApplyRows)
                && (whole || rows.partition().equals(partition));
    }

    private String who() {
        return order == null ? "this node" : order.who();
    }
}
