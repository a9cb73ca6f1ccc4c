package org.sipdispatch.operations;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.sipdispatch.transport.SipLanes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes this node out of traffic and back without stopping it. */
public final class MaintenanceOperations {
    private static final Logger LOG = LoggerFactory.getLogger(MaintenanceOperations.class);

    private final OperationContext context;
    private final Maintenance maintenance;

    MaintenanceOperations(OperationContext context, Maintenance maintenance) {
        this.context = context;
        this.maintenance = maintenance;
    }

    /**
     * Whether this node is in maintenance, and what is under way.
     *
     * @param node this node's address
     * @param order null if it is not in maintenance
     * @param openCalls active calls: answered with a 2xx through this node, without a BYE yet
     * @param ringing INVITEs that were sent statefully and have no final response yet
     * @param pending transactions without a final response, of any method
     * @param takingNodes the addresses of the cluster's nodes that take new calls
     */
    public record MaintenanceProgress(
            String node, MaintenanceOrder order, long openCalls, long ringing, long pending, List<String> takingNodes) {
        public boolean isOn() {
            return order != null;
        }

        /** Whether the node takes no new calls, and none that it counts is under way. */
        public boolean isDone() {
            return isOn() && openCalls == 0 && ringing == 0 && pending == 0;
        }

        /** A warning if no node takes new calls; otherwise empty. */
        public String warning() {
            return takingNodes.isEmpty() ? "no node takes new calls: all nodes of the cluster are in maintenance" : "";
        }
    }

    public MaintenanceProgress show() {
        SipLanes traffic = context.traffic();
        // Ringing first: a call that is answered in between is counted twice rather than not at all.
        long pending = traffic.pending();
        long ringing = traffic.ringing();
        String own = context.cluster().address();
        return new MaintenanceProgress(
                own, maintenance.order(), traffic.openCalls(), ringing, pending, maintenance.takingNodes(own));
    }

    /**
     * Begins maintenance: new calls are refused or redirected, everything else continues. Repeating the order changes
     * only {@code keep}.
     *
     * @param keep whether it outlasts a restart of the node
     */
    public CompletionStage<MaintenanceProgress> begin(OperationCaller caller, String why, boolean keep) {
        caller.requireWrite();
        MaintenanceOrder order =
                new MaintenanceOrder(System.currentTimeMillis(), caller.text(), OperationContext.reason(why), keep);
        String text =
                (keep ? "also after a restart" : "") + (keep && !order.why().isEmpty() ? ": " : "") + order.why();
        return recorded(caller, "maintenance_on", text, () -> maintenance.begin(order))
                .thenApply(progress -> {
                    if (!progress.warning().isEmpty()) {
                        LOG.warn("maintenance: {}", progress.warning());
                    }
                    return progress;
                });
    }

    /** Ends maintenance. Succeeds if the node is not in maintenance. */
    public CompletionStage<MaintenanceProgress> end(OperationCaller caller, String why) {
        caller.requireWrite();
        return recorded(caller, "maintenance_off", why, () -> maintenance.end(caller.text()));
    }

    private CompletionStage<MaintenanceProgress> recorded(
            OperationCaller caller, String verb, String why, Runnable order) {
        CompletionStage<Void> executed = CompletableFuture.supplyAsync(() -> {
            // Refused while the node starts.
            context.traffic();
            try {
                order.run();
            } catch (UncheckedIOException e) {
                throw new OperationException(
                        OperationException.RefusalReason.UNAVAILABLE,
                        "data-dir: " + e.getCause() + " (expected: a directory whose files this user may write)");
            }
            return null;
        });
        return context.recorded(caller, verb, "", why, executed).thenApply(done -> show());
    }
}
