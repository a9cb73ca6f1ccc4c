package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The node that owns a destination is paused. {@code -Druns=30} sets the number of runs of the long tests. */
class PausedOwnerTest {
    private static final int NODES = 3;
    private static final long PAUSE_MS = 5000;
    private static final long LONG_PAUSE_MS = 20_000;
    private static final long WATCH_MS = 5000;
    private static final long LONG_WATCH_MS = 15_000;

    @Test
    void nobodySeesAHoldThatEndedMeanwhileAndTheOwnerCallsNoDestinationThatIsHeld() throws Exception {
        try (PauseScene scene = PauseScene.start("paused_owner", NODES)) {
            assertThat(StaleHold.violations(scene, 1, WATCH_MS)).isEmpty();
            scene.awaitStable();
            WokenNode.check(scene, PAUSE_MS);
        }
    }

    @Test
    @Tag("long")
    void nobodyEverSeesAHoldThatWasEndedWhileItsOwnerWasPaused() {
        try (PauseScene scene = PauseScene.start("stale_hold", NODES)) {
            assertThat(StaleHold.violations(scene, Integer.getInteger("runs", 30), LONG_WATCH_MS))
                    .isEmpty();
        }
    }

    @Test
    @Tag("long")
    void aNodeThatWasPausedNeverSendsAnythingToADestinationThatIsHeld() throws Exception {
        for (int i = 0; i < Integer.getInteger("runs", 3); i++) {
            for (long pauseMs : new long[] {PAUSE_MS, LONG_PAUSE_MS}) {
                try (PauseScene scene = PauseScene.start("woken", NODES)) {
                    WokenNode.check(scene, pauseMs);
                }
            }
        }
    }
}
