package org.sipdispatch.definitions;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.sipdispatch.catalog.WatchedSource;

/** The actors that watch sources, children of the catalog actor. Not thread-safe. */
final class SourceWatches {
    private final Map<String, ActorRef<SourceWatchActor.Command>> byPartition = new LinkedHashMap<>();

    /** Starts an actor for each source. */
    SourceWatches(ActorContext<?> parent, List<WatchedSource> sources, SourceWatchActor.Setup setup) {
        sources.forEach(source -> byPartition.put(
                source.partition(), parent.spawn(SourceWatchActor.create(source, setup), source.actorName())));
    }

    /** Others have loaded rows of these partitions, or may have: their watches no longer know what is loaded. */
    void loadedByOther(Predicate<String> partitions) {
        byPartition.forEach((partition, watch) -> {
            if (partitions.test(partition)) {
                watch.tell(SourceWatchActor.LoadedByOther.INSTANCE);
            }
        });
    }
}
