package org.sipdispatch.observation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

/**
 * Distinguishes failed destinations from an outage of this node's own network. The first silent failure in a set opens
 * a window of one second, during which failures that count as failed pings are held back. If at its end all usable
 * destinations of the set (two or more) were silent at their last observation, the destinations are not blamed. With d1
 * and d2: "d1 silent, d2 silent" blames this node; "d1 silent, d2 answers" and "d1 silent" alone blame d1. The
 * suspicion ends with the first success, or after half a minute without a failure. Not thread-safe.
 */
final class LocalOutageDetector {
    private static final long WINDOW_MS = 1_000;
    private static final long SUSPICION_MS = 30_000;
    private static final int FEWEST = 2;

    /** The state of one set. */
    private static final class SetFailures {
        private SetView view;
        private final Set<String> silent = new HashSet<>();
        private final List<Observation> held = new ArrayList<>();
        private long openedAtMs;
        private boolean open;
        private boolean suspected;
        private long failedAtMs;

        private boolean allAreSilent() {
            int usable = 0;
            for (int i = 0; i < view.size(); i++) {
                if (view.isActive(i)) {
                    usable++;
                    if (!silent.contains(view.memberId(i))) {
                        return false;
                    }
                }
            }
            return usable >= FEWEST;
        }
    }

    private final Map<SetId, SetFailures> sets = new HashMap<>();
    private long withheld;

    /** Sets the views of all sets. */
    public void replace(Collection<SetView> views) {
        views.forEach(this::update);
        sets.keySet().retainAll(views.stream().map(SetView::id).collect(Collectors.toSet()));
    }

    /** Sets the view of one set. */
    public void update(SetView view) {
        sets.computeIfAbsent(view.id(), unused -> new SetFailures()).view = view;
    }

    /** Whether the set has destinations over TLS. */
    boolean isOverTls(SetId set) {
        SetView view = sets.get(set).view;
        for (int i = 0; i < view.size(); i++) {
            if (view.member(i).isOverTls()) {
                return true;
            }
        }
        return false;
    }

    /** The sets whose failures are attributed to this node's own network. */
    public Set<SetId> suspects() {
        Set<SetId> suspects = new TreeSet<>(java.util.Comparator.comparing(SetId::toString));
        sets.forEach((id, known) -> {
            if (known.suspected) {
                suspects.add(id);
            }
        });
        return suspects;
    }

    /** The number of failures that were not passed on as failed pings. */
    public long withheld() {
        return withheld;
    }

    /**
     * Evaluates the observations since the last call, which may be none, and returns those to report now. Failures that
     * count as failed pings may be delayed or dropped.
     */
    public List<Observation> evaluate(List<Observation> seen, long nowMs) {
        List<Observation> reported = new ArrayList<>(seen.size());
        for (Observation one : seen) {
            Destination destination = one.destination();
            SetFailures known = sets.get(destination.setId());
            if (known == null) {
                reported.add(one);
            } else if (endsSilent(one)) {
                recordSilence(known, one, nowMs, reported);
            } else {
                recordSuccess(known, one, reported);
            }
        }
        sets.values().forEach(known -> advance(known, nowMs, reported));
        return reported;
    }

    private static boolean endsSilent(Observation seen) {
        return seen.failed() > 0 && seen.silent() && (seen.strikes() > 0 || seen.succeeded() == 0);
    }

    private void recordSilence(SetFailures known, Observation seen, long nowMs, List<Observation> reported) {
        known.failedAtMs = nowMs;
        if (known.suspected) {
            reported.add(withoutStrikes(seen));
            return;
        }
        if (!known.open) {
            known.open = true;
            known.openedAtMs = nowMs;
            known.silent.clear();
        }
        known.silent.add(seen.destination().id());
        if (seen.strikes() > 0) {
            known.held.add(seen);
        } else {
            reported.add(seen);
        }
    }

    private static void recordSuccess(SetFailures known, Observation seen, List<Observation> reported) {
        known.suspected = false;
        String id = seen.destination().id();
        known.silent.remove(id);
        for (Iterator<Observation> all = known.held.iterator(); all.hasNext(); ) {
            Observation one = all.next();
            if (one.destination().id().equals(id)) {
                all.remove();
                reported.add(one);
            }
        }
        reported.add(seen);
    }

    private void advance(SetFailures known, long nowMs, List<Observation> reported) {
        if (known.open && nowMs - known.openedAtMs >= WINDOW_MS) {
            known.open = false;
            known.suspected = known.allAreSilent();
            for (Observation one : known.held) {
                reported.add(known.suspected ? withoutStrikes(one) : one);
            }
            known.held.clear();
        }
        if (nowMs - known.failedAtMs >= SUSPICION_MS) {
            known.suspected = false;
        }
    }

    private Observation withoutStrikes(Observation seen) {
        withheld += seen.holds() ? 1 : seen.strikes();
        return seen.withoutStrikes();
    }
}
