package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MonitoredArbiterTest {
    private Arbiter.ClaimResult result = Arbiter.ClaimResult.SILENT;
    private long nanos = Long.MAX_VALUE - 5;
    private final MonitoredArbiter arbiter = new MonitoredArbiter(
            new Arbiter() {
                @Override
                public ClaimResult decide(String epoch, String side) {
                    return result;
                }

                @Override
                public Heartbeat read(String cluster) {
                    return new Heartbeat(result, "", 0);
                }

                @Override
                public ClaimResult renew(String cluster, String owner) {
                    return result;
                }

                @Override
                public ClaimResult takeOver(String cluster, String owner, Heartbeat seen) {
                    return result;
                }
            },
            () -> nanos);

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

        result = Arbiter.ClaimResult.NO;
        arbiter.decide("e", "a");

        assertThat(arbiter.isSilent()).isFalse();
    }

    @Test
    void aPauseWithoutQuestionsIsNoSilence() {
        result = Arbiter.ClaimResult.YES;
        arbiter.renew("c", "a");
        pass(60_000);
        assertThat(arbiter.isSilent()).isFalse();

        result = Arbiter.ClaimResult.SILENT;
        arbiter.decide("e", "a");
        pass(10_000);
        assertThat(arbiter.isSilent()).isFalse();
    }
}
