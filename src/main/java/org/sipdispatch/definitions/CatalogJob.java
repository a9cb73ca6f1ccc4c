package org.sipdispatch.definitions;

import java.util.List;
import java.util.stream.Stream;

/**
 * A change that is being made known.
 *
 * @param order null for what this node does by itself
 * @param read what was read, if anything was
 * @param whole whether it is all that is written down
 */
record CatalogJob(CatalogCommand order, Source.Loaded read, boolean whole) {
    void tell(long revision, DefinitionsUpdate result) {
        List<String> all = Stream.concat(read.warnings().stream(), result.warnings().stream())
                .toList();
        if (order != null) {
            order.replyTo().tell(ReloadOutcome.brief(revision, result.changes(), all, refusal()));
        }
    }

    /** {@code known}: whether the cluster's data said that it took nothing; else it may have taken the change. */
    void tellNotMade(long revision, boolean known) {
        if (known) {
            refuse(revision, "the cluster's data did not take the definitions; try again");
        } else if (order != null) {
            order.replyTo().tell(ReloadOutcome.unknown("the cluster's data to answer"));
        }
    }

    void refuse(long revision, String error) {
        if (order != null) {
            order.replyTo().tell(ReloadOutcome.refused(revision, error));
        }
    }

    /** As the log tells it. */
    String made(long revision, DefinitionsUpdate result) {
        return "revision " + revision + " by " + who() + ": " + result.changes().size() + " changes";
    }

    private String refusal() {
        boolean strict = order instanceof CatalogCommand.Reload reload && !reload.skipBadRows();
        return strict ? ReloadOutcome.refusal(read.skipped()) : "";
    }

    /** Whether it only tells what would be. */
    boolean changesNothing() {
        return order instanceof CatalogCommand.Reload reload && reload.dryRun()
                || !refusal().isEmpty();
    }

    private String who() {
        return order == null ? "this node" : order.who();
    }
}
