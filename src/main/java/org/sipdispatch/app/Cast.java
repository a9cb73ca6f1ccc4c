package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.sipdispatch.cluster.ClusterDependencies;
import org.sipdispatch.destination.DestinationEvent;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.Events;
import org.sipdispatch.destination.Pinger;
import org.sipdispatch.history.ChroniclerActor;
import org.sipdispatch.history.JdbcHistory;
import org.sipdispatch.replication.LastKnown;
import org.sipdispatch.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the cluster's dependencies on the rest of the node. */
final class Cast {
    private static final Logger LOG = LoggerFactory.getLogger("org.sipdispatch.events");

    private Cast() {}

    /** The parts that the node has opened; {@code told} receives the events of destinations. */
    record Parts(
            TrafficDoor door,
            Pinger pinger,
            Operators operators,
            CatalogSource source,
            Store store,
            JdbcHistory history,
            Events told,
            LastKnown lastKnown) {}

    static ClusterDependencies of(NodeSettings settings, Parts parts) {
        return new ClusterDependencies(
                settings.cluster(),
                settings.probing(),
                system(settings, parts),
                parts.door(),
                parts.pinger(),
                parts.source(),
                new StoreWitness(parts.store()),
                events(parts.told()),
                settings.sockets().literals(),
                parts.operators().routes(),
                parts.operators().doors(),
                new DestinationJournal.Journals(
                        settings.journal().snapshotEvery(),
                        settings.journal().keepSnapshots(),
                        () -> System.nanoTime() / 1_000_000,
                        failure -> failure == null
                                ? parts.store().writeTrouble()
                                : parts.store().cause(failure)),
                parts.lastKnown(),
                parts.door(),
                List.of(new ClusterDependencies.Singleton<>(
                        "chronicler",
                        names -> ChroniclerActor.create(parts.history(), settings.history(), names),
                        ChroniclerActor.Stop.INSTANCE)));
    }

    private static Config system(NodeSettings settings, Parts parts) {
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

    private static Events events(Events told) {
        return (DestinationEvent event) -> {
            LOG.info("{}", event.sentence());
            told.happened(event);
        };
    }
}
