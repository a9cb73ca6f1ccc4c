package org.sipdispatch.observation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.QualitySettings;

/**
 * The outcomes of the calls to each destination within the window: those of this node, and those that the other nodes
 * have reported. The window slides in steps of a tenth. Thread-safe. All times are milliseconds of one monotonic clock.
 */
public final class QualityFigures {
    private static final int STEPS = 10;
    private static final long REPORT_EVERY_MS = 5_000;
    /** The last report of another node counts for so long. */
    private static final long VALID_MS = 12_000;

    /** The report of another node about one destination. */
    private record PeerCounts(QualityCounts counts, long atMs) {}

    private final List<LaneCounters> lanes;
    private final QualitySettings settings;
    private final long node;
    private final Consumer<byte[]> others;
    /** The counts since the start at each step, the oldest first. */
    private final Deque<Map<String, QualityCounts>> past = new ArrayDeque<>();
    /** The oldest of them. */
    private volatile Map<String, QualityCounts> before = Map.of();
    /** By node, then by the id of the destination. */
    private final Map<Long, Map<String, PeerCounts>> peers = new HashMap<>();
    /** The sums over the other nodes, by the id of the destination. Lanes read it without a lock. */
    private volatile Map<String, QualityCounts> ofPeers = Map.of();

    private volatile Runnable listener = () -> {};
    private long stepAtMs;
    private long reportAtMs;

    /**
     * Creates an object for a node without calls.
     *
     * @param lanes the counters of all lanes; may be filled later
     * @param node a number that no other process has
     * @param others receives this node's reports for the other nodes
     */
    public QualityFigures(
            List<LaneCounters> lanes, QualitySettings settings, long node, Consumer<byte[]> others, long nowMs) {
        this.lanes = lanes;
        this.settings = settings;
        this.node = node;
        this.others = others;
        past.add(Map.of());
        stepAtMs = nowMs + stepMs();
        reportAtMs = nowMs + REPORT_EVERY_MS;
    }

    private long stepMs() {
        return settings.window().toMillis() / STEPS;
    }

    public QualitySettings settings() {
        return settings;
    }

    /** Runs the listener after each report to the other nodes. */
    public void afterEachReport(Runnable run) {
        listener = run;
    }

    /** Advances the time. Call this once a second. */
    public synchronized void tick(long nowMs) {
        if (nowMs >= stepAtMs) {
            stepAtMs = nowMs + stepMs();
            slide();
        }
        if (nowMs >= reportAtMs) {
            reportAtMs = nowMs + REPORT_EVERY_MS;
            peers.values().forEach(one -> one.values().removeIf(counts -> nowMs - counts.atMs() > VALID_MS));
            peers.values().removeIf(Map::isEmpty);
            addPeers();
            QualityReport.write(node, own(), others);
            listener.run();
        }
    }

    private void slide() {
        Map<String, QualityCounts> newest = past.getLast();
        Map<String, QualityCounts> now = sinceStart();
        // Equal objects are kept once: most destinations have few calls.
        now.replaceAll((id, counts) -> counts.equals(newest.get(id)) ? newest.get(id) : counts);
        past.add(now);
        if (past.size() > STEPS + 1) {
            past.removeFirst();
        }
        before = past.getFirst();
    }

    private Map<String, QualityCounts> sinceStart() {
        Map<String, QualityCounts> all = new HashMap<>();
        for (LaneCounters lane : List.copyOf(lanes)) {
            lane.destinations().forEachQuality((id, counts) -> all.merge(id, counts, QualityCounts::plus));
        }
        return all;
    }

    /** This node's calls within the window, by the destination's id. */
    public Map<String, QualityCounts> own() {
        Map<String, QualityCounts> own = sinceStart();
        Map<String, QualityCounts> earlier = before;
        own.replaceAll((id, counts) -> counts.since(earlier.getOrDefault(id, QualityCounts.NONE)));
        own.values().removeIf(QualityCounts::isNone);
        return own;
    }

    /** The calls of all nodes within the window, by the destination's id. */
    public Map<String, QualityCounts> all() {
        Map<String, QualityCounts> all = new TreeMap<>(own());
        ofPeers.forEach((id, counts) -> all.merge(id, counts, QualityCounts::plus));
        return all;
    }

    /**
     * The calls of all nodes to one destination within the window.
     *
     * @param sinceStart this node's calls since its start
     */
    QualityCounts of(String id, QualityCounts sinceStart) {
        QualityCounts own = sinceStart.since(before.getOrDefault(id, QualityCounts.NONE));
        return own.plus(ofPeers.getOrDefault(id, QualityCounts.NONE));
    }

    /**
     * Receives a report of another node.
     *
     * @return false if it is malformed
     */
    public synchronized boolean receive(byte[] bytes, long nowMs) {
        QualityReport report = QualityReport.read(bytes);
        if (report == null) {
            return false;
        }
        Map<String, PeerCounts> ofNode = peers.computeIfAbsent(report.node(), created -> new HashMap<>());
        report.byId().forEach((id, counts) -> ofNode.put(id, new PeerCounts(counts, nowMs)));
        addPeers();
        return true;
    }

    private void addPeers() {
        Map<String, QualityCounts> sums = new HashMap<>();
        peers.values()
                .forEach(one -> one.forEach((id, counts) -> sums.merge(id, counts.counts(), QualityCounts::plus)));
        ofPeers = sums;
    }
}
