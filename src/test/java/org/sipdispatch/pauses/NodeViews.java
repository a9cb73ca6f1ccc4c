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
    /** In a new session a node waits this long for the states of all destinations. */
    private static final long WAIT_NS = 5_000_000_000L;

    /** A node joined a cluster, at a time as of {@link System#nanoTime}. */
    public record SessionStart(int node, long atNs) {}

    private NodeViews() {}

    /**
     * The views that show a lower version than the same node has shown before. The nodes of a run are never restarted. A
     * node that joins again drops changes of its former membership that no answer has confirmed.
     *
     * @param looks the views of each node in the order of their times
     * @param superseded by destination, the versions that are marked as superseded; they may be gone with their actor
     * @param sessions the times at which the nodes have joined a cluster
     */
    public static List<String> goingBack(
            Collection<ViewSeen> looks,
            Map<String, ? extends Collection<StateVersion>> superseded,
            Collection<RecordedOrder> orders,
            Collection<SessionStart> sessions) {
        List<String> violations = new ArrayList<>();
        Map<String, ViewSeen> highest = new HashMap<>();
        Set<String> back = new HashSet<>();
        for (ViewSeen look : looks) {
            String view = look.node() + " " + look.destination();
            ViewSeen before = highest.getOrDefault(view, look);
            if (look.version().compareTo(before.version()) >= 0
                    || isGone(before, superseded)
                    || isStartWithSameState(before, look)
                    || isNewSession(look, sessions) && isUnconfirmed(before, look, orders)) {
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

    private static boolean isNewSession(ViewSeen look, Collection<SessionStart> sessions) {
        return sessions.stream()
                .anyMatch(start -> start.node() == look.node()
                        && start.atNs() <= look.answeredNs()
                        && look.answeredNs() - start.atNs() < WAIT_NS);
    }

    /** Whether no order that was answered as done has a version above that of {@code now}, up to that of {@code before}. */
    private static boolean isUnconfirmed(ViewSeen before, ViewSeen now, Collection<RecordedOrder> orders) {
        return orders.stream()
                .filter(order -> order.outcome() == RecordedOrder.Outcome.OK && order.seen() != null)
                .filter(order -> order.destination().equals(now.destination()))
                .noneMatch(order -> order.seen().compareTo(now.version()) > 0
                        && order.seen().compareTo(before.version()) <= 0);
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
