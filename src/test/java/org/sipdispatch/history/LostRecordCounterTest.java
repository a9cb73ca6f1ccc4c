package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LostRecordCounterTest {
    private final LostRecordCounter missing = new LostRecordCounter();

    @Test
    void whatADestinationNumberedAndNobodySawIsMissing() {
        missing.onRecord("a", 7);
        missing.onRecord("a", 8);
        missing.onRecord("b", 100);
        assertThat(missing.takeCount()).isZero();

        missing.onRecord("a", 12);
        missing.onRecord("b", 102);
        assertThat(missing.takeCount()).isEqualTo(4);
        assertThat(missing.takeCount()).isZero();
    }

    @Test
    void whatAnotherProjectionReadIsNotMissing() {
        missing.onRecord("a", 7);
        missing.onRecord("a", 9);

        missing.forgetSequences();
        missing.onRecord("a", 12);
        missing.onRecord("a", 13);

        assertThat(missing.takeCount()).isEqualTo(1);
    }
}
