package org.sipdispatch.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import org.sipdispatch.cluster.ClusterCast;
import org.sipdispatch.destination.DestinationEvent;
import org.sipdispatch.destination.DestinationJournal;
import org.sipdispatch.destination.Events;
import org.sipdispatch.destination.Pinger;
import org.sipdispatch.store.Store;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts together what the cluster needs from the rest of the node. */
final class Cast {
    private static final Logger LOG = LoggerFactory.getLogger("org.sipdispatch.events");

    private Cast() {}

    static ClusterCast of(
            NodeSettings settings,
            TrafficDoor door,
            Pinger pinger,
            Operators operators,
            CatalogSource source,
            Store store) {
        return new ClusterCast(
                settings.cluster(),
                settings.probing(),
                system(settings, operators, store),
                door,
                pinger,
                source,
                new StoreWitness(store),
                events(),
                settings.sockets().literals(),
                operators.routes(),
                operators.doors(),
                DestinationJournal.all(
                        settings.journal().snapshotEvery(), settings.journal().keepSnapshots()),
                door::openCalls,
                List.of());
    }

    private static Config system(NodeSettings settings, Operators operators, Store store) {
        String host = settings.management().host();
        // Where the other nodes find this one by Cluster Bootstrap.
        Map<String, Object> management =
                Map.of("akka.management.http.hostname", host, "akka.management.http.port", operators.port());
        return ConfigFactory.parseMap(management)
                .withFallback(settings.clusterSystem())
                .withFallback(store.persistence())
                .withFallback(ConfigFactory.parseResources("journal-serialization.conf"));
    }

    private static Events events() {
        return (DestinationEvent event) -> LOG.info("{}", event);
    }
}
