package org.sipdispatch.replication;

import akka.cluster.ddata.AbstractDeltaReplicatedData;
import akka.cluster.ddata.DeltaReplicatedData;
import akka.cluster.ddata.ReplicatedDelta;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.sipdispatch.destination.Status;

/**
 * A CRDT with the statuses of a part of all destinations. The newer version of a status wins, so the order in which
 * nodes receive statuses does not matter. Immutable. A change shares all other entries, with their encoded forms, with
 * its predecessor: the replicator encodes the whole after each change.
 */
public final class Statuses extends AbstractDeltaReplicatedData<Statuses, Statuses> implements ReplicatedDelta {
    static final Statuses EMPTY = new Statuses(new Entry[0], null);

    /** Encodes one status with the id of its destination. */
    public interface EntryEncoder {
        byte[] encode(String id, Status status);
    }

    /** One status, and its encoded form once it was encoded or received. */
    public static final class Entry {
        private final String id;
        private final Status status;
        private volatile byte[] encoded;

        /** {@code encoded}: the form that was received; null if there is none yet. */
        public Entry(String id, Status status, byte[] encoded) {
            this.id = id;
            this.status = status;
            this.encoded = encoded;
        }

        private byte[] encoded(EntryEncoder encoder) {
            byte[] known = encoded;
            if (known == null) {
                known = encoder.encode(id, status);
                encoded = known;
            }
            return known;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Entry entry && id.equals(entry.id) && status.equals(entry.status);
        }

        @Override
        public int hashCode() {
            return 31 * id.hashCode() + status.hashCode();
        }

        @Override
        public String toString() {
            return id + "=" + status;
        }
    }

    /** In the order of the ids, so that equal statuses have equal bytes: the replicator compares digests. */
    private final Entry[] entries;

    private final Statuses delta;

    private Statuses(Entry[] entries, Statuses delta) {
        this.entries = entries;
        this.delta = delta;
    }

    public static Statuses of(Map<String, Status> byId) {
        return new Statuses(sorted(byId), null);
    }

    /** {@code all}: entries with different ids. */
    public static Statuses of(Collection<Entry> all) {
        TreeMap<String, Entry> byId = new TreeMap<>();
        all.forEach(entry -> byId.put(entry.id, entry));
        return new Statuses(byId.values().toArray(Entry[]::new), null);
    }

    private static Entry[] sorted(Map<String, Status> byId) {
        Entry[] sorted = new Entry[byId.size()];
        int size = 0;
        for (Map.Entry<String, Status> one : new TreeMap<>(byId).entrySet()) {
            sorted[size++] = new Entry(one.getKey(), one.getValue(), null);
        }
        return sorted;
    }

    public int size() {
        return entries.length;
    }

    Map<String, Status> byId() {
        Map<String, Status> byId = new LinkedHashMap<>();
        for (Entry entry : entries) {
            byId.put(entry.id, entry.status);
        }
        return byId;
    }

    /** The statuses that {@code earlier} did not have in this version; null for none. Compares entries by identity. */
    Map<String, Status> since(Statuses earlier) {
        Entry[] before = earlier == null ? EMPTY.entries : earlier.entries;
        Map<String, Status> updates = new HashMap<>();
        int place = 0;
        for (Entry entry : entries) {
            while (place < before.length && before[place] != entry && before[place].id.compareTo(entry.id) < 0) {
                place++;
            }
            if (place == before.length || before[place] != entry) {
                updates.put(entry.id, entry.status);
            }
        }
        return updates;
    }

    /** Passes on the encoded form of each entry, in the order of the ids; they must not be modified. */
    public void encode(EntryEncoder encoder, Consumer<byte[]> then) {
        for (Entry entry : entries) {
            then.accept(entry.encoded(encoder));
        }
    }

    Status get(String id) {
        int low = 0;
        int high = entries.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = entries[middle].id.compareTo(id);
            if (order == 0) {
                return entries[middle].status;
            }
            low = order < 0 ? middle + 1 : low;
            high = order < 0 ? high : middle - 1;
        }
        return null;
    }

    /** Adds the status unless a newer one is known. */
    Statuses with(String id, Status status) {
        return withAll(Map.of(id, status));
    }

    /** Adds those of the statuses that are newer than the known ones. */
    Statuses withAll(Map<String, Status> updates) {
        Map<String, Status> newer = new HashMap<>(updates);
        newer.entrySet().removeIf(one -> {
            Status known = get(one.getKey());
            return known != null && !one.getValue().version().isAfter(known.version());
        });
        if (newer.isEmpty()) {
            return this;
        }
        Entry[] fresh = sorted(newer);
        Entry[] changed = delta == null ? fresh : merged(delta.entries, fresh);
        return new Statuses(merged(entries, fresh), new Statuses(changed, null));
    }

    private Statuses merged(Statuses that) {
        Entry[] all = merged(entries, that.entries);
        return Arrays.equals(all, entries) ? this : new Statuses(all, delta);
    }

    /** All entries in the order of the ids, of two with the same id the newer one; the known one if neither is. */
    private static Entry[] merged(Entry[] known, Entry[] updates) {
        Entry[] all = new Entry[known.length + updates.length];
        int size = 0;
        int next = 0;
        for (Entry entry : known) {
            while (next < updates.length && updates[next] != entry && updates[next].id.compareTo(entry.id) < 0) {
                all[size++] = updates[next++];
            }
            boolean both = next < updates.length && (updates[next] == entry || updates[next].id.equals(entry.id));
            all[size++] = both ? newer(entry, updates[next++]) : entry;
        }
        while (next < updates.length) {
            all[size++] = updates[next++];
        }
        return Arrays.copyOf(all, size);
    }

    private static Entry newer(Entry one, Entry other) {
        return newer(one.status, other.status) == one.status ? one : other;
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
        return delta == null ? this : new Statuses(entries, null);
    }

    @Override
    public DeltaReplicatedData zero() {
        return EMPTY;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Statuses statuses && Arrays.equals(entries, statuses.entries);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(entries);
    }

    @Override
    public String toString() {
        return "Statuses" + Arrays.toString(entries);
    }
}
