package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MonitoredArbiterTest {
    private Arbiter.Answer answer = Arbiter.Answer.SILENT;
    private long nanos = Long.MAX_VALUE - 5;
    private final MonitoredArbiter arbiter = new MonitoredArbiter(
            new Arbiter() {
                @Override
                public Answer decide(String epoch, String side) {
                    return answer;
                }

                @Override
                public Heartbeat read(String cluster) {
                    return new Heartbeat(answer, "", 0);
                }

                @Override
                public Answer renew(String cluster, String owner) {
                    return answer;
                }

                @Override
                public Answer takeOver(String cluster, String owner, Heartbeat seen) {
                    return answer;
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

        answer = Arbiter.Answer.NO;
        arbiter.decide("e", "a");

        assertThat(arbiter.isSilent()).isFalse();
    }

    @Test
    void aPauseWithoutQuestionsIsNoSilence() {
        answer = Arbiter.Answer.YES;
        arbiter.renew("c", "a");
        pass(60_000);
        assertThat(arbiter.isSilent()).isFalse();

        answer = Arbiter.Answer.SILENT;
        arbiter.decide("e", "a");
        pass(10_000);
        assertThat(arbiter.isSilent()).isFalse();
    }
}
