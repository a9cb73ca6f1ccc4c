package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectFlagsTest {
    @ParameterizedTest
    @CsvSource({
        "'', '', 1000",
        "' ', '', 1000",
        "F, F, 1000",
        "f, F, 1000",
        "FUDS, FUDS, 1000",
        "sduf, FUDS, 1000",
        "F U, FU, 1000",
        "F M 2, F, 2",
        "fm2, F, 2",
        "M2F, F, 2",
        "FUD M 5, FUD, 5",
        "3, '', 3",
        "M1, '', 1",
        "M 999999, '', 999999"
    })
    void lettersAndALimitAreRead(String text, String letters, int most) {
        assertThat(SelectFlags.parse(text))
                .isEqualTo(new SelectFlags(
                        letters.contains("F"),
                        letters.contains("U"),
                        letters.contains("D"),
                        letters.contains("S"),
                        most));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FF", "fF", "X", "M", "FM", "M0", "0", "M-1", "M2M3", "2 3", "F,U", "1234567", "F!"})
    void anythingElseIsRefused(String text) {
        assertThat(SelectFlags.parse(text)).isNull();
    }

    @Test
    void theSmallerLimitHolds() {
        assertThat(SelectFlags.parse("FM5").limitedTo(3).most()).isEqualTo(3);
        assertThat(SelectFlags.parse("FM5").limitedTo(7).most()).isEqualTo(5);
        assertThat(SelectFlags.parse("FUDS").limitedTo(3)).isEqualTo(new SelectFlags(true, true, true, true, 3));
    }
}
