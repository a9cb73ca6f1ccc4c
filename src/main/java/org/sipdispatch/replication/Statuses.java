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
 * A CRDT with the statuses of a part of all destinations. The newer version of a status wins, so the order in which
 * nodes receive statuses does not matter. Immutable.
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

    /** {@code packed}: the encoded form that was received. */
    public static Statuses of(Map<String, Status> byId, byte[] packed) {
        Statuses statuses = of(byId);
        statuses.packed = packed;
        return statuses;
    }

    Map<String, Status> byId() {
        return byId;
    }

    /**
     * The encoded form, cached because the replicator asks for it after each change and for each node; must not be
     * modified.
     */
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

    /** Adds the status unless a newer one is known. */
    Statuses with(String id, Status status) {
        return withAll(Map.of(id, status));
    }

    /** Adds those of the statuses that are newer than the known ones. */
    Statuses withAll(Map<String, Status> updates) {
        Map<String, Status> fresh = new HashMap<>(updates);
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
