package org.sipdispatch.manage;

import akka.actor.setup.Setup;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.cluster.Known;
import org.sipdispatch.cluster.ReloadOutcome;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Status;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.BadSetting;
import org.sipdispatch.transport.Traffic;

/** What operators can ask and order, whichever door they come through. Thread-safe. */
public final class Desk extends Setup {
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_REASON = 200;

    private volatile Cluster cluster;
    private volatile Traffic traffic;
    private volatile boolean listening;

    /** Opens the desk; before that everything is refused. */
    public void open(Cluster opened) {
        cluster = opened;
    }

    /** Calls are taken. */
    public void listens(Traffic opened) {
        traffic = opened;
        listening = true;
    }

    /** No new calls are taken any longer. */
    public void leaves() {
        listening = false;
    }

    /**
     * This node by itself.
     *
     * @param member whether it is part of the cluster at the moment; if not, it dispatches on what it knew
     * @param suspects sets all of whose destinations failed here at once, so that this node's own path is suspected
     */
    record NodeView(String address, boolean listening, boolean member, List<String> suspects) {}

    NodeView node() {
        Traffic now = traffic;
        List<String> suspects = now == null
                ? List.of()
                : now.suspects().stream().map(SetId::toString).sorted().toList();
        return new NodeView(cluster().address(), listening, cluster().isMember(), suspects);
    }

    Cluster cluster() {
        Cluster now = cluster;
        if (now == null) {
            throw new BadSetting("node", "starting", "one that has started");
        }
        return now;
    }

    /** Why this node is not ready; empty if it is. */
    CompletionStage<List<String>> unready() {
        if (cluster == null) {
            return CompletableFuture.completedFuture(List.of("starting"));
        }
        return cluster.known()
                .thenApply(known -> {
                    List<String> reasons = new java.util.ArrayList<>();
                    if (!listening) {
                        reasons.add("takes no calls");
                    }
                    if (!cluster.isMember()) {
                        reasons.add("not in the cluster: calls go on with what was known");
                    } else if (known.revision() == 0) {
                        reasons.add("no definitions");
                    }
                    return reasons;
                })
                .exceptionally(trouble -> List.of("not in the cluster: " + trouble.getMessage()));
    }

    /** All destinations as this node knows them. */
    CompletionStage<Known> list() {
        return cluster().known();
    }

    /** One destination, by its actor. */
    CompletionStage<DestinationActor.Report> report(String id) {
        return defined(id).thenCompose(known -> cluster().report(id));
    }

    /** {@code ds_set_state}. */
    CompletionStage<Status> setState(String id, DestinationState state, String who, String why) {
        return defined(id)
                .thenCompose(known -> cluster()
                        .order(id, replyTo -> new DestinationActor.SetState(state, name(who), reason(why), replyTo)));
    }

    /** Ends a hold. */
    CompletionStage<Status> release(String id, String who, String why) {
        return defined(id)
                .thenCompose(known ->
                        cluster().order(id, replyTo -> new DestinationActor.Release(name(who), reason(why), replyTo)));
    }

    /** Pings now. */
    CompletionStage<Status> probe(String id, String who) {
        return defined(id)
                .thenCompose(known ->
                        cluster().order(id, replyTo -> new DestinationActor.ProbeNow(name(who), replyTo)));
    }

    /** {@code ds_reload}; {@code partition} empty for all. */
    CompletionStage<ReloadOutcome> reload(String partition, boolean dryRun, String who) {
        return cluster().reload(partition, dryRun, name(who));
    }

    /** What people write goes to all nodes, into the journal and into logs: one short line. */
    private static String name(String who) {
        return line(who, LONGEST_NAME);
    }

    private static String reason(String why) {
        return line(why, LONGEST_REASON);
    }

    private static String line(String text, int most) {
        String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return clean.length() <= most ? clean : clean.substring(0, most);
    }

    private CompletionStage<Known> defined(String id) {
        return list().thenApply(known -> {
            boolean found = known.destinations().stream()
                    .anyMatch(one -> one.definition().id().equals(id));
            if (!found) {
                throw new BadSetting("destination", id, "one that is defined");
            }
            return known;
        });
    }
}
