package org.sipdispatch.replication;

import java.util.Collection;
import java.util.Map;
import org.sipdispatch.sets.SetView;

/** Updates the views that this node's traffic selects destinations from. Thread-safe. */
public interface TrafficViewUpdater {
    /** Replaces the views of all sets. */
    void replace(Collection<SetView> views);

    /** Replaces the view of one set. */
    void update(SetView view);

    /** Sets the names of the other nodes' sockets: {@code udp:10.0.0.2:5060} to {@code main}. */
    void learnSockets(Map<String, String> nameByLiteral);

    /** The views given so far were confirmed by the cluster after {@code pauses} pauses of this process. */
    void confirmed(long pauses);

    /** Sets whether there are other nodes, to which pending INVITE transactions are sent. */
    void carryCalls(boolean others);

    /** Receives pending INVITE transactions of another node. */
    void carry(byte[] calls);
}
