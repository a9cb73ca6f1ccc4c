package org.sipdispatch.pauses;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** A random sequence of pauses of one or two nodes, the same for the same seed. At least one node always runs. */
public final class PauseSteps {
    private static final double SHORTEST_MS = 1000;
    private static final double LONGEST_MS = 30_000;
    private static final double SHORTEST_GAP_MS = 500;
    private static final double LONGEST_GAP_MS = 8000;
    private static final int MOST_APART_MS = 3000;
    private static final double TWO_AT_ONCE = 0.4;

    /** A node stops or resumes at that time. */
    public record Step(long atMs, int node, boolean stops) {}

    private PauseSteps() {}

    /** The steps in the order of their times. All nodes run after the last one. */
    public static List<Step> of(long seed, int nodes, long totalMs) {
        Random random = new Random(seed);
        List<Step> steps = new ArrayList<>();
        long atMs = 1000 + random.nextInt(1000);
        while (atMs + SHORTEST_MS <= totalMs) {
            int node = random.nextInt(nodes);
            long untilMs = pause(steps, node, atMs, random, totalMs);
            if (nodes > 2 && random.nextDouble() < TWO_AT_ONCE) {
                int other = (node + 1 + random.nextInt(nodes - 1)) % nodes;
                long laterMs = random.nextBoolean() ? atMs : atMs + random.nextInt(MOST_APART_MS);
                untilMs = Math.max(untilMs, pause(steps, other, laterMs, random, totalMs));
            }
            atMs = untilMs + spread(random, SHORTEST_GAP_MS, LONGEST_GAP_MS);
        }
        steps.sort(Comparator.comparingLong(Step::atMs));
        return steps;
    }

    private static long pause(List<Step> steps, int node, long atMs, Random random, long totalMs) {
        long untilMs = atMs + spread(random, SHORTEST_MS, Math.min(LONGEST_MS, Math.max(SHORTEST_MS, totalMs - atMs)));
        steps.add(new Step(atMs, node, true));
        steps.add(new Step(untilMs, node, false));
        return untilMs;
    }

    /** A value with a uniform logarithm, so that short pauses are as likely as long ones. */
    private static long spread(Random random, double least, double most) {
        return Math.round(least * Math.pow(most / least, random.nextDouble()));
    }
}
