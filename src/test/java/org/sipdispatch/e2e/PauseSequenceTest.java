package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of pauses of one and two nodes under calls and orders. {@code -Dpauses.seeds=1-50} selects the
 * sequences; a single seed is valid too. The records of each are in {@code target/pauses}.
 */
class PauseSequenceTest {
    private static final int CALLS_PER_SECOND = 50;
    private static final long LONG_MS = 35_000;
    private static final long SHORT_MS = 9000;
    private static final long SHORT_SEED = 36;

    @Test
    @Tag("long")
    void nodesThatPauseAndComeBackAgreeOnAllThatWasOrdered() throws Exception {
        assertThat(violations(new PauseRun.Plan(SHORT_SEED, 3, SHORT_MS, CALLS_PER_SECOND, false)))
                .isEmpty();
    }

    @Test
    @Tag("long")
    void threeNodesAgreeAfterManySequencesOfPauses() throws Exception {
        runAll(3);
    }

    @Test
    @Tag("long")
    void twoNodesAgreeAfterManySequencesOfPauses() throws Exception {
        runAll(2);
    }

    private static void runAll(int nodes) throws Exception {
        Map<Long, List<String>> wrong = new TreeMap<>();
        for (long seed : seeds()) {
            List<String> violations = violations(new PauseRun.Plan(seed, nodes, LONG_MS, CALLS_PER_SECOND, true));
            if (!violations.isEmpty()) {
                wrong.put(seed, violations);
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static long[] seeds() {
        String[] ends = System.getProperty("pauses.seeds", "1-50").split("-");
        return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]))
                .toArray();
    }

    private static List<String> violations(PauseRun.Plan plan) throws Exception {
        try (PauseScene scene = PauseScene.start("pauses", plan.nodes())) {
            PauseRun run = PauseRun.of(plan, scene);
            PauseVerdict verdict = new PauseVerdict(run);
            System.out.println(verdict.line());
            System.out.println("records: " + PauseArtefacts.write(run, verdict));
            verdict.violations().stream().limit(20).forEach(text -> System.out.println("  " + text));
            return verdict.violations();
        }
    }
}
