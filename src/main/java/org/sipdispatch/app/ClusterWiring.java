package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.sipdispatch.catalog.Catalog;
import org.sipdispatch.cluster.ClusterDependencies;
import org.sipdispatch.cluster.FreeswitchHeartbeatCounter;
import org.sipdispatch.destination.DestinationEvent;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.DestinationListener;
import org.sipdispatch.destination.Pinger;
import org.sipdispatch.destination.TargetFinder;
import org.sipdispatch.destination.Targets;
import org.sipdispatch.history.HistoryProjectionActor;
import org.sipdispatch.history.JdbcHistory;
import org.sipdispatch.history.JournalStates;
import org.sipdispatch.limits.NodeLimits;
import org.sipdispatch.replication.LastKnownStatuses;
import org.sipdispatch.replication.MaintenanceStates;
import org.sipdispatch.replication.PushedFigures;
import org.sipdispatch.store.Store;
import org.sipdispatch.tls.CertificatesInUse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the cluster's dependencies on the rest of the node. */
final class ClusterWiring {
    private static final Logger LOG = LoggerFactory.getLogger("org.sipdispatch.events");

    private ClusterWiring() {}

    /** The parts that the node has opened, and the listener for the events of destinations. */
    record Components(
            TrafficBridge trafficBridge,
            Pinger pinger,
            TargetFinder targets,
            FreeswitchHeartbeatCounter heartbeats,
            ManagementEndpoint operators,
            Catalog source,
            Store store,
            JdbcHistory history,
            DestinationListener listener,
            LastKnownStatuses lastKnown,
            NodeLimits limits,
            PushedFigures figures,
            MaintenanceStates maintenance,
            CertificatesInUse certificates) {}

    static ClusterDependencies wire(NodeSettings settings, Components parts) {
        return new ClusterDependencies(
                settings.cluster(),
                settings.probing(),
                new ClusterDependencies.EventSockets(settings.freeswitch(), parts.heartbeats()),
                system(settings, parts),
                parts.trafficBridge(),
                parts.pinger(),
                parts.targets(),
                parts.source(),
                parts.store().arbiter(),
                events(parts.listener()),
                settings.sockets().literals(),
                parts.operators().routes(),
                parts.operators().dependencies(),
                new DestinationJournal.Journals(
                        settings.journal().snapshotEvery(),
                        settings.journal().keepSnapshots(),
                        () -> System.nanoTime() / 1_000_000,
                        failure -> journalFailure(parts.store(), failure),
                        new JournalStates(parts.store())),
                parts.lastKnown(),
                parts.trafficBridge(),
                parts.limits(),
                parts.figures(),
                parts.maintenance(),
                parts.certificates(),
                List.of(new ClusterDependencies.Singleton<>(
                        // Part of the path of an actor that nodes of two releases share during a rolling upgrade.
                        "chronicler",
                        names -> HistoryProjectionActor.create(parts.history(), settings.history(), names),
                        HistoryProjectionActor.Stop.INSTANCE)));
    }

    /** Which database the journal is in, and why it cannot be used. {@code failure}: null if there is no exception. */
    private static String journalFailure(Store store, Throwable failure) {
        String why = failure == null
                ? store.writeFailure()
                : store.cause(
                        failure instanceof DestinationJournal.NoAnswerException ? new TimeoutException() : failure);
        return store.shownName() + ": " + why;
    }

    private static Config system(NodeSettings settings, Components parts) {
        String host = settings.management().host();
        // The address at which other nodes find this one by Cluster Bootstrap.
        Map<String, Object> management = Map.of(
                "akka.management.http.hostname",
                host,
                "akka.management.http.port",
                parts.operators().port());
        return ConfigFactory.parseMap(management)
                .withFallback(settings.clusterSystem())
                .withFallback(parts.store().persistence())
                .withFallback(ConfigFactory.parseResources("journal-serialization.conf"));
    }

    private static DestinationListener events(DestinationListener listener) {
        return new DestinationListener() {
            @Override
            public void onChange(DestinationEvent event) {
                LOG.info("{}", event.sentence());
                listener.onChange(event);
            }

            @Override
            public void onTarget(String destination, Targets.Change change) {
                LOG.info("destination {}: {}, by {}", destination, change.text(), change.who());
                listener.onTarget(destination, change);
            }
        };
    }
}
