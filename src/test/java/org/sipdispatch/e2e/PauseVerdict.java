package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipdispatch.pauses.CallsInPauses;
import org.sipdispatch.pauses.DeciderOverlap;
import org.sipdispatch.pauses.HeldInvites;
import org.sipdispatch.pauses.MajorityOrders;
import org.sipdispatch.pauses.NodeViews;
import org.sipdispatch.pauses.OrderHistoryChecker;
import org.sipdispatch.pauses.Pause;
import org.sipdispatch.pauses.ReachableClaims;
import org.sipdispatch.pauses.RecordedOrder;
import org.sipdispatch.pauses.RunningNodes;
import org.sipdispatch.pauses.SecondOfTwo;
import org.sipdispatch.pauses.StateSeen;
import org.sipdispatch.pauses.StateVersion;
import org.sipdispatch.pauses.ViewSeen;

/** The evaluation of a run's records: violations, each with its kind first, and figures. */
final class PauseVerdict {
    private final PauseRun run;
    private final List<String> violations = new ArrayList<>();
    private final List<Pause> hostPauses;
    private final List<HeldInvites.Wrong> toHeld;
    private final CallsInPauses calls;
    private final MajorityOrders majority;
    private final List<DeciderOverlap.Overlap> overlaps;

    PauseVerdict(PauseRun run) {
        this.run = run;
        PauseScene scene = run.scene();
        int nodes = run.plan().nodes();
        hostPauses = run.hostPauses();
        List<Pause> pauses =
                Stream.concat(scene.pauses().stream(), hostPauses.stream()).toList();
        toHeld = HeldInvites.of(scene.invites(), run.orders(), pauses);
        calls = new CallsInPauses(scene.calls(), nodes, pauses);
        RunningNodes running = new RunningNodes(nodes, pauses);
        majority = new MajorityOrders(run.orders(), running);
        overlaps =
                DeciderOverlap.of(DeciderOverlap.decided(scene.pings(run.beganNs()), pauses), PauseScene.INTERVAL_NS);
        List<ReachableClaims.Line> claims = run.claims();
        add("lone", ReachableClaims.violations(claims, nodes, scene.pauses()));
        add("lone", SecondOfTwo.violations(claims, run.ties(), nodes, pauses));
        overlaps.stream()
                .filter(one -> one.isTooLong(PauseScene.INTERVAL_NS))
                .forEach(one -> violations.add("deciders: " + text(one)));
        for (int i = 0; i < scene.destinations().size(); i++) {
            checkOrders(scene.destinations().id(i));
        }
        checkViews(running);
        add("majority", majority.violations());
        violations.addAll(run.differences());
        toHeld.stream().filter(HeldInvites.Wrong::isTooLate).forEach(wrong -> violations.add("held: " + wrong));
        add("refused", calls.lateRefusals());
        calls.wrong().forEach(call -> violations.add("calls: " + call));
        checkMembers();
    }

    private void add(String kind, List<String> texts) {
        texts.forEach(text -> violations.add(kind + ": " + text));
    }

    private void checkMembers() {
        if (run.membersMs() < 0) {
            violations.add("members: not all nodes are up again");
        } else if (run.membersMs() > MajorityOrders.FORMED_NS / 1_000_000) {
            violations.add("members: all nodes are up only %d ms after the last pause".formatted(run.membersMs()));
        }
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

    private void checkViews(RunningNodes running) {
        List<ViewSeen> views = run.looks().stream().map(ViewRecord.Look::view).toList();
        Map<String, List<StateVersion>> superseded = Stream.of(run.history(), run.events())
                .flatMap(List::stream)
                .filter(ReportedHistory::isSuperseded)
                .collect(Collectors.groupingBy(
                        entry -> entry.path("destination").asText(),
                        Collectors.mapping(
                                entry -> StateVersion.of(entry.path("version").asText()), Collectors.toList())));
        List<NodeViews.SessionStart> sessions = run.claims().stream()
                .filter(line -> line.text().contains("definitions of revision"))
                .map(line -> new NodeViews.SessionStart(line.node(), line.atNs()))
                .toList();
        add("back", NodeViews.goingBack(views, superseded, run.orders(), sessions));
        add("behind", NodeViews.behind(views, run.orders(), running));
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
        return ("figures: seed %d, %d nodes: %s; %d pauses and %d of the host, all up after %d ms; orders: %d OK, %d failed, %d not known,"
                        + " last answer after %d ms and compared %d ms after the last SIGCONT and order, %d to a majority that had run long enough; two deciders for at most"
                        + " %d ms; lone ones of two that went on: %d; %s; %s")
                .formatted(
                        run.plan().seed(),
                        run.plan().nodes(),
                        kinds.isEmpty() ? "all well" : "VIOLATIONS " + kinds,
                        run.scene().pauses().size(),
                        hostPauses.size(),
                        run.membersMs(),
                        orders(RecordedOrder.Outcome.OK),
                        orders(RecordedOrder.Outcome.FAILED),
                        orders(RecordedOrder.Outcome.UNKNOWN),
                        run.answeredMs(),
                        run.comparedMs(),
                        majority.checked(),
                        longest / 1_000_000,
                        ReachableClaims.onesOfTwo(run.claims()),
                        callsLine(),
                        heldLine());
    }

    private String callsLine() {
        return ("calls: %d good, %d refused (at most %d ms after a single pause, %d ms where pauses overlapped), %d lost,"
                        + " %d otherwise")
                .formatted(
                        calls.good(),
                        calls.refused(),
                        calls.longestSingleNs() / 1_000_000,
                        calls.longestOverlappingNs() / 1_000_000,
                        calls.lost(),
                        calls.wrong().size());
    }

    private String heldLine() {
        List<HeldInvites.Wrong> resumed =
                toHeld.stream().filter(HeldInvites.Wrong::isOfResumedNode).toList();
        List<HeldInvites.Wrong> running =
                toHeld.stream().filter(wrong -> !wrong.isOfResumedNode()).toList();
        return ("INVITEs to destinations on hold, in %d s of holds: %d by resumed nodes (at most %d ms after they resumed,"
                        + " %d too late), %d by running nodes (at most %d ms after the answer, %d too late); the test stood"
                        + " still for at most %d ms")
                .formatted(
                        HeldInvites.checkedNs(run.orders(), run.endedNs()) / 1_000_000_000,
                        resumed.size(),
                        longestMs(resumed, HeldInvites.Wrong::afterResumeNs),
                        tooLate(resumed),
                        running.size(),
                        longestMs(running, HeldInvites.Wrong::afterHoldNs),
                        tooLate(running),
                        run.scene().longestStallNs() / 1_000_000);
    }

    private static long longestMs(List<HeldInvites.Wrong> all, ToLongFunction<HeldInvites.Wrong> time) {
        return all.stream().mapToLong(time).max().orElse(0) / 1_000_000;
    }

    private static long tooLate(List<HeldInvites.Wrong> all) {
        return all.stream().filter(HeldInvites.Wrong::isTooLate).count();
    }

    private long orders(RecordedOrder.Outcome outcome) {
        return run.orders().stream().filter(order -> order.outcome() == outcome).count();
    }
}
