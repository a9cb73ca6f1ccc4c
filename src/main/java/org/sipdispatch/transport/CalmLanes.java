package org.sipdispatch.transport;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.sipdispatch.observation.RestReport;
import org.sipdispatch.proxy.Rests;
import org.sipdispatch.sets.CalmSettings;
import org.sipdispatch.sets.CalmState;
import org.sipdispatch.sets.CalmViews;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.Section;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives all lanes the views in which destinations rest or start slowly, and tells the other nodes when one is to rest.
 * Thread-safe.
 */
final class CalmLanes implements Rests {
    private static final Logger LOG = LoggerFactory.getLogger(CalmLanes.class);
    private static final long SECOND_MS = 1_000;

    /** What a lane gets: {@link LaneActor.ReplaceSets} or {@link LaneActor.UpdateSets}. */
    private final Consumer<Object> lanes;

    private final Consumer<byte[]> others;
    private final CalmSettings settings;
    private final LongSupplier nowMs;
    private final CalmViews views;
    private final IndexedViews known = new IndexedViews();

    /**
     * Creates an object without views.
     *
     * @param lanes passes a message to all lanes
     * @param others receives what the other nodes have to know
     * @param nowMs a monotonic clock in milliseconds
     */
    CalmLanes(CalmSettings settings, Consumer<Object> lanes, Consumer<byte[]> others, LongSupplier nowMs) {
        this.settings = settings;
        this.lanes = lanes;
        this.others = others;
        this.nowMs = nowMs;
        views = new CalmViews(settings);
    }

    synchronized void replace(Collection<SetView> all) {
        List<SetView> changed = views.replace(all, nowMs.getAsLong());
        lanes.accept(new LaneActor.ReplaceSets(changed, known.replace(changed)));
    }

    synchronized void update(Collection<SetView> some) {
        tell(some.stream().map(view -> views.update(view, nowMs.getAsLong())).toList());
    }

    private void tell(List<SetView> changed) {
        if (!changed.isEmpty()) {
            lanes.accept(new LaneActor.UpdateSets(changed, known.update(changed)));
        }
    }

    /** Ends rests, and raises the shares of destinations that start slowly. Call this several times a second. */
    synchronized void tick() {
        tell(views.tick(nowMs.getAsLong()));
    }

    @Override
    public void rest(Destination destination, long seconds) {
        if (rests(destination, seconds * SECOND_MS)) {
            Duration asked = Duration.ofSeconds(seconds);
            boolean isBounded = asked.compareTo(settings.longestRest()) > 0;
            LOG.info(
                    "destination {} rests for {}: 503 with Retry-After: {}{}",
                    destination.id(),
                    Section.format(isBounded ? settings.longestRest() : asked),
                    seconds,
                    isBounded ? ", more than calm.longest-rest" : "");
            others.accept(new RestReport(destination.id(), seconds * SECOND_MS).bytes());
        }
    }

    /** Whether this is news. */
    private synchronized boolean rests(Destination destination, long forMs) {
        SetView view = views.rest(destination, forMs, nowMs.getAsLong());
        if (view != null) {
            tell(List.of(view));
        }
        return view != null;
    }

    /**
     * Another node tells that a destination is to rest. A destination that is not defined here is ignored.
     *
     * @return false if the report is malformed
     */
    boolean receive(byte[] report) {
        RestReport rest = RestReport.read(report);
        Destination destination = rest == null ? null : find(rest.id());
        if (destination != null) {
            rests(destination, rest.remainingMs());
        }
        return rest != null;
    }

    private synchronized Destination find(String id) {
        return views.find(id);
    }

    @Override
    public synchronized long remainingMs(SetId set) {
        return views.restsForMs(set, nowMs.getAsLong());
    }

    /** The destinations that rest or start slowly, by id. */
    synchronized Map<String, CalmState> states() {
        return views.states(nowMs.getAsLong());
    }
}
