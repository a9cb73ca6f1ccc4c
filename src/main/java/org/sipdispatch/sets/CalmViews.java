package org.sipdispatch.sets;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * The views of all sets as traffic uses them: those of the cluster, in which destinations that rest are not usable and
 * those that have come back get a part of their requests. A view of a set without such destinations is the cluster's
 * own. All times are milliseconds of one monotonic clock. Not thread-safe.
 */
public final class CalmViews {
    /** The result of {@link #restsForMs} if a member of the set is usable. */
    public static final long USABLE = -1;
    /** The result if none is usable, and none rests. */
    public static final long NONE_RESTS = Long.MAX_VALUE;

    /** A rest that would end only this much later is no news: many calls are refused at the same time. */
    private static final long LEAST_NEWS_MS = 1_000;

    /** The end of a rest, or the beginning of a slow start. */
    private record Moment(SetId set, long atMs) {}

    private final CalmSettings settings;
    /** As the cluster has them. */
    private final Map<SetId, SetView> known = new HashMap<>();
    /** As traffic uses them. */
    private final Map<SetId, SetView> shown = new HashMap<>();
    /** When each rest ends, by the destination's id. */
    private final Map<String, Moment> rests = new HashMap<>();
    /** When each slow start began, likewise. */
    private final Map<String, Moment> starts = new HashMap<>();

    public CalmViews(CalmSettings settings) {
        this.settings = settings;
    }

    /** Takes over the cluster's views of all sets; returns those for traffic. */
    public List<SetView> replace(Collection<SetView> views, long nowMs) {
        Set<SetId> defined = new HashSet<>();
        List<SetView> changed = new ArrayList<>();
        for (SetView view : views) {
            defined.add(view.id());
            changed.add(update(view, nowMs));
        }
        known.keySet().retainAll(defined);
        shown.keySet().retainAll(defined);
        rests.values().removeIf(rest -> !defined.contains(rest.set()));
        starts.values().removeIf(start -> !defined.contains(start.set()));
        return changed;
    }

    /** Takes over the cluster's view of one set; returns the one for traffic. */
    public SetView update(SetView view, long nowMs) {
        SetView before = known.put(view.id(), view);
        if (before != null && !before.hasMembersOf(view)) {
            forgetRemoved(view);
        }
        if (before != null && settings.startsSlowly()) {
            noteReturns(before, view, nowMs);
        }
        return show(view, nowMs);
    }

