package org.sipdispatch.cluster;

import akka.actor.ExtendedActorSystem;
import akka.cluster.Cluster;
import akka.cluster.ClusterEvent.CurrentClusterState;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.coordination.lease.LeaseSettings;
import akka.coordination.lease.javadsl.Lease;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Decides which part of a cut cluster goes on, for Akka's split brain resolver: the larger one; of two halves the one
 * that the database hears first; and where the database was silent before the cut already, the one with the lowest address. So either of two
 * nodes may die, and a cut link leaves exactly one.
 */
public final class TieLease extends Lease {
    private static final Logger LOG = LoggerFactory.getLogger(TieLease.class);

    /** What may not be counted: those that are not yet, or no longer, part of the cluster. */
    private static final Set<MemberStatus> COUNTED = Set.of(MemberStatus.up(), MemberStatus.leaving());

    private final LeaseSettings settings;
    private final ExtendedActorSystem system;

    /** Made by Akka. */
    public TieLease(LeaseSettings settings, ExtendedActorSystem system) {
        this.settings = settings;
        this.system = system;
    }

    @Override
    public LeaseSettings getSettings() {
        return settings;
    }

    @Override
    public CompletionStage<Boolean> acquire() {
        return CompletableFuture.supplyAsync(
                this::decide, system.dispatchers().lookup("akka.actor.default-blocking-io-dispatcher"));
    }

    @Override
    public CompletionStage<Boolean> acquire(Consumer<java.util.Optional<Throwable>> leaseLostCallback) {
        return acquire();
    }

    @Override
    public CompletionStage<Boolean> release() {
        return CompletableFuture.completedFuture(true);
    }

    /** Never: what was settled for one cut says nothing of the next. */
    @Override
    public boolean checkLease() {
        return false;
    }

    private boolean decide() {
        Cluster cluster = Cluster.get(system);
        CurrentClusterState state = cluster.state();
        List<String> members = StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(member -> COUNTED.contains(member.status()))
                .map(member -> name(member.uniqueAddress()))
                .toList();
        Set<String> unreachable = new HashSet<>();
        state.getUnreachable().forEach(member -> unreachable.add(name(member.uniqueAddress())));
        Tie tie = Tie.of(members, unreachable, observers(cluster));
        WatchedWitness witness = witness();
        boolean goesOn = tie.goesOn(witness::settle, witness.heardLately());
        LOG.warn(
                "{} of {} nodes are reachable: this side {}",
                tie.here().size(),
                tie.all().size(),
                goesOn ? "goes on" : "leaves the cluster; its calls go on with what it knows");
        return goesOn;
    }

    /** Those that say of another that they do not hear it. */
    private static Set<String> observers(Cluster cluster) {
        Set<String> observers = new HashSet<>();
        CollectionConverters.asJava(cluster.readView().reachability().allObservers())
                .forEach(observer -> observers.add(name(observer)));
        return observers;
    }

    private WatchedWitness witness() {
        return system.settings().setup().get(ClusterDoors.class).orElseThrow().witness();
    }

    /** What the database knows a node's life by. */
    static String name(UniqueAddress node) {
        return node.address().hostPort() + "#" + node.longUid();
    }
}
