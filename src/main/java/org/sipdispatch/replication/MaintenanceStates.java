package org.sipdispatch.replication;

import java.util.Map;
import java.util.function.Consumer;

/** The nodes that are in maintenance, as far as this node knows. Outlives the cluster sessions. Thread-safe. */
public final class MaintenanceStates {
    private final Map<String, String> sockets;
    private NodeMaintenance own;
    private Consumer<NodeMaintenance> session = state -> {};
    private volatile Map<String, NodeMaintenance> byNode = Map.of();
    private volatile Runnable listener = () -> {};

    /** {@code sockets}: names of this node's sockets by {@code proto:address:port}. */
    public MaintenanceStates(Map<String, String> sockets) {
        this.sockets = Map.copyOf(sockets);
        own = new NodeMaintenance(0, sockets);
    }

    /** Whether this node is in maintenance. */
    public synchronized boolean isOn() {
        return own.isOn();
    }

    /** Publishes whether this node is in maintenance; 0 if it is not. */
    public synchronized void set(long sinceMs) {
        own = new NodeMaintenance(sinceMs, sockets);
        session.accept(own);
    }

    /** The states of all nodes by their addresses, also of nodes that have left. */
    public Map<String, NodeMaintenance> byNode() {
        return byNode;
    }

    /** Runs the listener, on any thread, when the state or the reachability of a node may have changed. */
    public void onChange(Runnable changed) {
        listener = changed;
    }

    /** Sets the publisher of a new session, which gets the present state at once. */
    synchronized void publishThrough(Consumer<NodeMaintenance> publisher) {
        session = publisher;
        publisher.accept(own);
    }

    void learn(Map<String, NodeMaintenance> all) {
        byNode = Map.copyOf(all);
        listener.run();
    }

    /** A node joined, left, or changed its reachability. */
    void membersChanged() {
        listener.run();
    }
}
