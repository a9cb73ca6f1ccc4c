package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JournalOutageTest {
    private final AtomicLong nowMs = new AtomicLong(1000);
    private final JournalOutage silence = new JournalOutage(nowMs::get);

    @Test
    void aStoreThatNobodyAsksIsNotSilent() {
        nowMs.addAndGet(1_000_000);

        assertThat(silence.isSilent()).isFalse();
    }

    @Test
    void aStoreIsSilentWhenNoneOfManyQuestionsIsAnsweredForAWhile() {
        silence.asked();
        nowMs.addAndGet(JournalOutage.LONGEST_MS - 1);
        silence.asked();

        assertThat(silence.isSilent()).isFalse();
        nowMs.addAndGet(1);
        assertThat(silence.isSilent()).isTrue();
    }

    @Test
    void oneAnswerEndsTheSilence() {
        silence.asked();
        silence.answered();
        nowMs.addAndGet(JournalOutage.LONGEST_MS);

        assertThat(silence.isSilent()).isFalse();
        silence.asked();
        nowMs.addAndGet(JournalOutage.LONGEST_MS - 1);
        assertThat(silence.isSilent()).isFalse();
    }
}
