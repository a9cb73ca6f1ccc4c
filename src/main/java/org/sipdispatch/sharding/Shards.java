package org.sipdispatch.sharding;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.cluster.sharding.ShardRegion;
import akka.cluster.sharding.typed.ClusterShardingSettings;
import akka.cluster.sharding.typed.GetShardRegionState;
import akka.cluster.sharding.typed.HashCodeMessageExtractor;
import akka.cluster.sharding.typed.javadsl.ClusterSharding;
import akka.cluster.sharding.typed.javadsl.EntityTypeKey;
import java.util.function.BiConsumer;
import org.sipdispatch.destination.DestinationActor;

/** The shards of the destinations' actors. Thread-safe. */
public final class Shards implements EntityKeepAliveActor.Destinations {
    public static final EntityTypeKey<DestinationActor.Command> DESTINATION =
            EntityTypeKey.create(DestinationActor.Command.class, "destination");

    private final ClusterSharding sharding;
    private final HashCodeMessageExtractor<DestinationActor.Command> shards;
    private final BiConsumer<String, DestinationActor.Command> tell;

    public Shards(ActorSystem<?> system, BiConsumer<String, DestinationActor.Command> tell) {
        sharding = ClusterSharding.get(system);
        // The same extractor as sharding's default.
        shards = new HashCodeMessageExtractor<>(
                ClusterShardingSettings.create(system).numberOfShards());
        this.tell = tell;
    }

    @Override
    public void tell(String id, DestinationActor.Command command) {
        tell.accept(id, command);
    }

    @Override
    public String shard(String id) {
        return shards.shardId(id);
    }

    @Override
    public void requestLocalShards(ActorRef<ShardRegion.CurrentShardRegionState> replyTo) {
        sharding.shardState().tell(new GetShardRegionState(DESTINATION, replyTo));
    }
}
