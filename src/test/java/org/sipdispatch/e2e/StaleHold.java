package org.sipdispatch.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.sipdispatch.pauses.OrderHistoryChecker;
import org.sipdispatch.pauses.RecordedOrder;
import org.sipdispatch.pauses.StateSeen;

/**
 * The owner of a destination is paused while a hold is on its way to it. The other nodes execute and end the hold
 * before the owner resumes; no view may show the hold after that.
 */
final class StaleHold {
    private static final long HOLD_MS = 300;
    private static final long RELEASE_MS = 3500;
    private static final long RESUME_MS = 6000;
    /** The time within which other nodes must learn of a confirmed release. */
    private static final long REPORTED_NS = 100_000_000L;
    /** The accepted delay of the column. */
    private static final long WRITTEN_NS = 2_000_000_000L;

    private final List<RecordedOrder> orders = new ArrayList<>();
    private final List<StateSeen> seen = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final PauseScene scene;
    private final OrderGiver giver;
    private final EventFollower follower;

    private StaleHold(PauseScene scene, EventFollower follower) {
        this.scene = scene;
        this.follower = follower;
        giver = new OrderGiver(scene.cluster());
    }

    /**
     * Pauses owners in turn.
     *
     * @param watchMs how long the views are watched after each pause, in milliseconds
     * @return where the hold was seen too late; empty if nowhere
     */
    static List<String> violations(PauseScene scene, int runs, long watchMs) {
        try (EventFollower follower = EventFollower.start(scene.cluster(), scene.nodes())) {
            StaleHold hold = new StaleHold(scene, follower);
            for (int i = 0; i < runs; i++) {
                if (i > 0) {
                    scene.awaitStable();
                }
                hold.once(i, i % PauseScene.DESTINATIONS, watchMs);
            }
            for (int i = 0; i < PauseScene.DESTINATIONS; i++) {
                hold.check(scene.destinations().id(i));
            }
            hold.violations.forEach(text -> System.out.println("  " + text));
            return hold.violations;
        }
    }

    private void once(int number, int destination, long watchMs) {
        String id = scene.destinations().id(destination);
        int owner = scene.owner(destination);
        int other = (owner + 1) % scene.nodes();
        try (ViewRecord views = ViewRecord.start(scene.cluster(), scene.nodes(), 50);
                ColumnRecord column = ColumnRecord.start(scene.cluster().jdbcUrl(), id)) {
            long pausedNs = System.nanoTime();
            scene.pause(owner);
            PauseScene.awaitMs(pausedNs, HOLD_MS);
            RecordedOrder hold = untilDone(other, id, RecordedOrder.Kind.HOLD);
            PauseScene.awaitMs(pausedNs, RELEASE_MS);
            RecordedOrder release = untilDone(other, id, RecordedOrder.Kind.RELEASE);
            PauseScene.awaitMs(pausedNs, RESUME_MS);
            long resumedNs = scene.resume(owner);
            PauseScene.awaitMs(resumedNs, watchMs);

            List<String> stale = new ArrayList<>();
            staleViews(id, views, release, resumedNs, stale);
            staleColumn(column, release, resumedNs, stale);
            staleLast("history", ReportedHistory.changes(scene.cluster(), other), id, release, stale);
            staleLast("events", follower.changes(), id, release, stale);
            System.out.printf(
                    "figures: run %d, node %d paused for %d ms: hold done after %d ms, release after %d ms: %s%n",
                    number,
                    owner + 1,
                    ms(resumedNs - pausedNs),
                    ms(hold.answeredNs() - hold.invokedNs()),
                    ms(release.answeredNs() - release.invokedNs()),
                    stale.isEmpty() ? "no stale hold" : stale);
            stale.forEach(text -> violations.add("run " + number + ": " + text));
            add(views, id);
        }
    }

    private void add(ViewRecord views, String id) {
        views.all().stream()
                .filter(look -> look.destination().equals(id))
                .map(ViewRecord.Look::seen)
                .filter(one -> !seen.contains(one))
                .forEach(seen::add);
    }

