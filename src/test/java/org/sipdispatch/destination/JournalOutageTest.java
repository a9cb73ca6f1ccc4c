package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class JournalOutageTest {
    private static final String A = "a";
    private static final String B = "b";

    private final AtomicLong nowMs = new AtomicLong(1000);
    private final JournalOutage silence = new JournalOutage(nowMs::get);

    @Test
    void aStoreThatNobodyAsksIsNotSilent() {
        nowMs.addAndGet(1_000_000);

        assertThat(silence.isSilent()).isFalse();
    }

    @Test
    void aStoreIsSilentWhenNoneOfManyQuestionsIsAnsweredForAWhile() {
        silence.asked(A);
        nowMs.addAndGet(JournalOutage.LONGEST_MS - 1);
        silence.asked(B);

        assertThat(silence.isSilent()).isFalse();
        nowMs.addAndGet(1);
        assertThat(silence.isSilent()).isTrue();
    }

    @Test
    void aJournalThatIsStoppedDoesNotWaitAnyMore() {
        silence.asked(A);
        silence.asked(B);
        nowMs.addAndGet(JournalOutage.LONGEST_MS);

        silence.stopped(A);
        assertThat(silence.isSilent()).isTrue();
        silence.stopped(B);
        assertThat(silence.isSilent()).isFalse();
    }

    @Test
    void aJournalThatHasBeenAnsweredEndsNoWaitOfAnother() {
        silence.asked(A);
        silence.answered();
        silence.asked(B);
        nowMs.addAndGet(JournalOutage.LONGEST_MS);

        silence.stopped(A);

        assertThat(silence.isSilent()).isTrue();
    }

    @Test
    void oneAnswerEndsTheSilence() {
        silence.asked(A);
        silence.answered();
        nowMs.addAndGet(JournalOutage.LONGEST_MS);

        assertThat(silence.isSilent()).isFalse();
        silence.asked(A);
        nowMs.addAndGet(JournalOutage.LONGEST_MS - 1);
        assertThat(silence.isSilent()).isFalse();
    }
}
