package org.sipdispatch.replication;

import java.util.List;
import java.util.Map;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;

/** Snapshots of destinations that one node owns. */
public final class ReplicaSamples {
    private ReplicaSamples() {}

    /** A feed with a snapshot of these destinations, all of them owned by that node. */
    public static ChangeFeed feed(List<Definition> definitions, long owner) {
        ChangeFeed feed = new ChangeFeed();
        publish(feed, definitions, owner);
        return feed;
    }

    public static void publish(ChangeFeed feed, List<Definition> definitions, long owner) {
        StatusVersion version = new StatusVersion(1, 0, owner);
        Status status = new Status(version, false, false, false, 0, 0, false, 1000, "probe", "200");
        feed.publish(
                DestinationsSnapshot.of(
                        1,
                        definitions.stream()
                                .map(one -> new DestinationsSnapshot.KnownDestination(one, status))
                                .toList()),
                Map.of());
    }
}
