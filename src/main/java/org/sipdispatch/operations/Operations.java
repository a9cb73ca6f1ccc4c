package org.sipdispatch.operations;

import org.sipdispatch.cluster.Cluster;
import org.sipdispatch.history.History;
import org.sipdispatch.replication.ChangeFeed;
import org.sipdispatch.transport.SipLanes;

/** All operations that operators can use on this node, through any interface. Thread-safe. */
public final class Operations {
    private final OperationContext here = new OperationContext();
    private final ListSets listSets = new ListSets(here);
    private final ListDestinations listDestinations = new ListDestinations(here);
    private final ShowDestination showDestination = new ShowDestination(here);
    private final Count count = new Count(here);
    private final SetState setState = new SetState(here);
    private final Hold hold = new Hold(here);
    private final Release release = new Release(here);
    private final ProbeNow probeNow = new ProbeNow(here);
    private final Drain drain = new Drain(here, hold);
    private final Reload reload = new Reload(here);
    private final AddDestination addDestination = new AddDestination(here);
    private final RemoveDestination removeDestination = new RemoveDestination(here);
    private final PushAttrs pushAttrs = new PushAttrs(here);
    private final ExplainRoute explainRoute = new ExplainRoute(here);
    private final ReadHistory readHistory = new ReadHistory(here);
    private final FollowHistory followHistory = new FollowHistory(here);
    private final FollowDestinations followDestinations = new FollowDestinations(here);
    private final ShowTraffic showTraffic = new ShowTraffic(here);
    private final ShowOrder showOrder = new ShowOrder(here);
    private final ShowNode showNode = new ShowNode(here);
    private final Readiness readiness = new Readiness(here);
    private final FindDestination findDestination = new FindDestination(here);
    private final FirstHits firstHits = new FirstHits(here);
    private final RecordOrder recordOrder = new RecordOrder(here);

    /** Enables the operations. Before this call they are refused. */
    public void open(Cluster cluster, ChangeFeed destinations, History history) {
        here.open(cluster, destinations, history);
    }

    /** This node accepts calls. */
    public void startAccepting(SipLanes traffic) {
        here.startAccepting(traffic);
    }

    /** This node accepts no new calls any more. */
    public void stopAccepting() {
        here.stopAccepting();
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

    public Count count() {
        return count;
    }

    public SetState setState() {
        return setState;
    }

    public Hold hold() {
        return hold;
    }

    public Release release() {
        return release;
    }

    public ProbeNow probeNow() {
        return probeNow;
    }

    public Drain drain() {
        return drain;
    }

    public Reload reload() {
        return reload;
    }

    public AddDestination addDestination() {
        return addDestination;
    }

    public RemoveDestination removeDestination() {
        return removeDestination;
    }

    public PushAttrs pushAttrs() {
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
