package org.sipdispatch.cluster;

import akka.actor.setup.Setup;
import akka.actor.typed.Behavior;
import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.sipdispatch.catalog.DefinitionStore;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.DestinationListener;
import org.sipdispatch.destination.Pinger;
import org.sipdispatch.destination.ProbeSettings;
import org.sipdispatch.destination.TargetFinder;
import org.sipdispatch.freeswitch.FreeswitchSettings;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.membership.Arbiter;
import org.sipdispatch.membership.ClusterSettings;
import org.sipdispatch.replication.LastKnownStatuses;
import org.sipdispatch.replication.MaintenanceStates;
import org.sipdispatch.replication.PushedFigures;
import org.sipdispatch.replication.TrafficViewUpdater;
import org.sipdispatch.tls.CertificatesInUse;

/**
 * Everything the cluster needs from the rest of the node.
 *
 * @param systemConfig configuration of the clustered actor system; {@code settings} override it
 * @param sockets names of this node's sockets by {@code proto:address:port}
 * @param routes serves the routes of Akka Management
 * @param routeSetup setup of the actor system that these routes need
 * @param journal creates the journal of a destination; null for none
 * @param lastKnown the states known to the previous process, and the file that keeps them
 * @param calls this node's own calls
 * @param limits the limits of calls through this node
 * @param figures the figures that are pushed to the nodes
 * @param maintenance which nodes are in maintenance
 * @param certificates learns which certificate this node presents to other nodes
 * @param singletons further cluster singletons
 */
public record ClusterDependencies(
        ClusterSettings settings,
        ProbeSettings probing,
        EventSockets eventSockets,
        Config systemConfig,
        TrafficViewUpdater traffic,
        Pinger pinger,
        TargetFinder targets,
        DefinitionStore source,
        Arbiter arbiter,
        DestinationListener events,
        Map<String, String> sockets,
        AkkaManagementRoutes routes,
        Setup routeSetup,
        DestinationJournal.Journals journal,
        LastKnownStatuses lastKnown,
        LocalCalls calls,
        NodeLimits limits,
        PushedFigures figures,
        MaintenanceStates maintenance,
        CertificatesInUse certificates,
        List<Singleton<?>> singletons) {
    /**
     * The settings of weights from FreeSWITCH.
     *
     * @param heartbeats counts each heartbeat of an event socket
     */
    public record EventSockets(FreeswitchSettings settings, FreeswitchHeartbeatCounter heartbeats) {}

    /**
     * A cluster singleton: runs on the oldest node, and starts again on the next one.
     *
     * @param behavior creates the behavior; called once in each session, so it must create all of its state. Its
     *     argument maps node numbers of versions to addresses; empty for nodes that this node has not met
     * @param stop message that stops the actor
     */
    public record Singleton<C>(String name, Function<LongFunction<String>, Behavior<C>> behavior, C stop) {}
}
