package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MonitoredArbiterTest {
    private final ScriptedArbiter database = new ScriptedArbiter();
    private long nanos = Long.MAX_VALUE - 5;
    private final MonitoredArbiter arbiter = new MonitoredArbiter(database, () -> nanos);

    private void pass(long ms) {
        nanos += TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Test
    void itIsSilentAfterFiveSecondsOfQuestionsWithoutAnAnswer() {
        arbiter.read("c");
        pass(2500);
        arbiter.renew("c", "a");
        pass(2500);
        assertThat(arbiter.isSilent()).isFalse();

        pass(1);
        assertThat(arbiter.isSilent()).isTrue();
    }

    @Test
    void anAnswerEndsTheSilence() {
        arbiter.read("c");
        pass(6000);
        arbiter.read("c");
        assertThat(arbiter.isSilent()).isTrue();

        database.result = Arbiter.ClaimResult.NO;
        arbiter.decide("e", "a");

        assertThat(arbiter.isSilent()).isFalse();
    }

    @Test
    void aPauseWithoutQuestionsIsNoSilence() {
        database.result = Arbiter.ClaimResult.YES;
        arbiter.renew("c", "a");
        pass(60_000);
        assertThat(arbiter.isSilent()).isFalse();

        database.result = Arbiter.ClaimResult.SILENT;
        arbiter.decide("e", "a");
        pass(10_000);
        assertThat(arbiter.isSilent()).isFalse();
    }
}
