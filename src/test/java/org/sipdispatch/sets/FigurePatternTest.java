package org.sipdispatch.sets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FigurePatternTest {
    @Test
    void aMeasuredFigureIsNamedByStat() {
        FigurePattern pattern = FigurePattern.parse(" $stat(in_flight:%u) ");

        assertThat(pattern.measured()).isEqualTo(MeasuredFigure.IN_FLIGHT);
        assertThat(pattern.text()).isEqualTo("$stat(in_flight:%u)");
    }

    @Test
    void aPushedFigureMayHaveTheSetInItsName() {
        FigurePattern pattern = FigurePattern.parse("$figure(load_%i:%u)");

        assertThat(pattern.measured()).isNull();
        assertThat(pattern.nameFor(Views.destination("a", 1, 0))).isEqualTo("load_1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "load",
                "$stat(load:%u)",
                "$stat(in_flight)",
                "$stat(in_flight_%u)",
                "$stat(in_flight:%i)",
                "$figure(load)",
                "$figure(:%u)",
                "$figure(lo ad:%u)",
                "$figure(load:%u)x",
                "$fU"
            })
    void allElseIsInvalid(String text) {
        assertThat(FigurePattern.parse(text)).isNull();
    }
}
