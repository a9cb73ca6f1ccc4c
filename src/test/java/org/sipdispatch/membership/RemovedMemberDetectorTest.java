package org.sipdispatch.membership;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RemovedMemberDetectorTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long MS = 1_000_000;

    private final RemovedMemberDetector questions =
            new RemovedMemberDetector(Duration.ofSeconds(8), Duration.ofMillis(250));

    private long nowNanos;
    private long answeredNanos;

    /** The node asks after a pause, and no answer has come since the last one. */
    private boolean asks() {
        return questions.areTooMany(true, false, this::silentNanos, nowNanos);
    }

    private long silentNanos(long sinceNanos) {
        return nowNanos - Math.max(answeredNanos, sinceNanos);
    }

    private void pass(long nanos) {
        nowNanos += nanos;
    }

    private int asksUntilTooMany() {
        for (int ask = 0; ask < 100; ask++) {
            if (asks()) {
                return ask;
            }
            pass(250 * MS);
        }
        return -1;
    }

    @Test
    void afterALongPauseFourQuestionsWithoutAnAnswerAreTooMany() {
        pass(20 * SECOND);

        assertThat(asksUntilTooMany()).isEqualTo(4);
    }

    @Test
    void duringAShorterSilenceOtherNodesStillAnswer() {
        pass(7 * SECOND);
        assertThat(asks()).isFalse();

        pass(SECOND);
        assertThat(asksUntilTooMany()).isEqualTo(4);
    }

    @Test
    void anAnswerStartsTheCountAgain() {
        pass(20 * SECOND);
        for (int ask = 0; ask < 4; ask++) {
            assertThat(asks()).isFalse();
        }
        answeredNanos = nowNanos;
        assertThat(asks()).isFalse();

        pass(20 * SECOND);
        assertThat(asksUntilTooMany()).isEqualTo(4);
    }

    @Test
    void aNodeThatIsAloneAsksNobody() {
        for (int ask = 0; ask < 100; ask++) {
            assertThat(questions.areTooMany(false, false, this::silentNanos, nowNanos))
                    .isFalse();
            pass(SECOND);
        }
    }

    /** It was alone for long, and the node that has joined is paused at once. */
    @Test
    void theTimeWithoutAnotherMemberIsNoSilence() {
        pass(30 * SECOND);
        questions.areTooMany(false, false, this::silentNanos, nowNanos);
        for (int ask = 0; ask < 30; ask++) {
            assertThat(asks()).isFalse();
            pass(250 * MS);
        }
    }

    @Test
    void aNodeThatWasNotPausedSinceItsLastConfirmationIsStillAMember() {
        pass(20 * SECOND);
        for (int ask = 0; ask < 30; ask++) {
            assertThat(questions.areTooMany(true, true, this::silentNanos, nowNanos))
                    .isFalse();
            pass(250 * MS);
        }
    }
}
