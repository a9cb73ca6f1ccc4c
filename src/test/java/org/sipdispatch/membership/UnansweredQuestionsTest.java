package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnansweredQuestionsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MS = 1_000_000;

    private final UnansweredQuestions questions =
            new UnansweredQuestions(Duration.ofSeconds(8), Duration.ofMillis(250));

    private int asksUntilTooMany(long silentNanos) {
        for (int ask = 0; ask < 100; ask++) {
            if (questions.areTooMany(true, silentNanos + ask * 250 * MS)) {
                return ask;
            }
        }
        return -1;
    }

    @Test
    void afterALongPauseFourQuestionsWithoutAnAnswerAreTooMany() {
        assertThat(asksUntilTooMany(20 * SECOND)).isEqualTo(4);
    }

    @Test
    void duringAShorterSilenceOtherNodesStillAnswer() {
        assertThat(questions.areTooMany(true, 7 * SECOND)).isFalse();
        assertThat(asksUntilTooMany(8 * SECOND)).isEqualTo(4);
    }

    @Test
    void anAnswerStartsTheCountAgain() {
        for (int ask = 0; ask < 4; ask++) {
            assertThat(questions.areTooMany(true, 20 * SECOND)).isFalse();
        }
        assertThat(questions.areTooMany(true, 100 * MS)).isFalse();

        assertThat(asksUntilTooMany(20 * SECOND)).isEqualTo(4);
    }

    @Test
    void aNodeThatIsAloneAsksNobody() {
        for (int ask = 0; ask < 100; ask++) {
            assertThat(questions.areTooMany(false, 60 * SECOND)).isFalse();
        }
    }
}
