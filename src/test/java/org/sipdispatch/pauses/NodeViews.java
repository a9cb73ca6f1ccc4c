package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the views of the nodes: no view goes back, and a node that is back in the cluster shows what was ordered. */
public final class NodeViews {
    private NodeViews() {}

    /**
     * The views that show a lower version than the same node has shown before. The nodes of a run are never restarted.
     *
     * @param looks the views of each node in the order of their times
     * @param superseded by destination, the versions that are marked as superseded; they may be gone with their actor
     */
    public static List<String> goingBack(
            Collection<ViewSeen> looks, Map<String, ? extends Collection<StateVersion>> superseded) {
        List<String> violations = new ArrayList<>();
        Map<String, ViewSeen> highest = new HashMap<>();
        Set<String> back = new HashSet<>();
        for (ViewSeen look : looks) {
            String view = look.node() + " " + look.destination();
            ViewSeen before = highest.getOrDefault(view, look);
            if (look.version().compareTo(before.version()) >= 0
                    || isGone(before, superseded)
                    || isStartWithSameState(before, look)) {
                highest.put(view, look);
                back.remove(view);
            } else if (back.add(view)) {
                violations.add("node %d shows %s of %s, and has shown %s %d ms before"
                        .formatted(
                                look.node() + 1,
                                look.version(),
                                look.destination(),
                                before.version(),
                                (look.askedNs() - before.askedNs()) / 1_000_000));
            }
        }
        return violations;
    }

    /**
     * Whether {@code before} is the start of an actor, which takes over the state that {@code now} shows. The journal has
     * changes of states only: a cluster that is formed again may know the state by the version of its last change.
     */
    private static boolean isStartWithSameState(ViewSeen before, ViewSeen now) {
        return before.version().change() == 0 && before.state().equals(now.state());
    }

    private static boolean isGone(ViewSeen look, Map<String, ? extends Collection<StateVersion>> superseded) {
        Collection<StateVersion> marked = superseded.get(look.destination());
        return marked != null
                && marked.stream()
                        .anyMatch(version ->
                                version.term() == look.version().term() && version.compareTo(look.version()) <= 0);
    }

    /**
     * The views that lack an executed order although it was answered more than {@link HeldInvites#LEARNED_NS} before the
     * view was requested. A paused node answers nothing, and a resumed one uses its view for no calls until it is back,
     * so its view may be old until then.
     */
    public static List<String> behind(
            Collection<ViewSeen> looks, Collection<RecordedOrder> orders, RunningNodes running) {
        List<RecordedOrder> done = orders.stream()
                .filter(order -> order.outcome() == RecordedOrder.Outcome.OK && order.seen() != null)
                .toList();
        List<String> violations = new ArrayList<>();
        Set<String> reported = new HashSet<>();
        for (ViewSeen look : looks) {
            done.stream()
                    .filter(order -> order.destination().equals(look.destination()))
                    .filter(order -> order.answeredNs() + HeldInvites.LEARNED_NS < look.askedNs())
                    .filter(order -> order.seen().compareTo(look.version()) > 0)
                    .filter(order -> !reported.contains(look.node() + order.id()))
                    .filter(order -> isBack(look, running))
                    .forEach(order -> {
                        reported.add(look.node() + order.id());
                        violations.add("node %d shows %s of %s %d ms after the answer to %s with %s"
                                .formatted(
                                        look.node() + 1,
                                        look.version(),
                                        look.destination(),
                                        (look.askedNs() - order.answeredNs()) / 1_000_000,
                                        order.id(),
                                        order.seen()));
                    });
        }
        return violations;
    }

    /** Whether the node ran while it was asked, and must have been back since its last pause. */
    private static boolean isBack(ViewSeen look, RunningNodes running) {
        long sinceNs = running.runsSinceNs(look.node(), look.answeredNs());
        Pause last = running.lastPause(look.node(), look.askedNs());
        return sinceNs <= look.askedNs()
                && (last == null || new RecoveryDeadlines(running).after(last) < look.askedNs());
    }
}
