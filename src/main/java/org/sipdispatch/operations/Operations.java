package org.sipdispatch.operations;

import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.history.History;
import org.sipdispatch.proxy.NewRequests;
import org.sipdispatch.replication.ChangeFeed;
import org.sipdispatch.replication.PushedFigures;
import org.sipdispatch.transport.SipLanes;

/** All operations that operators can use on this node, through any interface. Thread-safe. */
public final class Operations {
    private final OperationContext context = new OperationContext();
    private final DestinationOrders orders = new DestinationOrders(context);
    private final DefinitionOrders definitions = new DefinitionOrders(context, orders);
    private final DestinationQueries destinations = new DestinationQueries(context);
    private final NodeQueries node;
    private final HistoryOperations history = new HistoryOperations(context);
    private final ExplainRoute explainRoute = new ExplainRoute(context);
    private final FigureOperations figures;
    private final Maintenance nodeMaintenance;
    private final MaintenanceOperations maintenance;

    /** Operations of a node without pushed figures of its own, which is not in maintenance. */
    public Operations() {
        this(new PushedFigures(), Maintenance.never());
    }

    /** {@code pushed}: the figures that the node's traffic uses. */
    public Operations(PushedFigures pushed, Maintenance nodeMaintenance) {
        this.nodeMaintenance = nodeMaintenance;
        figures = new FigureOperations(context, pushed);
        node = new NodeQueries(context, nodeMaintenance);
        maintenance = new MaintenanceOperations(context, nodeMaintenance);
    }

    /** Enables the operations. Before this call they are refused. */
    public void open(Cluster cluster, ChangeFeed published, History kept) {
        context.open(cluster, published, kept);
    }

    /** What the node's traffic has to do with new requests from the first one on, once the operations are enabled. */
    public NewRequests newRequests() {
        return nodeMaintenance.atStart(() -> context.cluster().members());
    }

    /** This node accepts calls. */
    public void startAccepting(SipLanes traffic) {
        nodeMaintenance.open(traffic::setNewRequests);
        context.startAccepting(traffic);
        QualityWatch watch = new QualityWatch(context, traffic.quality());
        traffic.quality().afterEachReport(watch::look);
    }

    /** This node no longer accepts new calls. */
    public void stopAccepting() {
        context.stopAccepting();
    }

    public DestinationOrders orders() {
        return orders;
    }

    public DefinitionOrders definitions() {
        return definitions;
    }

    public DestinationQueries destinations() {
        return destinations;
    }

    public NodeQueries node() {
        return node;
    }

    public FigureOperations figures() {
        return figures;
    }

    public MaintenanceOperations maintenance() {
        return maintenance;
    }

    public HistoryOperations history() {
        return history;
    }

    public ExplainRoute explainRoute() {
        return explainRoute;
    }
}
