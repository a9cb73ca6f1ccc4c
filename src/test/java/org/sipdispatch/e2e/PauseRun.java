package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.sipdispatch.pauses.HostPauses;
import org.sipdispatch.pauses.Pause;
import org.sipdispatch.pauses.PauseSteps;
import org.sipdispatch.pauses.PauseSteps.Step;
import org.sipdispatch.pauses.ReachableClaims;
import org.sipdispatch.pauses.RecordedOrder;
import org.sipdispatch.pauses.RunEnd;
import org.sipdispatch.pauses.SecondOfTwo;

/** One sequence of pauses in a new cluster under calls and orders, and the records of the run. */
final class PauseRun {
    /** The other destinations get no orders, so that calls always have a destination. */
    private static final int ORDERED = 4;

    private static final int ORDER_EVERY_MS = 500;
    private static final double OPPOSITE = 0.8;
    private static final long TICK_NS = 2_000_000;
    private static final long STABLE_MS = 10_000;

    /**
     * The parameters of a run.
     *
     * @param patient whether to compare once, ten seconds after the last SIGCONT and the last order, instead of as soon as everything is equal
     */
    record Plan(long seed, int nodes, long totalMs, int callsPerSecond, boolean patient) {}

    private final Plan plan;
    private final PauseScene scene;
    private final Random random;
    private final boolean[] held = new boolean[ORDERED];
    private List<Step> steps;
    private List<RecordedOrder> orders;
    private List<ViewRecord.Look> looks;
    private List<JsonNode> history;
    private List<JsonNode> events;
    private List<String> differences;
    private List<SecondOfTwo.Tie> ties;
    private long beganNs;
    private long endedNs;
    private long membersMs = -1;
    private long comparedNs;
    private Map<String, Integer> column;

    private PauseRun(Plan plan, PauseScene scene) {
        this.plan = plan;
        this.scene = scene;
        random = new Random(31 * plan.seed() + 7);
    }

    /** Runs the plan and returns the records. The nodes are still running then. */
    static PauseRun of(Plan plan, PauseScene scene) throws InterruptedException {
        PauseRun run = new PauseRun(plan, scene);
        scene.call(IntStream.range(0, plan.nodes()).boxed().toList(), plan.callsPerSecond());
        OrderGiver giver = new OrderGiver(scene.cluster());
        try (EventFollower follower = EventFollower.start(scene.cluster(), plan.nodes());
                ViewRecord views = ViewRecord.start(scene.cluster(), plan.nodes(), 200)) {
            run.beganNs = System.nanoTime();
            run.pauseAndOrder(giver);
            run.awaitStable(giver, follower);
            run.endedNs = System.nanoTime();
            run.looks = views.all();
            run.history = ReportedHistory.changes(scene.cluster(), 0);
            run.events = List.copyOf(follower.changes());
            run.ties = TieRows.read(scene.cluster().jdbcUrl(), scene.wallNs());
        }
        scene.hangUp();
        return run;
    }

    private void pauseAndOrder(OrderGiver giver) {
        steps = PauseSteps.of(plan.seed(), plan.nodes(), plan.totalMs());
        int next = 0;
        long orderMs = 0;
        while (next < steps.size()) {
            long nowMs = ms(System.nanoTime());
            for (; next < steps.size() && steps.get(next).atMs() <= nowMs; next++) {
                take(steps.get(next));
            }
            if (nowMs >= orderMs) {
                order(giver);
                orderMs = nowMs + ORDER_EVERY_MS / 2 + random.nextInt(ORDER_EVERY_MS);
            }
            LockSupport.parkNanos(TICK_NS);
        }
    }

    private void take(Step step) {
        if (step.stops()) {
            scene.pause(step.node());
        } else {
            scene.resume(step.node());
        }
    }

    private void order(OrderGiver giver) {
        int destination = random.nextInt(ORDERED);
        boolean hold = held[destination] ^ random.nextDouble() < OPPOSITE;
        held[destination] = hold;
        giver.give(
                random.nextInt(plan.nodes()),
                scene.destinations().id(destination),
                hold ? RecordedOrder.Kind.HOLD : RecordedOrder.Kind.RELEASE);
    }

