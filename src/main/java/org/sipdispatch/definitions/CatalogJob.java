package org.sipdispatch.definitions;

import java.util.List;
import java.util.stream.Stream;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.DefinitionSource;

/**
 * A change that is being published.
 *
 * @param order null for the first load and for remembered definitions
 * @param read the rows that were loaded, if any
 * @param whole whether all partitions of the source were loaded
 */
record CatalogJob(CatalogCommand order, CatalogSnapshot read, boolean whole) {
    static final String STALE =
            "the node that reads the definitions does not reach a majority of the nodes now; try again";
    static final String MOVING = "the node that reads the definitions is leaving the cluster; try again";

    /** The first load reads all partitions, but an order for an unknown partition still fails. */
    static CatalogSnapshot load(DefinitionSource source, CatalogCommand.ReplaceRows order, boolean isFirst) {
        if (order != null) {
            order.write(source);
        }
        String partition = order == null ? "" : order.partition();
        CatalogSnapshot loaded = source.load(partition);
        return isFirst && !partition.isEmpty() ? source.load("") : loaded;
    }

    void reply(long revision, DefinitionsUpdate result) {
        List<String> all = Stream.concat(read.warnings().stream(), result.warnings().stream())
                .toList();
        if (order != null) {
            order.replyTo().tell(ReloadOutcome.brief(revision, result.changes(), all, refusal()));
        }
    }

    /** {@code known}: whether the replicator reported that it did not apply the change; otherwise it may have. */
    void replyNotPublished(long revision, boolean known) {
        if (known) {
            refuse(revision, "the definitions could not be published in the cluster; try again");
        } else if (order != null) {
            order.replyTo().tell(ReloadOutcome.unknown("an answer from a majority of the nodes"));
        }
    }

    void refuse(long revision, String error) {
        if (order != null) {
            order.replyTo().tell(ReloadOutcome.refused(revision, error));
        }
    }

    /** The log message of a published change. */
    String logMessage(long revision, DefinitionsUpdate result) {
        return "revision " + revision + " by " + who() + ": " + result.changes().size() + " changes";
    }

    private String refusal() {
        boolean strict = order instanceof CatalogCommand.Reload reload && !reload.skipBadRows();
        return strict ? ReloadOutcome.refusal(read.skipped()) : "";
    }

    /** Whether the result is only reported: a dry run, a refused reload or a watched source without changes. */
    boolean changesNothing(DefinitionsUpdate result) {
        return order instanceof CatalogCommand.ApplyRows && result.changes().isEmpty()
                || order instanceof CatalogCommand.Reload reload && reload.dryRun()
                || !refusal().isEmpty();
    }

    private String who() {
        return order == null ? "this node" : order.who();
    }
}
