package org.sipdispatch.pauses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.pauses.DeciderOverlap.Overlap;
import org.sipdispatch.pauses.DeciderOverlap.PingSeen;

class DeciderOverlapTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<PingSeen> pings = new ArrayList<>();

    private void pings(String destination, int node, double... seconds) {
        for (double second : seconds) {
            pings.add(new PingSeen(destination, node, (long) (second * SECOND)));
        }
    }

    private List<Overlap> tooLong() {
        return DeciderOverlap.of(pings, SECOND).stream()
                .filter(one -> one.isTooLong(SECOND))
                .toList();
    }

    @Test
    void aPingThatAResumedNodeHadDecidedToSendIsNoDecisionLater() {
        pings("d", 0, 1, 2, 13.1, 13.3);
        pings("d", 1, 5, 6, 13.05);

        assertThat(DeciderOverlap.decided(pings, List.of(new Pause(0, 3 * SECOND, 13 * SECOND))))
                .containsExactlyInAnyOrder(
                        new PingSeen("d", 0, SECOND),
                        new PingSeen("d", 0, 2 * SECOND),
                        new PingSeen("d", 0, (long) (13.3 * SECOND)),
                        new PingSeen("d", 1, 5 * SECOND),
                        new PingSeen("d", 1, 6 * SECOND),
                        new PingSeen("d", 1, (long) (13.05 * SECOND)));
    }

    @Test
    void aTakeoverIsNoOverlap() {
        pings("d", 0, 1, 2, 3);
        pings("d", 1, 7, 8, 9);

        assertThat(DeciderOverlap.of(pings, SECOND)).isEmpty();
    }

    @Test
    void twoNodesThatPingForSecondsOverlap() {
        pings("d", 0, 1, 2, 3, 4, 5, 6);
        pings("d", 1, 3.5, 4.5, 5.5, 6.5);

        assertThat(tooLong()).containsExactly(new Overlap("d", 0, 1, 7 * SECOND / 2, 6 * SECOND, 0));
    }

    @Test
    void twoNodesMayPingForAnIntervalWhenOneFollowsTheOther() {
        pings("d", 0, 1, 2, 3, 4);
        pings("d", 1, 3.2, 4.2, 5.2);

        assertThat(DeciderOverlap.of(pings, SECOND)).hasSize(1);
        assertThat(tooLong()).isEmpty();
    }

    @Test
    void oneLatePingOfANodeThatWasPausedIsWrong() {
        pings("d", 0, 1, 2, 3, 9.2);
        pings("d", 1, 7, 8, 9, 10, 11);

        assertThat(tooLong()).singleElement().satisfies(one -> {
            assertThat(one.lengthNs()).isZero();
            assertThat(one.within()).isEqualTo(18 * SECOND / 10);
        });
    }

    @Test
    void onePingOfAnotherNodeIsRightWithinAnIntervalOfTheTakeover() {
        pings("d", 0, 1, 2, 3, 7.5);
        pings("d", 1, 7, 8, 9, 10);

        assertThat(tooLong()).isEmpty();
    }

    @Test
    void aNodeThatWasPausedIsNoDeciderMeanwhile() {
        pings("d", 0, 1, 2, 3, 9.2, 10.2, 11.2);
        pings("d", 1, 7, 8, 9, 10, 11);

        assertThat(tooLong()).containsExactly(new Overlap("d", 0, 1, (long) (9.2 * SECOND), 11 * SECOND, 0));
    }

    @Test
    void oneDestinationDoesNotCountForAnother() {
        pings("d", 0, 1, 2, 3);
        pings("e", 1, 1, 2, 3);

        assertThat(DeciderOverlap.of(pings, SECOND)).isEmpty();
    }
}