    /** Called right after the last step and the last order. */
    private void awaitStable(OrderGiver giver, EventFollower follower) {
        long endNs = System.nanoTime();
        CompletableFuture<Long> members = CompletableFuture.supplyAsync(() -> {
            scene.cluster().awaitMembers(plan.nodes());
            return System.nanoTime();
        });
        Awaitility.await()
                .pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofMillis(2 * STABLE_MS))
                .until(() -> isOver(endNs) || !plan.patient() && isStable(giver, follower));
        comparedNs = System.nanoTime();
        differences = compare(giver, follower);
        column = ReportedHistory.column(scene.cluster().jdbcUrl());
        orders = giver.answered();
        try {
            membersMs = (members.join() - endNs) / 1_000_000;
        } catch (java.util.concurrent.CompletionException e) {
            if (!(e.getCause() instanceof ConditionTimeoutException)) {
                throw e;
            }
        }
    }

    private static boolean isOver(long endNs) {
        return System.nanoTime() - endNs > STABLE_MS * 1_000_000;
    }

    private boolean isStable(OrderGiver giver, EventFollower follower) {
        return giver.answeredByNow().size() == giver.given()
                && compare(giver, follower).isEmpty();
    }

    private List<String> compare(OrderGiver giver, EventFollower follower) {
        try {
            return ViewComparison.differences(scene, follower.changes(), giver.answeredByNow());
        } catch (UncheckedIOException e) {
            return List.of("views: a node does not answer: " + e.getMessage());
        }
    }

    /** The end: the later of the last SIGCONT and the last order. */
    private long endNs() {
        return RunEnd.atNs(scene.pauses(), orders);
    }

    private long ms(long atNs) {
        return (atNs - beganNs) / 1_000_000;
    }

    Plan plan() {
        return plan;
    }

    PauseScene scene() {
        return scene;
    }

    List<Step> steps() {
        return steps;
    }

    List<RecordedOrder> orders() {
        return orders;
    }

    List<ViewRecord.Look> looks() {
        return looks;
    }

    /** The changes in the history. */
    List<JsonNode> history() {
        return history;
    }

    /** The changes that an event stream reported. */
    List<JsonNode> events() {
        return events;
    }

    /** The decisions of the database between two halves. */
    List<SecondOfTwo.Tie> ties() {
        return ties;
    }

    /** The differences that remained some time after the end. */
    List<String> differences() {
        return differences;
    }

    long beganNs() {
        return beganNs;
    }

    /** The time of the last comparison. */
    long endedNs() {
        return endedNs;
    }

    /** The time from the last pause until all nodes were up again; -1 if they never were. */
    long membersMs() {
        return membersMs;
    }

    /** The time from the end to the last response to an order. */
    long answeredMs() {
        long lastNs = orders.stream()
                .mapToLong(RecordedOrder::answeredNs)
                .filter(atNs -> atNs != RecordedOrder.NO_ANSWER)
                .max()
                .orElse(endNs());
        return (lastNs - endNs()) / 1_000_000;
    }

    /** The time from the end to the comparison. */
    long comparedMs() {
        return (comparedNs - endNs()) / 1_000_000;
    }

    /** The column {@code state} by destination, right after the comparison. */
    Map<String, Integer> column() {
        return column;
    }

    /** The log lines of the nodes, since the start of the run, about which of them continues. */
    List<ReachableClaims.Line> claims() {
        return lines(line -> ReachableClaims.isClaim(line) || SecondOfTwo.isEvidence(line));
    }

    /** The times for which the host gave a node no processor time. */
    List<Pause> hostPauses() {
        return HostPauses.of(lines(HostPauses::isEvidence), scene.pauses());
    }

    private List<ReachableClaims.Line> lines(Predicate<String> which) {
        List<ReachableClaims.Line> lines = new ArrayList<>();
        for (int node = 0; node < plan.nodes(); node++) {
            int one = node;
            scene.cluster()
                    .node(node)
                    .log()
                    .lines()
                    .filter(which)
                    .forEach(line -> lines.add(
                            new ReachableClaims.Line(one, LogLines.atMs(line) * 1_000_000 + scene.wallNs(), line)));
        }
        return lines.stream().filter(line -> line.atNs() >= beganNs).toList();
    }
}
