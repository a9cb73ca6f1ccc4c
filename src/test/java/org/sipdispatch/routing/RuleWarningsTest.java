package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleWarningsTest {
    private static List<String> warnings(String rules) {
        return RuleWarnings.of(Facts.settings("rules = [ " + rules + " ]").rules()).stream()
                .map(RuleWarning::message)
                .toList();
    }

    @Test
    void aMethodWithoutRfcIsNamedWithTheNearestOne() {
        assertThat(warnings("{ when.method = \"INVTE,BYE,KDMQ\", select.set = 1 }"))
                .containsExactly(
                        "rules[0].when.method: INVTE (expected: a method of RFC 3261 or of an extension with an RFC;"
                                + " did you mean INVITE?)",
                        "rules[0].when.method: KDMQ (expected: a method of RFC 3261 or of an extension with an RFC)");
    }

    @Test
    void aRuleAfterOneThatMatchesEveryRequestIsNeverReached() {
        assertThat(warnings("{ when.to-tag = off, select.set = 1 }, { select.set = 2 },"
                        + " { when.method = BYE, select.set = 3 }, { select.set = 4 }"))
                .containsExactly(
                        "rules[2]: never reached (expected: a place before rules[1], which matches every request)",
                        "rules[3]: never reached (expected: a place before rules[1], which matches every request)");
    }

    @ParameterizedTest
    @CsvSource({
        "when.method = BYE",
        "when.source = \"0.0.0.0/0\"",
        "when.socket = main",
        "when.ruri = x",
        "when.header.X = x",
        "when.to-tag = on"
    })
    void anyConditionMakesARuleOneThatDoesNotMatchAll(String condition) {
        assertThat(warnings("{ " + condition + ", select.set = 1 }, { select.set = 2 }"))
                .isEmpty();
    }

    @Test
    void aReplyThatLacksARequiredHeaderIsNamed() {
        assertThat(warnings("{ when.method = BYE, reply.code = 405 }, { reply.code = 401 }"))
                .containsExactly("rules[1].reply.code: 401 (expected: a code that does not require the header"
                        + " WWW-Authenticate, which is not sent)");
    }
}