    private void forgetRemoved(SetView view) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < view.size(); i++) {
            ids.add(view.member(i).id());
        }
        rests.entrySet().removeIf(one -> one.getValue().set().equals(view.id()) && !ids.contains(one.getKey()));
        starts.entrySet().removeIf(one -> one.getValue().set().equals(view.id()) && !ids.contains(one.getKey()));
    }

    private void noteReturns(SetView before, SetView view, long nowMs) {
        IntPredicate wasOut = wasOut(before, view);
        for (int i = 0; i < view.size(); i++) {
            if (!view.isActive(i)) {
                starts.remove(view.member(i).id());
            } else if (wasOut.test(i)) {
                starts.put(view.member(i).id(), new Moment(view.id(), nowMs));
            }
        }
    }

    /** Whether a member of the new view, by its index, was not usable before. A new member was not out. */
    private static IntPredicate wasOut(SetView before, SetView view) {
        if (before.hasMembersOf(view)) {
            return index -> !before.isActive(index);
        }
        Set<String> out = new HashSet<>();
        for (int i = 0; i < before.size(); i++) {
            if (!before.isActive(i)) {
                out.add(before.member(i).id());
            }
        }
        return index -> out.contains(view.member(index).id());
    }

    /**
     * A destination is to rest.
     *
     * @return the set's new view for traffic; null if it does not rest, or not noticeably longer than before
     */
    public SetView rest(Destination destination, long forMs, long nowMs) {
        SetView view = known.get(destination.setId());
        long untilMs = nowMs + Math.min(forMs, settings.longestRest().toMillis());
        if (untilMs <= nowMs || view == null || view.place(destination) < 0) {
            return null;
        }
        String id = destination.id();
        Moment before = rests.get(id);
        if (before != null && untilMs - before.atMs() < LEAST_NEWS_MS) {
            return null;
        }
        rests.put(id, new Moment(view.id(), untilMs));
        starts.remove(id);
        return show(view, nowMs);
    }

    /** The destination with this id; null if it is not defined. */
    public Destination find(String id) {
        for (SetView view : known.values()) {
            for (int i = 0; i < view.size(); i++) {
                if (view.member(i).id().equals(id)) {
                    return view.member(i);
                }
            }
        }
        return null;
    }

    /** Call this several times a second. Returns the views for traffic that have changed by the time. */
    public List<SetView> tick(long nowMs) {
        if (rests.isEmpty() && starts.isEmpty()) {
            return List.of();
        }
        Set<SetId> touched = new HashSet<>();
        rests.entrySet().removeIf(rest -> {
            boolean over = rest.getValue().atMs() <= nowMs;
            if (over) {
                touched.add(rest.getValue().set());
                if (settings.startsSlowly()) {
                    starts.put(rest.getKey(), new Moment(rest.getValue().set(), nowMs));
                }
            }
            return over;
        });
        starts.values().forEach(start -> touched.add(start.set()));
        starts.values().removeIf(start -> settings.percent(nowMs - start.atMs()) == SlowShares.ALL);
        List<SetView> changed = new ArrayList<>();
        for (SetId set : touched) {
            SetView before = shown.get(set);
            SetView now = show(known.get(set), nowMs);
            if (now != before) {
                changed.add(now);
            }
        }
        return changed;
    }

    /** Remembers and returns the view for traffic; the same as before if nothing has changed. */
    private SetView show(SetView view, long nowMs) {
        boolean isTouched = rests.values().stream().anyMatch(rest -> rest.set().equals(view.id()))
                || starts.values().stream().anyMatch(start -> start.set().equals(view.id()));
        SetView calmed = isTouched ? calmed(view, nowMs) : view;
        SetView before = shown.get(view.id());
        if (isTouched && before != null && isSame(before, calmed)) {
            return before;
        }
        shown.put(view.id(), calmed);
        return calmed;
    }

    private SetView calmed(SetView view, long nowMs) {
        MemberState[] states = new MemberState[view.size()];
        int[] percents = new int[view.size()];
        for (int i = 0; i < states.length; i++) {
            String id = view.memberId(i);
            boolean isResting = view.isActive(i) && rests.containsKey(id);
            states[i] = isResting ? MemberState.RESTING : view.state(i);
            Moment start = starts.get(id);
            percents[i] = start == null ? SlowShares.ALL : settings.percent(nowMs - start.atMs());
        }
        return view.with(states, SlowShares.of(percents));
    }

    private static boolean isSame(SetView before, SetView now) {
        if (before == now) {
            return true;
        }
        boolean same = before.hasMembersOf(now) && before.shares().isSame(now.shares());
        for (int i = 0; same && i < now.size(); i++) {
            same = before.state(i) == now.state(i) && before.weight(i) == now.weight(i);
        }
        return same;
    }

    /**
     * In how many milliseconds the first of the set's destinations has rested, if none is usable.
     *
     * @return {@link #USABLE} or {@link #NONE_RESTS} otherwise
     */
    public long restsForMs(SetId set, long nowMs) {
        SetView view = shown.get(set);
        long soonest = NONE_RESTS;
        for (int i = 0; view != null && i < view.size(); i++) {
            if (view.isActive(i)) {
                return USABLE;
            }
            if (view.state(i) == MemberState.RESTING) {
                long untilMs = rests.get(view.member(i).id()).atMs();
                soonest = Math.min(soonest, Math.max(1, untilMs - nowMs));
            }
        }
        return soonest;
    }

    /** The destinations that rest or start slowly, by id. */
    public Map<String, CalmState> states(long nowMs) {
        Map<String, CalmState> states = new TreeMap<>();
        starts.forEach((id, start) -> {
            int percent = settings.percent(nowMs - start.atMs());
            if (percent < SlowShares.ALL) {
                states.put(id, new CalmState(0, percent));
            }
        });
        rests.forEach((id, rest) -> {
            if (rest.atMs() > nowMs) {
                states.put(id, new CalmState(rest.atMs() - nowMs, SlowShares.ALL));
            }
        });
        return states;
    }
}
