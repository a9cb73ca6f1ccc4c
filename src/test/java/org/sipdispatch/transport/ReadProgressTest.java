package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a lane knows of a socket from its turns of reading; the buffer holds 200 datagrams. */
class ReadProgressTest {
    private static final long MS = 1_000_000;

    private final ReadProgress progress = new ReadProgress(200, 400_000, 1000 * MS);

    private void turn(long atMs, int datagrams, boolean empty) {
        progress.begin(atMs * MS, 1000 * MS);
        progress.end(datagrams, datagrams * 1_000L, empty);
    }

    @Test
    void anEmptySocketShowsThatAllThatArrivedBeforeTheTurnIsRead() {
        turn(1010, 3, true);
        assertThat(progress.readUpToNanos()).isEqualTo(1010 * MS);

        turn(1012, 64, false);
        assertThat(progress.readUpToNanos()).isEqualTo(1010 * MS);

        turn(1014, 0, true);
        assertThat(progress.readUpToNanos()).isEqualTo(1014 * MS);
    }

    @Test
    void asManyAsTheBufferHoldsShowThatAllThatWaitedBeforeThemIsRead() {
        turn(1010, 0, true);
        turn(1012, 64, false);
        turn(1014, 64, false);
        turn(1016, 64, false);
        assertThat(progress.readUpToNanos()).isEqualTo(1010 * MS);
        turn(1018, 64, false);
        turn(1020, 64, false);
        turn(1022, 64, false);
        turn(1024, 64, false);
        assertThat(progress.readUpToNanos()).isEqualTo(1010 * MS);

        turn(1026, 64, false);

        assertThat(progress.readUpToNanos()).isEqualTo(1018 * MS);
    }

    @Test
    void whatIsReadHasWaitedSinceTheSocketWasEmptyAtMost() {
        turn(1010, 2, true);
        turn(1012, 64, false);

        progress.begin(1018 * MS, 1000 * MS);
        assertThat(progress.waitedNanos()).isEqualTo(8 * MS);

        progress.end(1, 1_000, true);
        progress.begin(1019 * MS, 1000 * MS);
        assertThat(progress.waitedNanos()).isZero();
    }

    @Test
    void theBytesThatWaitAndTheSpeedOfReadingTellTheUsualTime() {
        turn(1010, 0, true);
        for (int i = 0; i < 50; i++) {
            turn(1020 + 2 * i, 64, false);
        }
        progress.begin(1120 * MS, 1000 * MS);

        assertThat(progress.waitedNanos()).isEqualTo(110 * MS);
        assertThat(progress.aboutNanos(SocketQueue.UNKNOWN)).isEqualTo(110 * MS);
        assertThat(progress.aboutNanos(128_000)).isBetween(4 * MS - MS / 100, 4 * MS + MS / 100);
        assertThat(progress.aboutNanos(200_001)).isEqualTo(110 * MS);
    }

    @Test
    void whatTheLaneWaitedForAProcessorIsNoQueue() {
        turn(1010, 2, true);
        turn(1012, 64, false);

        progress.begin(2012 * MS, 3 * MS);

        assertThat(progress.waitedNanos()).isEqualTo(5 * MS);
    }
}
