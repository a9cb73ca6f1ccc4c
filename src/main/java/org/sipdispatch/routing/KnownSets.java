package org.sipdispatch.routing;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/** What a lane knows of the sets and of the addresses of their members. Answers at once. */
public interface KnownSets {
    /** The set's current view; null if there is no such set. */
    SetView view(SetId set);

    /** The members of all sets that have this address, in any state. */
    List<Destination> membersAt(InetAddress address);

    /** Whether the member has this address with this port. */
    boolean isAt(Destination member, InetSocketAddress address);
}
