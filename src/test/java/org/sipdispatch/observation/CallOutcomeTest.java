package org.sipdispatch.observation;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallOutcomeTest {
    /** The table of the page on quality: first after a response from 101 to 199, then without one. */
    @ParameterizedTest
    @CsvSource({
        "200, ANSWERED, ANSWERED",
        "202, ANSWERED, ANSWERED",
        "302, NO_SEIZURE, NO_SEIZURE",
        "401, NO_SEIZURE, NO_SEIZURE",
        "402, NO_SEIZURE, NO_SEIZURE",
        "404, FAILED, FAILED",
        "407, NO_SEIZURE, NO_SEIZURE",
        "408, NOT_ANSWERED, FAILED",
        "480, NOT_ANSWERED, NOT_ANSWERED",
        "484, FAILED, FAILED",
        "486, NOT_ANSWERED, NOT_ANSWERED",
        "487, NOT_ANSWERED, FAILED",
        "500, FAILED, FAILED",
        "503, FAILED, FAILED",
        "600, NOT_ANSWERED, NOT_ANSWERED",
        "603, NOT_ANSWERED, NOT_ANSWERED",
        "604, FAILED, FAILED"
    })
    void aCodeHasOneOutcome(int status, CallOutcome rang, CallOutcome didNotRing) {
        assertThat(CallOutcome.of(status, true, false)).isEqualTo(rang);
        assertThat(CallOutcome.of(status, false, false)).isEqualTo(didNotRing);
    }

    @Property
    void retryAfterOnlyConcerns503(@ForAll @IntRange(min = 200, max = 699) int status, @ForAll boolean rang) {
        CallOutcome with = CallOutcome.of(status, rang, true);

        assertThat(with).isEqualTo(status == 503 ? CallOutcome.NO_SEIZURE : CallOutcome.of(status, rang, false));
        assertThat(with == CallOutcome.ANSWERED).isEqualTo(status < 300);
    }
}
