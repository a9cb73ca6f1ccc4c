package org.sipdispatch.sets;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** The view of one set as traffic uses it, see {@link TrafficViews}. */
final class TrafficView {
    /** A backoff that would end only this much later is no news: many calls are refused at the same time. */
    private static final long LEAST_NEWS_MS = 1_000;

    private final SlowStartSettings slowStart;
    /** As the cluster has it. */
    private SetView known;
    /** As traffic uses it. */
    private SetView shown;
    /** When each backoff ends, by the destination's id. */
    private final Map<String, Long> backoffs = new HashMap<>();
    /** When each slow start began, likewise. */
    private final Map<String, Long> starts = new HashMap<>();

    TrafficView(SlowStartSettings slowStart, SetView view) {
        this.slowStart = slowStart;
        known = view;
        shown = view;
    }

    SetView shown() {
        return shown;
    }

    private boolean isPlain() {
        return backoffs.isEmpty() && starts.isEmpty();
    }

    /** Takes over the cluster's view. */
    void update(SetView view, long nowMs) {
        SetView before = known;
        known = view;
        if (!isPlain() && !view.hasMembersOf(before)) {
            Set<String> ids = new HashSet<>();
            for (int i = 0; i < view.size(); i++) {
                ids.add(view.memberId(i));
            }
            backoffs.keySet().retainAll(ids);
            starts.keySet().retainAll(ids);
        }
        if (slowStart.isOn()) {
            noteReturns(before, nowMs);
        }
        show(nowMs);
    }

    /** A member that was not usable before starts slowly. A new member was usable. */
    private void noteReturns(SetView before, long nowMs) {
        boolean hasSameMembers = known.hasMembersOf(before);
        Set<String> out = hasSameMembers ? Set.of() : unusable(before);
        for (int i = 0; i < known.size(); i++) {
            if (!known.isActive(i)) {
                starts.remove(known.memberId(i));
            } else if (hasSameMembers ? !before.isActive(i) : out.contains(known.memberId(i))) {
                starts.put(known.memberId(i), nowMs);
            }
        }
    }

    private static Set<String> unusable(SetView view) {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < view.size(); i++) {
            if (!view.isActive(i)) {
                ids.add(view.memberId(i));
            }
        }
        return ids;
    }

    /** Begins or extends a backoff; returns whether this is news. */
    boolean backOff(Destination destination, long untilMs, long nowMs) {
        int place = known.place(destination);
        if (place < 0) {
            return false;
        }
        String id = known.memberId(place);
        Long before = backoffs.get(id);
        boolean isNews = before == null || untilMs - before >= LEAST_NEWS_MS;
        if (isNews) {
            backoffs.put(id, untilMs);
            starts.remove(id);
            show(nowMs);
        }
        return isNews;
    }

    /** The member with this id; null if there is none. */
    Destination find(String id) {
        for (int i = 0; i < known.size(); i++) {
            if (known.memberId(i).equals(id)) {
                return known.member(i);
            }
        }
        return null;
    }

    /** Returns whether the view for traffic has changed by the time. */
    boolean tick(long nowMs) {
        boolean ended = false;
        for (Iterator<Map.Entry<String, Long>> all = backoffs.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Long> one = all.next();
            if (one.getValue() <= nowMs) {
                ended = true;
                all.remove();
                if (slowStart.isOn()) {
                    starts.put(one.getKey(), nowMs);
                }
            }
        }
        if (!ended && starts.isEmpty()) {
            return false;
        }
        starts.values().removeIf(start -> slowStart.percent(nowMs - start) == SlowShares.ALL);
        return show(nowMs);
    }

    /** Updates the view for traffic; returns whether it has changed. */
    private boolean show(long nowMs) {
        SetView now = isPlain() ? known : overlaid(nowMs);
        boolean isChanged = now != shown && (isPlain() || !isSame(shown, now));
        if (isChanged) {
            shown = now;
        }
        return isChanged;
    }

    private SetView overlaid(long nowMs) {
        MemberState[] states = new MemberState[known.size()];
        int[] percents = new int[known.size()];
        for (int i = 0; i < states.length; i++) {
            String id = known.memberId(i);
            boolean backsOff = known.isActive(i) && backoffs.containsKey(id);
            states[i] = backsOff ? MemberState.IN_BACKOFF : known.state(i);
            Long start = starts.get(id);
            percents[i] = start == null ? SlowShares.ALL : slowStart.percent(nowMs - start);
        }
        return known.with(states, SlowShares.of(percents));
    }

    private static boolean isSame(SetView before, SetView now) {
        boolean same = before.hasMembersOf(now)
                && !before.hasTargetsOtherThan(now)
                && before.shares().isSame(now.shares());
        for (int i = 0; same && i < now.size(); i++) {
            same = before.state(i) == now.state(i) && before.weight(i) == now.weight(i);
        }
        return same;
    }

    /** See {@link TrafficViews#backoffMs}. */
    long backoffMs(long nowMs) {
        if (shown.isUsable()) {
            return TrafficViews.USABLE;
        }
        long soonest = TrafficViews.NO_BACKOFF;
        for (int i = 0; i < shown.size(); i++) {
            if (shown.state(i) == MemberState.IN_BACKOFF) {
                soonest = Math.min(soonest, Math.max(1, backoffs.get(shown.memberId(i)) - nowMs));
            }
        }
        return soonest;
    }

    /** Adds the members that get only a part of their requests, by id. */
    void addShares(Map<String, TrafficShare> shares, long nowMs) {
        starts.forEach((id, start) -> {
            int percent = slowStart.percent(nowMs - start);
            if (percent < SlowShares.ALL) {
                shares.put(id, new TrafficShare(0, percent));
            }
        });
        backoffs.forEach((id, untilMs) -> {
            if (untilMs > nowMs) {
                shares.put(id, new TrafficShare(untilMs - nowMs, SlowShares.ALL));
            }
        });
    }
}
