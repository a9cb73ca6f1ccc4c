package org.sipdispatch.sets;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The views of all sets as traffic uses them: those of the cluster, in which destinations in backoff are not usable and
 * those in their slow start get a part of their requests. The view of a set without such destinations is the cluster's
 * own. All times are milliseconds of one monotonic clock. Not thread-safe.
 */
public final class TrafficViews {
    /** The result of {@link #backoffMs} if a member of the set is usable. */
    public static final long USABLE = -1;
    /** The result if none is usable, and none is in backoff. */
    public static final long NO_BACKOFF = Long.MAX_VALUE;

    private final long longestBackoffMs;
    private final SlowStartSettings slowStart;
    private final Map<SetId, TrafficView> sets = new HashMap<>();

    /** {@code longestBackoff}: the longest time for which a Retry-After applies; zero if it is ignored. */
    public TrafficViews(Duration longestBackoff, SlowStartSettings slowStart) {
        longestBackoffMs = longestBackoff.toMillis();
        this.slowStart = slowStart;
    }

    /** Takes over the cluster's views of all sets; returns those for traffic. */
    public List<SetView> replace(Collection<SetView> views, long nowMs) {
        Set<SetId> defined = new HashSet<>();
        List<SetView> shown = new ArrayList<>(views.size());
        for (SetView view : views) {
            defined.add(view.id());
            shown.add(update(view, nowMs));
        }
        sets.keySet().retainAll(defined);
        return shown;
    }

    /** Takes over the cluster's view of one set; returns the one for traffic. */
    public SetView update(SetView view, long nowMs) {
        TrafficView set = sets.get(view.id());
        if (set == null) {
            set = new TrafficView(slowStart, view);
            sets.put(view.id(), set);
        } else {
            set.update(view, nowMs);
        }
        return set.shown();
    }

    /**
     * A destination has asked for no requests for that time.
     *
     * @return the set's new view for traffic; null if its backoff does not begin, or ends hardly later than before
     */
    public SetView backOff(Destination destination, long forMs, long nowMs) {
        TrafficView set = sets.get(destination.setId());
        long untilMs = nowMs + Math.min(forMs, longestBackoffMs);
        return untilMs > nowMs && set != null && set.backOff(destination, untilMs, nowMs) ? set.shown() : null;
    }

    /** The destination with this id; null if it is not defined. */
    public Destination find(String id) {
        return sets.values().stream()
                .map(set -> set.find(id))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Call this several times a second. Returns the views for traffic that have changed by the time. */
    public List<SetView> tick(long nowMs) {
        List<SetView> changed = new ArrayList<>();
        for (TrafficView set : sets.values()) {
            if (set.tick(nowMs)) {
                changed.add(set.shown());
            }
        }
        return changed;
    }

    /**
     * In how many milliseconds the first backoff in the set ends, if no member is usable.
     *
     * @return {@link #USABLE} or {@link #NO_BACKOFF} otherwise
     */
    public long backoffMs(SetId set, long nowMs) {
        TrafficView known = sets.get(set);
        return known == null ? NO_BACKOFF : known.backoffMs(nowMs);
    }

    /** The destinations that get only a part of their requests, by id. */
    public Map<String, TrafficShare> shares(long nowMs) {
        Map<String, TrafficShare> shares = new TreeMap<>();
        sets.values().forEach(set -> set.addShares(shares, nowMs));
        return shares;
    }
}
