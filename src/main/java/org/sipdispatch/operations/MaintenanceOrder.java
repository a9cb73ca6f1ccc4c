package org.sipdispatch.operations;

/**
 * The order that put this node into maintenance.
 *
 * @param kept whether it outlasts a restart of the node
 */
public record MaintenanceOrder(long sinceMs, String who, String why, boolean kept) {
    MaintenanceOrder keeping() {
        return new MaintenanceOrder(sinceMs, who, why, true);
    }
}
