package org.sipdispatch.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusCodesTest {
    @ParameterizedTest
    @CsvSource({
        "'408,5xx', 408, true",
        "'408,5xx', 407, false",
        "'408,5xx', 500, true",
        "'408,5xx', 599, true",
        "'408,5xx', 600, false",
        "'408, 6XX ', 699, true",
        "'3xx', 300, true",
        "'3xx', 400, false",
        "'', 500, false"
    })
    void codesAndClassesAreRead(String text, int code, boolean contained) {
        assertThat(StatusCodes.parse("key", text, 3).contains(code)).isEqualTo(contained);
    }

    @Test
    void anEmptyListIsEmpty() {
        assertThat(StatusCodes.parse("key", "", 3).isEmpty()).isTrue();
        assertThat(StatusCodes.parse("key", "408", 3).isEmpty()).isFalse();
        assertThat(StatusCodes.parse("key", "408,5xx", 3)).hasToString("408,5xx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"200", "1xx", "700", "40", "4x", "408,", ",408", "408;5xx", "any"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> StatusCodes.parse("relay.failover", text, 3))
                .isInstanceOf(SettingException.class)
                .hasMessage("relay.failover: " + text
                        + " (expected: status codes from 300 to 699 and classes such as 408,5xx)");
    }
}
