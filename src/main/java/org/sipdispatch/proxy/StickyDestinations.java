package org.sipdispatch.proxy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.LimitReporter;
import org.sipdispatch.routing.StickySettings;
import org.sipdispatch.sip.ByteWriter;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.LongMap;
import org.sipdispatch.transaction.SourceShares;
import org.sipdispatch.transaction.TimerWheel;

/**
 * Remembers which destination belongs to each sticky key, and tells the other lanes and nodes. If the memory is full,
 * the source with most entries loses its oldest. Two nodes that learn different destinations for a key at the same time
 * agree on one. Not thread-safe.
 */
final class StickyDestinations {
    /** The result of {@link #find} if no destination belongs to a key. */
    static final long NONE = -1;

    private static final int MOST_BATCH_BYTES = 60_000;
    private static final int ENTRIES_PER_TICK = 1_000;
    /** A sixteenth of the time. */
    private static final int RENEWED_AFTER = 16;

    /** One key. The timer removes it. */
    private final class Entry extends TimerWheel.Timer {
        private final long key;
        private final long name;
        private final int version;
        private final InetAddress source;
        private SourceShares.ResourceHolder<Entry> holder;
        private long endMs;

        Entry(StickyRecord record) {
            key = record.key();
            name = record.name();
            version = record.version();
            source = record.source();
        }

        @Override
        protected void fire(long nowMs) {
            remove(this);
        }

        StickyRecord record() {
            return new StickyRecord(key, name, version, endMs - clock.nowMs(), source);
        }
    }

    private final EventClock clock;
    private final TimerWheel timers;
    private final LaneCounters counters;
    private final LimitReporter limits;
    private final int most;
    private final int lane;
    private final int lanes;
    private final Consumer<byte[]> receiver;
    private final LongMap<Entry> entries = new LongMap<>(64);
    private final SourceShares<Entry> shares = new SourceShares<>();
    private final ByteWriter batch = new ByteWriter(1024);
    private boolean hasPeers;
    private boolean written;
    /** The entries that have not been sent to new nodes yet. */
    private List<Entry> untold = List.of();

    private int nextUntold;

    StickyDestinations(
            LaneSetup setup,
            EventClock clock,
            TimerWheel timers,
            LaneCounters counters,
            LimitReporter limits,
            Consumer<byte[]> receiver) {
        this.clock = clock;
        this.timers = timers;
        this.counters = counters;
        this.limits = limits;
        this.receiver = receiver;
        most = setup.settings().stickyMemory();
        lane = setup.lane();
        lanes = setup.lanes();
    }

    /** The short name of the destination that belongs to the key, or {@link #NONE}. */
    long find(long key) {
        Entry entry = entries.get(key);
        return entry == null ? NONE : entry.name;
    }

    /**
     * A destination accepted a request with this key. It keeps the key or gets it, unless another destination has got
     * the key since the request arrived.
     *
     * @param before the result of {@link #find} when the request arrived
     */
    void accepted(long key, long before, long name, StickySettings policy, InetAddress source) {
        Entry known = entries.get(key);
        if (known != null && known.name != name && known.name != before) {
            return;
        }
        if (known != null
                && known.name == name
                && isFresh(known, policy.lifetime().toMillis())) {
            return;
        }
        int version = known == null ? 1 : known.name == name ? known.version : known.version + 1;
        StickyRecord record =
                new StickyRecord(key, name, version, policy.lifetime().toMillis(), source);
        store(record);
        if (hasPeers || lanes > 1) {
            write(record);
        }
    }

    /** An entry is renewed only after a part of its time, so that busy keys cost no message for each request. */
    private boolean isFresh(Entry entry, long lifetimeMs) {
        return entry.endMs - clock.nowMs() > lifetimeMs - lifetimeMs / RENEWED_AFTER;
    }

    private void store(StickyRecord record) {
        Entry known = entries.get(record.key());
        if (known != null) {
            remove(known);
        }
        if (shares.size() >= most) {
            limits.hit(
                    Limit.STICKY_MEMORY,
                    () -> most + " keys in lane " + lane
                            + " (expected: capacity for all within their time); the oldest of the source with most keys"
                            + " are forgotten early");
            remove(shares.largest().oldest().value());
        }
        Entry entry = new Entry(record);
        entry.holder = shares.add(record.source(), entry, 1);
        entry.endMs = clock.nowMs() + record.remainingMs();
        entries.put(record.key(), entry);
        timers.set(entry, entry.endMs);
    }

    private void remove(Entry entry) {
        timers.cancel(entry);
        shares.remove(entry.holder);
        entries.remove(entry.key);
    }

    /** {@code whether}: whether there are other nodes. They may be new, so all keys are sent to them. */
    void setPeers(boolean whether) {
        hasPeers = whether;
        nextUntold = 0;
        // All lanes of a node have the same entries.
        untold = whether && lane == 0 ? all() : List.of();
    }

    private List<Entry> all() {
        List<Entry> all = new ArrayList<>(entries.size());
        entries.forEach(all::add);
        return all;
    }

    private void write(StickyRecord record) {
        if (!written) {
            written = true;
            StickyRecord.begin(batch);
        }
        record.writeTo(batch);
        if (batch.length() >= MOST_BATCH_BYTES) {
            flush();
        }
    }

    /** Sends the entries that were written since the last tick, and some of those that new nodes still need. */
    void tick() {
        int end = Math.min(untold.size(), nextUntold + ENTRIES_PER_TICK);
        for (; nextUntold < end; nextUntold++) {
            Entry entry = untold.get(nextUntold);
            // One that ends now is still held until its timer fires.
            if (entry.holder.isHeld() && entry.endMs > clock.nowMs()) {
                write(entry.record());
            }
        }
        if (end == untold.size()) {
            untold = List.of();
            nextUntold = 0;
        }
        flush();
    }

    /** Whether {@link #tick} has nothing to tell. */
    boolean isFlushed() {
        return untold.isEmpty() && !written;
    }

    private void flush() {
        if (written) {
            written = false;
            receiver.accept(batch.copy());
        }
    }

    /** Receives a batch of another lane or node. */
    void receive(byte[] bytes) {
        List<StickyRecord> records = StickyRecord.read(bytes);
        if (records == null) {
            counters.add(LaneCounter.MALFORMED_CARRIED);
        } else {
            records.stream().filter(this::isNewer).forEach(this::store);
        }
    }

    /** The newer version applies; of two destinations with the same version, the one with the smaller name. */
    private boolean isNewer(StickyRecord record) {
        Entry known = entries.get(record.key());
        if (known == null || known.version != record.version()) {
            return record.remainingMs() > 0 && (known == null || known.version < record.version());
        }
        return record.name() < known.name
                || record.name() == known.name && clock.nowMs() + record.remainingMs() > known.endMs;
    }
}
