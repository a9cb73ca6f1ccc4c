package org.sipdispatch.transport;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.sipdispatch.observation.BackoffReport;
import org.sipdispatch.proxy.Backoffs;
import org.sipdispatch.routing.RoutingSettings;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.sets.TrafficShare;
import org.sipdispatch.sets.TrafficViews;
import org.sipdispatch.settings.Section;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives all lanes the views of the sets, with the backoff and slow starts of destinations, and tells the other nodes
 * when a backoff begins. Thread-safe.
 */
final class LaneViews implements Backoffs {
    private static final Logger LOG = LoggerFactory.getLogger(LaneViews.class);
    private static final long SECOND_MS = 1_000;

    /** What a lane gets: {@link LaneActor.ReplaceSets} or {@link LaneActor.UpdateSets}. */
    private final Consumer<Object> lanes;

    private final Consumer<byte[]> others;
    private final Duration longestBackoff;
    private final LongSupplier nowMs;
    private final TrafficViews views;
    private final IndexedViews indexed = new IndexedViews();

    /**
     * Creates an object without views.
     *
     * @param lanes passes a message to all lanes
     * @param others receives what the other nodes have to know
     * @param nowMs a monotonic clock in milliseconds
     */
    LaneViews(RoutingSettings settings, Consumer<Object> lanes, Consumer<byte[]> others, LongSupplier nowMs) {
        this.lanes = lanes;
        this.others = others;
        this.nowMs = nowMs;
        longestBackoff = settings.longestBackoff();
        views = new TrafficViews(longestBackoff, settings.slowStart());
    }

    synchronized void replace(Collection<SetView> all) {
        List<SetView> changed = views.replace(all, nowMs.getAsLong());
        lanes.accept(new LaneActor.ReplaceSets(changed, indexed.replace(changed)));
    }

    synchronized void update(Collection<SetView> some) {
        tell(some.stream().map(view -> views.update(view, nowMs.getAsLong())).toList());
    }

    private void tell(List<SetView> changed) {
        if (!changed.isEmpty()) {
            lanes.accept(new LaneActor.UpdateSets(changed, indexed.update(changed)));
        }
    }

    /** Ends backoffs, and raises the shares of destinations in their slow start. Call this several times a second. */
    synchronized void tick() {
        tell(views.tick(nowMs.getAsLong()));
    }

    @Override
    public void begin(Destination destination, long seconds) {
        if (begins(destination, seconds * SECOND_MS)) {
            Duration asked = Duration.ofSeconds(seconds);
            boolean isBounded = asked.compareTo(longestBackoff) > 0;
            LOG.info(
                    "destination {}: in backoff for {}, 503 with Retry-After: {}{}",
                    destination.id(),
                    Section.format(isBounded ? longestBackoff : asked),
                    seconds,
                    isBounded ? ", more than backoff.longest" : "");
            others.accept(new BackoffReport(destination.id(), seconds * SECOND_MS).bytes());
        }
    }

    /** Whether this is news. */
    private synchronized boolean begins(Destination destination, long forMs) {
        SetView view = views.backOff(destination, forMs, nowMs.getAsLong());
        if (view != null) {
            tell(List.of(view));
        }
        return view != null;
    }

    /**
     * Another node tells that the backoff of a destination begins. A destination that is not defined here is ignored.
     *
     * @return false if the report is malformed
     */
    boolean receive(byte[] report) {
        BackoffReport backoff = BackoffReport.read(report);
        Destination destination = backoff == null ? null : find(backoff.id());
        if (destination != null) {
            begins(destination, backoff.remainingMs());
        }
        return backoff != null;
    }

    private synchronized Destination find(String id) {
        return views.find(id);
    }

    @Override
    public synchronized long remainingMs(SetId set) {
        return views.backoffMs(set, nowMs.getAsLong());
    }

    /** The destinations that get only a part of their requests, by id. */
    synchronized Map<String, TrafficShare> shares() {
        return views.shares(nowMs.getAsLong());
    }
}
