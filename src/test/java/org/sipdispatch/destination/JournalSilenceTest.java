package org.sipdispatch.destination;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JournalSilenceTest {
    private final JournalSilence silence = new JournalSilence();

    @Test
    void aStoreThatNobodyAsksIsNotSilent() {
        assertThat(silence.isSilent(1_000_000)).isFalse();
    }

    @Test
    void aStoreIsSilentWhenNoneOfManyQuestionsIsAnsweredForAWhile() {
        silence.asked(1000);
        silence.asked(2500);

        assertThat(silence.isSilent(1000 + JournalSilence.LONGEST_MS - 1)).isFalse();
        assertThat(silence.isSilent(1000 + JournalSilence.LONGEST_MS)).isTrue();
    }

    @Test
    void oneAnswerEndsTheSilence() {
        silence.asked(1000);
        silence.answered();

        assertThat(silence.isSilent(9000)).isFalse();
        silence.asked(9000);
        assertThat(silence.isSilent(10_000)).isFalse();
    }
}
