package org.sipdispatch.replication;

import java.util.Collection;
import java.util.Map;
import org.sipdispatch.sets.SetView;

/** The door to this node's traffic. Thread-safe. */
public interface Views {
    /** Puts new definitions in place of the old ones. */
    void replace(Collection<SetView> views);

    /** Puts one set's new view in place of its old one. */
    void update(SetView view);

    /** Tells which name a socket of another node has: {@code udp:10.0.0.2:5060} to {@code main}. */
    void learnSockets(Map<String, String> nameByLiteral);

    /** Tells that what was told until now is what the cluster knows after so many pauses of this process. */
    void confirmed(long pauses);

    /** Tells whether there are other nodes. */
    void carryCalls(boolean others);

    /** Takes in what another node has told of its calls. */
    void carry(byte[] calls);
}
