package org.sipdispatch.cluster;

import akka.actor.setup.Setup;
import akka.actor.typed.Behavior;
import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.sipdispatch.definitions.Source;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.DestinationListener;
import org.sipdispatch.destination.Pinger;
import org.sipdispatch.destination.ProbeSettings;
import org.sipdispatch.membership.Arbiter;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.replication.LastKnown;
import org.sipdispatch.replication.Views;

/**
 * All that the cluster needs from the rest of the node.
 *
 * @param systemConfig the configuration of the clustered actor system, without what {@code settings} says
 * @param sockets this node's sockets, names by {@code proto:address:port}
 * @param routes where Akka Management's routes are served
 * @param desk what its routes need
 * @param journal makes the journal of a destination; null for none
 * @param lastKnown what this node knew before, and where it is kept
 * @param calls the calls that go through this node
 * @param singletons what else is to live once in the cluster
 */
public record ClusterDependencies(
        ClusterSettings settings,
        ProbeSettings probing,
        Config systemConfig,
        Views views,
        Pinger pinger,
        Source source,
        Arbiter witness,
        DestinationListener events,
        Map<String, String> sockets,
        SessionRoutes routes,
        Setup desk,
        DestinationJournal.Journals journal,
        LastKnown lastKnown,
        LocalCalls calls,
        List<Singleton<?>> singletons) {
    /**
     * An actor that lives once in the cluster, on its oldest node, and is begun anew on the next one.
     *
     * @param behavior begun in each life of this node, so all that it has must be made when it begins; is given the
     *     addresses of nodes by their numbers in versions, empty for those that this node has not met
     * @param stop makes it end
     */
    public record Singleton<C>(String name, Function<LongFunction<String>, Behavior<C>> behavior, C stop) {}
}
