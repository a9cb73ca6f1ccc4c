package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.sipdispatch.cluster.ClusterCast;
import org.sipdispatch.destination.DestinationEvent;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.Events;
import org.sipdispatch.manage.Doors;
import org.sipdispatch.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts together what the cluster needs from the rest of the node. */
final class Cast {
    private static final Logger LOG = LoggerFactory.getLogger("org.sipdispatch.events");

    private Cast() {}

    static ClusterCast of(NodeSettings settings, TrafficDoor door, Doors doors, CatalogSource source, Store store) {
        return new ClusterCast(
                settings.cluster(),
                settings.probing(),
                system(settings, store),
                door,
                door,
                source,
                new StoreWitness(store),
                events(),
                settings.sockets().literals(),
                settings.management().enabled(),
                doors,
                DestinationJournal.all(
                        settings.journal().snapshotEvery(), settings.journal().keepSnapshots()),
                door::openCalls,
                List.of());
    }

    private static Config system(NodeSettings settings, Store store) {
        Map<String, Object> management = Map.of(
                "akka.management.http.hostname", settings.management().host(),
                "akka.management.http.port", settings.management().port(),
                "akka.management.http.bind-hostname", settings.management().host(),
                "akka.management.http.bind-port", settings.management().port(),
                "akka.management.http.route-providers-read-only",
                        !settings.management().isLocal());
        return ConfigFactory.parseMap(management)
                .withFallback(settings.clusterSystem())
                .withFallback(store.persistence())
                .withFallback(ConfigFactory.parseResources("journal-serialization.conf"));
    }

    private static Events events() {
        return (DestinationEvent event) -> LOG.info("{}", event);
    }
}
