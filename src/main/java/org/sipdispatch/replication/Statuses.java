package org.sipdispatch.replication;

import akka.cluster.ddata.AbstractDeltaReplicatedData;
import akka.cluster.ddata.DeltaReplicatedData;
import akka.cluster.ddata.ReplicatedDelta;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.sipdispatch.destination.Status;

/**
 * What the cluster knows of a part of all destinations. Of two statuses of one destination the newer version stays,
 * so that the order in which nodes hear of them does not matter. Immutable.
 */
public final class Statuses extends AbstractDeltaReplicatedData<Statuses, Statuses> implements ReplicatedDelta {
    static final Statuses EMPTY = new Statuses(Map.of(), null);

    private final Map<String, Status> byId;
    private final Statuses delta;
    private volatile byte[] packed;

    private Statuses(Map<String, Status> byId, Statuses delta) {
        this.byId = byId;
        this.delta = delta;
    }

    public static Statuses of(Map<String, Status> byId) {
        return new Statuses(Map.copyOf(byId), null);
    }

    /** {@code packed}: as they travelled. */
    public static Statuses of(Map<String, Status> byId, byte[] packed) {
        Statuses statuses = of(byId);
        statuses.packed = packed;
        return statuses;
    }

    Map<String, Status> byId() {
        return byId;
    }

    /** As they travel, not to be changed. The replicator asks for that after each change, and for each node. */
    public byte[] packed(Function<Map<String, Status>, byte[]> pack) {
        byte[] known = packed;
        if (known == null) {
            known = pack.apply(byId);
            packed = known;
        }
        return known;
    }

    Status get(String id) {
        return byId.get(id);
    }

    /** With that status, unless a newer one is known. */
    Statuses with(String id, Status status) {
        return withAll(Map.of(id, status));
    }

    /** With those of these statuses of which no newer ones are known. */
    Statuses withAll(Map<String, Status> news) {
        Map<String, Status> fresh = new HashMap<>(news);
        fresh.entrySet().removeIf(one -> {
            Status known = byId.get(one.getKey());
            return known != null && !one.getValue().version().isAfter(known.version());
        });
        if (fresh.isEmpty()) {
            return this;
        }
        Map<String, Status> more = new HashMap<>(byId);
        more.putAll(fresh);
        Map<String, Status> changed = delta == null ? new HashMap<>() : new HashMap<>(delta.byId);
        changed.putAll(fresh);
        return new Statuses(more, new Statuses(changed, null));
    }

    private Statuses merged(Statuses that) {
        if (that.byId.isEmpty()) {
            return this;
        }
        Map<String, Status> all = new HashMap<>(byId);
        that.byId.forEach((id, status) -> all.merge(id, status, Statuses::newer));
        return new Statuses(all, delta);
    }

    static Status newer(Status one, Status other) {
        return other.version().isAfter(one.version()) ? other : one;
    }

    @Override
    public Statuses mergeData(Statuses that) {
        return merged(that);
    }

    @Override
    public Statuses mergeDeltaData(Statuses that) {
        return merged(that);
    }

    @Override
    public Optional<Statuses> deltaData() {
        return Optional.ofNullable(delta);
    }

    @Override
    public Statuses resetDelta() {
        if (delta == null) {
            return this;
        }
        Statuses same = new Statuses(byId, null);
        same.packed = packed;
        return same;
    }

    @Override
    public DeltaReplicatedData zero() {
        return EMPTY;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Statuses statuses && byId.equals(statuses.byId);
    }

    @Override
    public int hashCode() {
        return byId.hashCode();
    }

    @Override
    public String toString() {
        return "Statuses" + byId;
    }
}
