package org.sipdispatch.operations;

import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.history.History;
import org.sipdispatch.replication.ChangeFeed;
import org.sipdispatch.transport.SipLanes;

/** All operations that operators can use on this node, through any interface. Thread-safe. */
public final class Operations {
    private final OperationContext context = new OperationContext();
    private final ListSets listSets = new ListSets(context);
    private final ListDestinations listDestinations = new ListDestinations(context);
    private final ShowDestination showDestination = new ShowDestination(context);
    private final CountDestinations count = new CountDestinations(context);
    private final SetDestinationState setState = new SetDestinationState(context);
    private final HoldDestination hold = new HoldDestination(context);
    private final ReleaseDestination release = new ReleaseDestination(context);
    private final ProbeDestination probeNow = new ProbeDestination(context);
    private final DrainDestination drain = new DrainDestination(context, hold);
    private final ReloadDestinations reload = new ReloadDestinations(context);
    private final AddDestination addDestination = new AddDestination(context);
    private final RemoveDestination removeDestination = new RemoveDestination(context);
    private final PushScriptAttrs pushAttrs = new PushScriptAttrs(context);
    private final ExplainRoute explainRoute = new ExplainRoute(context);
    private final ReadHistory readHistory = new ReadHistory(context);
    private final FollowHistory followHistory = new FollowHistory(context);
    private final FollowDestinations followDestinations = new FollowDestinations(context);
    private final ShowTraffic showTraffic = new ShowTraffic(context);
    private final ShowOrder showOrder = new ShowOrder(context);
    private final ShowNode showNode = new ShowNode(context);
    private final Readiness readiness = new Readiness(context);
    private final FindDestination findDestination = new FindDestination(context);
    private final FirstHits firstHits = new FirstHits(context);
    private final RecordOrder recordOrder = new RecordOrder(context);

    /** Enables the operations. Before this call they are refused. */
    public void open(Cluster cluster, ChangeFeed destinations, History history) {
        context.open(cluster, destinations, history);
    }

    /** This node accepts calls. */
    public void startAccepting(SipLanes traffic) {
        context.startAccepting(traffic);
    }

    /** This node accepts no new calls any more. */
    public void stopAccepting() {
        context.stopAccepting();
    }

    public ListSets listSets() {
        return listSets;
    }

    public ListDestinations listDestinations() {
        return listDestinations;
    }

    public ShowDestination showDestination() {
        return showDestination;
    }

    public CountDestinations count() {
        return count;
    }

    public SetDestinationState setState() {
        return setState;
    }

    public HoldDestination hold() {
        return hold;
    }

    public ReleaseDestination release() {
        return release;
    }

    public ProbeDestination probeNow() {
        return probeNow;
    }

    public DrainDestination drain() {
        return drain;
    }

    public ReloadDestinations reload() {
        return reload;
    }

    public AddDestination addDestination() {
        return addDestination;
    }

    public RemoveDestination removeDestination() {
        return removeDestination;
    }

    public PushScriptAttrs pushAttrs() {
        return pushAttrs;
    }

    public ExplainRoute explainRoute() {
        return explainRoute;
    }

    public ReadHistory readHistory() {
        return readHistory;
    }

    public FollowHistory followHistory() {
        return followHistory;
    }

    public FollowDestinations followDestinations() {
        return followDestinations;
    }

    public ShowTraffic showTraffic() {
        return showTraffic;
    }

    public ShowOrder showOrder() {
        return showOrder;
    }

    public ShowNode showNode() {
        return showNode;
    }

    public Readiness readiness() {
        return readiness;
    }

    public FindDestination findDestination() {
        return findDestination;
    }

    public FirstHits firstHits() {
        return firstHits;
    }

    public RecordOrder recordOrder() {
        return recordOrder;
    }
}
