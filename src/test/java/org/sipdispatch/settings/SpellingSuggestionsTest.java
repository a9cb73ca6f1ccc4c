package org.sipdispatch.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingSuggestionsTest {
    private static final List<String> COMMANDS =
            List.of("list", "hold", "release", "reload", "history", "drain", "top");

    @ParameterizedTest
    @CsvSource({
        "lsit, ; did you mean list?",
        "LIST, ; did you mean list?",
        "lst, ; did you mean list?",
        "reloda, ; did you mean reload?",
        "relase, ; did you mean release?",
        "rel, ; did you mean release or reload?",
        "holt, ; did you mean hold?",
        "histroy, ; did you mean history?",
        "tpo, ; did you mean top?",
        "ls, ; did you mean list?",
        "rl, ; did you mean release or reload?",
        "sl, ''",
        "nosuch, ''",
        "x, ''"
    })
    void aWordIsFoundThatIsAlike(String written, String hint) {
        assertThat(SpellingSuggestions.hint(written, COMMANDS)).isEqualTo(hint);
    }
}
