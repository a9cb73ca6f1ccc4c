package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompetingClusterDetectorTest {
    private static final String LOW = "10.0.0.1:7355#1";
    private static final String LOW_AGAIN = "10.0.0.1:7355#2";
    private static final String HIGH = "10.0.0.2:7355#3";

    private final CompetingClusterDetector detector = new CompetingClusterDetector();

    /** Two live clusters take the row from each other every two seconds. */
    private boolean struggle(String other, String self, long fromMs, long toMs) {
        boolean prevails = false;
        for (long nowMs = fromMs; nowMs <= toMs; nowMs += 2000) {
            prevails |= detector.prevails(other, self, nowMs);
            detector.tookFrom(other);
        }
        return prevails;
    }

    @Test
    void theDeadNeverPrevailHoweverLongTheDatabaseTakesOrHoweverOftenTheyDie() {
        assertThat(detector.prevails(LOW, HIGH, 0)).isFalse();
        assertThat(detector.prevails(LOW, HIGH, 60_000)).isFalse();
        detector.tookFrom(LOW);

        assertThat(detector.prevails(LOW_AGAIN, HIGH, 3_600_000)).isFalse();
    }

    @Test
    void aClusterThatLivesPrevailsAfterAWhileIfItsAddressIsLower() {
        assertThat(struggle(LOW, HIGH, 0, 10_000)).isFalse();
        assertThat(struggle(LOW, HIGH, 12_000, 16_000)).isTrue();
    }

    @Test
    void theLowerAddressNeverGivesWay() {
        assertThat(struggle(HIGH, LOW, 0, 60_000)).isFalse();
    }

    @Test
    void aLeaderThatDoesNotKnowYetThatItIsReplacedIsNoCompetitor() {
        detector.tookFrom(LOW);

        assertThat(detector.prevails(LOW, HIGH, 0)).isFalse();
        assertThat(detector.prevails(LOW, HIGH, 20_000)).isFalse();
    }
}
