package org.sipdispatch.app;

import com.typesafe.config.Config;
import java.util.Set;
import org.sipdispatch.catalog.Catalog;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.relay.Counter;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.routing.SetChoice;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.transport.Traffic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One proxy node: reads its whole configuration, loads the destinations, then carries traffic until it is closed. */
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final Catalog catalog;
    private final Traffic traffic;

    private Node(Catalog catalog, Traffic traffic) {
        this.catalog = catalog;
        this.traffic = traffic;
    }

    /**
     * Starts a node; when this returns it listens.
     *
     * @param config the block {@code sip-dispatcher}, defaults included
     * @throws org.sipdispatch.settings.BadSetting if anything in it cannot be used
     */
    public static Node start(Config config) {
        NodeSettings settings = NodeSettings.from(config);
        Catalog catalog =
                Catalog.open(settings.partitions(), socket -> settings.sockets().named(socket) != null);
        try {
            CatalogSnapshot snapshot = catalog.load();
            Node node = new Node(
                    catalog, Traffic.start(settings.traffic(), snapshot.sets().values()));
            LOG.info("listening on {}", settings.sockets().all());
            // Only now: a start that is refused says so in its one line.
            tell(snapshot, settings.routing());
            return node;
        } catch (RuntimeException e) {
            catalog.close();
            throw e;
        }
    }

    private static void tell(CatalogSnapshot snapshot, RoutingSettings routing) {
        snapshot.warnings().forEach(LOG::warn);
        Set<SetId> known = snapshot.sets().keySet();
        LOG.info("{} destinations in sets {}", snapshot.entries().size(), known);
        routing.rules().all().stream()
                .filter(rule -> rule.plan() != null)
                .forEach(rule -> rule.plan().constantChoices().stream()
                        .map(SetChoice::set)
                        .filter(set -> !known.contains(set))
                        .forEach(set ->
                                LOG.warn("{}.select.set: {} (expected: a set with destinations)", rule.path(), set)));
    }

    /** What this node counted since its start. */
    public long count(Counter counter) {
        return traffic.count(counter);
    }

    @Override
    public void close() {
        traffic.close();
        catalog.close();
        StringBuilder counts = new StringBuilder();
        for (Counter counter : Counter.values()) {
            if (count(counter) > 0) {
                counts.append(' ')
                        .append(counter.name().toLowerCase(java.util.Locale.ROOT))
                        .append('=');
                counts.append(count(counter));
            }
        }
        LOG.info("stopped:{}", counts);
    }
}
