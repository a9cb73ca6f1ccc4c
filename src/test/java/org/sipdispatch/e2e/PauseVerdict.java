package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sipdispatch.pauses.CallsInPauses;
import org.sipdispatch.pauses.DeciderOverlap;
import org.sipdispatch.pauses.HeldInvites;
import org.sipdispatch.pauses.OrderHistoryChecker;
import org.sipdispatch.pauses.ReachableClaims;
import org.sipdispatch.pauses.RecordedOrder;
import org.sipdispatch.pauses.StateSeen;
import org.sipdispatch.pauses.StateVersion;

/** The evaluation of a run's records: violations, each with its kind first, and figures. */
final class PauseVerdict {
    /** The time within which a node without a pause must learn of a confirmed hold. */
    private static final long REPORTED_NS = 1_000_000_000L;
    /** The time for which a resumed node may continue with its old view. */
    private static final long WOKEN_NS = 200_000_000L;
    /** The accepted deviation of a node's pings from the interval. */
    private static final long UNEVEN_NS = 100_000_000L;

    private final PauseRun run;
    private final List<String> violations = new ArrayList<>();
    private final List<HeldInvites.Wrong> toHeld;
    private final CallsInPauses calls;
    private final List<DeciderOverlap.Overlap> overlaps;

    PauseVerdict(PauseRun run) {
        this.run = run;
        PauseScene scene = run.scene();
        toHeld = HeldInvites.of(scene.invites(), run.orders(), scene.pauses());
        calls = new CallsInPauses(scene.calls(), scene.pauses());
        overlaps = DeciderOverlap.of(scene.pings(run.beganNs()), PauseScene.INTERVAL_NS);
        ReachableClaims.violations(run.claims(), run.plan().nodes(), scene.pauses())
                .forEach(text -> violations.add("lone: " + text));
        overlaps.stream()
                .filter(one -> one.lengthNs() > PauseScene.INTERVAL_NS + UNEVEN_NS)
                .forEach(one -> violations.add("deciders: " + text(one)));
        for (int i = 0; i < scene.destinations().size(); i++) {
            checkOrders(scene.destinations().id(i));
        }
        violations.addAll(run.differences());
        toHeld.stream().filter(PauseVerdict::isTooLate).forEach(wrong -> violations.add("held: " + wrong));
        calls.wrong().forEach(call -> violations.add("calls: " + call));
        if (run.membersMs() < 0) {
            violations.add("members: not all nodes are up again");
        }
    }

    private static boolean isTooLate(HeldInvites.Wrong wrong) {
        return wrong.afterHoldNs() > REPORTED_NS && wrong.afterResumeNs() > WOKEN_NS;
    }

    private String text(DeciderOverlap.Overlap one) {
        return "nodes %d and %d both pinged %s for %d ms from %d ms on"
                .formatted(
                        one.one() + 1,
                        one.other() + 1,
                        one.destination(),
                        one.lengthNs() / 1_000_000,
                        (one.fromNs() - run.beganNs()) / 1_000_000);
    }

    private void checkOrders(String destination) {
        List<RecordedOrder> orders = run.orders().stream()
                .filter(order -> order.destination().equals(destination))
                .toList();
        OrderHistoryChecker.violations(orders, seen(destination), last(destination))
                .forEach(text -> violations.add("orders: " + destination + ": " + text));
    }

    private List<StateSeen> seen(String destination) {
        List<StateSeen> seen = new ArrayList<>();
        add(seen, run.history(), destination, "history");
        add(seen, run.events(), destination, "events");
        run.looks().stream()
                .filter(look -> look.destination().equals(destination))
                .map(ViewRecord.Look::seen)
                .distinct()
                .forEach(seen::add);
        return seen;
    }

    private void add(List<StateSeen> seen, List<JsonNode> entries, String destination, String where) {
        entries.stream()
                .filter(entry -> entry.path("destination").asText().equals(destination))
                .filter(entry -> !ReportedHistory.isSuperseded(entry))
                .forEach(entry ->
                        seen.add(ReportedHistory.seen(entry, run.scene().wallNs(), where)));
    }

    private StateSeen last(String destination) {
        return ViewRecord.look(run.scene().cluster(), 0).stream()
                .filter(look -> look.destination().equals(destination))
                .map(ViewRecord.Look::seen)
                .findFirst()
                .orElse(new StateSeen("", new StateVersion(0, 0), false, StateSeen.UNKNOWN, "no view"));
    }

    List<String> violations() {
        return violations;
    }

    List<HeldInvites.Wrong> toHeld() {
        return toHeld;
    }

    /** The summary in one line. */
    String line() {
        Map<String, Long> kinds = violations.stream()
                .collect(
                        Collectors.groupingBy(text -> text.replaceAll(":.*", ""), TreeMap::new, Collectors.counting()));
        long longest = overlaps.stream()
                .mapToLong(DeciderOverlap.Overlap::lengthNs)
                .max()
                .orElse(0);
        return ("figures: seed %d, %d nodes: %s; %d pauses, all up after %d ms; orders: %d OK, %d failed, %d not known,"
                        + " last answer after %d ms; two deciders for at most %d ms; lone ones of two that went on: %d;"
                        + " calls: %d good, %d refused, %d lost, %d otherwise; INVITEs to held destinations: %d (%s)")
                .formatted(
                        run.plan().seed(),
                        run.plan().nodes(),
                        kinds.isEmpty() ? "all well" : "VIOLATIONS " + kinds,
                        run.scene().pauses().size(),
                        run.membersMs(),
                        orders(RecordedOrder.Outcome.OK),
                        orders(RecordedOrder.Outcome.FAILED),
                        orders(RecordedOrder.Outcome.UNKNOWN),
                        run.answeredMs(),
                        longest / 1_000_000,
                        ReachableClaims.onesOfTwo(run.claims()),
                        calls.good(),
                        calls.refused(),
                        calls.lost(),
                        calls.wrong().size(),
                        toHeld.size(),
                        byNode());
    }

    private String byNode() {
        return toHeld.stream()
                .collect(Collectors.groupingBy(
                        wrong -> "node " + (wrong.invite().node() + 1), TreeMap::new, Collectors.counting()))
                .toString();
    }

    private long orders(RecordedOrder.Outcome outcome) {
        return run.orders().stream().filter(order -> order.outcome() == outcome).count();
    }
}
