package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JournalSilenceTest {
    private final AtomicLong nowMs = new AtomicLong(1000);
    private final JournalSilence silence = new JournalSilence(nowMs::get);

    @Test
    void aStoreThatNobodyAsksIsNotSilent() {
        nowMs.addAndGet(1_000_000);

        assertThat(silence.isSilent()).isFalse();
    }

    @Test
    void aStoreIsSilentWhenNoneOfManyQuestionsIsAnsweredForAWhile() {
        silence.asked();
        nowMs.addAndGet(JournalSilence.LONGEST_MS - 1);
        silence.asked();

        assertThat(silence.isSilent()).isFalse();
        nowMs.addAndGet(1);
        assertThat(silence.isSilent()).isTrue();
    }

    @Test
    void oneAnswerEndsTheSilence() {
        silence.asked();
        silence.answered();
        nowMs.addAndGet(JournalSilence.LONGEST_MS);

        assertThat(silence.isSilent()).isFalse();
        silence.asked();
        nowMs.addAndGet(JournalSilence.LONGEST_MS - 1);
        assertThat(silence.isSilent()).isFalse();
    }
}