    /** Repeats the order until it is confirmed. */
    private RecordedOrder untilDone(int node, String id, RecordedOrder.Kind kind) {
        RecordedOrder[] last = new RecordedOrder[1];
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            last[0] = giver.give(node, id, kind).join();
            orders.add(last[0]);
            return last[0].outcome() == RecordedOrder.Outcome.OK;
        });
        return last[0];
    }

    private void staleViews(String id, ViewRecord views, RecordedOrder release, long resumedNs, List<String> stale) {
        for (int i = 0; i < scene.nodes(); i++) {
            int node = i;
            List<ViewRecord.Look> held = views.all().stream()
                    .filter(look -> look.node() == node && look.destination().equals(id) && look.held())
                    .filter(look -> look.askedNs() > release.answeredNs() + REPORTED_NS)
                    .toList();
            if (!held.isEmpty()) {
                stale.add("node %d held it in %d looks, %d to %d ms after the pause, %s by %s"
                        .formatted(
                                node + 1,
                                held.size(),
                                ms(held.get(0).askedNs() - resumedNs),
                                ms(held.get(held.size() - 1).askedNs() - resumedNs),
                                held.get(0).version(),
                                held.get(0).order()));
            }
        }
    }

    private static void staleColumn(ColumnRecord column, RecordedOrder release, long resumedNs, List<String> stale) {
        List<ColumnRecord.Look> held = column.after(release.answeredNs() + WRITTEN_NS).stream()
                .filter(ColumnRecord.Look::held)
                .toList();
        if (!held.isEmpty()) {
            stale.add("the column said 1 in %d looks, until %d ms after the pause"
                    .formatted(held.size(), ms(held.get(held.size() - 1).atNs() - resumedNs)));
        }
    }

    /**
     * No hold may follow the order that ended it, unless it is marked as superseded. The response identifies that
     * order.
     */
    private static void staleLast(
            String who, List<JsonNode> changes, String id, RecordedOrder release, List<String> stale) {
        List<JsonNode> own = changes.stream()
                .filter(entry -> entry.path("destination").asText().equals(id) && !ReportedHistory.isSuperseded(entry))
                .toList();
        String by = release.answer().substring(release.answer().lastIndexOf(' ') + 1);
        int at = -1;
        for (int i = 0; i < own.size(); i++) {
            at = own.get(i).path("why").asText().equals(by) && at < 0 ? i : at;
        }
        if (at < 0) {
            stale.add(who + " does not have the release");
            return;
        }
        Stream<JsonNode> behind = own.subList(at + 1, own.size()).stream();
        behind.filter(entry -> entry.path("state").asText().equals("Inactive"))
                .forEach(entry -> stale.add(who + " has Inactive "
                        + entry.path("version").asText() + " by "
                        + entry.path("why").asText() + " behind the release"));
    }

    private void check(String id) {
        List<RecordedOrder> own =
                orders.stream().filter(order -> order.destination().equals(id)).toList();
        List<StateSeen> states = new ArrayList<>();
        ReportedHistory.changes(scene.cluster(), 0).stream()
                .filter(entry -> entry.path("destination").asText().equals(id) && !ReportedHistory.isSuperseded(entry))
                .forEach(entry -> states.add(ReportedHistory.seen(entry, scene.wallNs(), "history")));
        seen.stream().filter(one -> isOf(own, one)).forEach(states::add);
        ViewRecord.look(scene.cluster(), 0).stream()
                .filter(look -> look.destination().equals(id))
                .forEach(look -> OrderHistoryChecker.violations(own, states, look.seen())
                        .forEach(text -> violations.add("orders: " + id + ": " + text)));
    }

    private static boolean isOf(List<RecordedOrder> orders, StateSeen one) {
        return orders.stream().anyMatch(order -> order.id().equals(one.order()));
    }

    private static long ms(long nanos) {
        return nanos / 1_000_000;
    }
}
