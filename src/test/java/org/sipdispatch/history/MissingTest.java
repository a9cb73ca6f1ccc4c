package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MissingTest {
    private final Missing missing = new Missing();

    @Test
    void whatADestinationNumberedAndNobodySawIsMissing() {
        missing.took("a", 7);
        missing.took("a", 8);
        missing.took("b", 100);
        assertThat(missing.take()).isZero();

        missing.took("a", 12);
        missing.took("b", 102);
        assertThat(missing.take()).isEqualTo(4);
        assertThat(missing.take()).isZero();
    }
}
