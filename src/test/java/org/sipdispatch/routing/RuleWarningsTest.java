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
    void algorithm9WithoutAFigureIsNamed() {
        assertThat(warnings("{ select { set = \"1,2\", alg = \"9,8\" } }"))
                .containsExactly("rules[0].select.alg: 9 (expected: pvar_algo_pattern to be set, because otherwise the"
                        + " first usable destination is selected)");
        assertThat(warnings("{ select { set = 1, alg = 9, pvar_algo_pattern = \"$stat(in_flight:%u)\" } }"))
                .isEmpty();
    }

    @Test
    void aRuleOnWhichADefaultHasNoEffectIsNamed() {
        String defaults = "relay-defaults.all-failed { code = 500 }\n";
        String rules = "rules = [ { when.method = BYE, select.set = 1, relay.mode = stateless }, { select.set = 1 } ]";

        assertThat(RuleWarnings.of(Facts.settings(defaults + rules).rules()))
                .extracting(RuleWarning::message)
                .containsExactly("rules[0].relay.mode: stateless (expected: stateful, because otherwise"
                        + " relay-defaults.all-failed has no effect on this rule)");
        assertThat(RuleWarnings.of(Facts.settings(rules).rules())).isEmpty();
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
        "when.ruri = .",
        "when.header.X = \".*\"",
        "when.socket = main",
        "when.ruri = x",
        "when.header.X = x",
        "when.to-tag = on"
    })
    void anyConditionMakesARuleOneThatDoesNotMatchAll(String condition) {
        assertThat(warnings("{ " + condition + ", select.set = 1 }, { select.set = 2 }"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ruri = \".*\"",
                "ruri = \"^.*$\"",
                "ruri = \"\"",
                "source = \"0.0.0.0/0, ::/0\"",
                "source = [ \"::/0\", \"0.0.0.0/0\" ], ruri = \".*\""
            })
    void conditionsThatEveryRequestFulfilsMatchAll(String conditions) {
        assertThat(warnings("{ when { " + conditions + " }, select.set = 1 }, { select.set = 2 }"))
                .containsExactly(
                        "rules[1]: never reached (expected: a place before rules[0], which matches every request)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method = INVITE | method = INVITE, ruri = x",
                "method = INVITE | method = [ACK, INVITE, CANCEL], to-tag = on",
                "method = \"INVITE,BYE\" | method = BYE",
                "source = \"10.0.0.0/8\" | source = \"10.1.0.0/16\"",
                "source = \"10.0.0.0/8, 11.0.0.0/8\" | source = [ \"11.1.1.1\", \"10.1.0.0/16\" ]",
                "source = \"2001:db8::/32\" | source = \"2001:db8:1::/48\"",
                "socket = [a, b] | socket = b",
                "ruri = x, method = BYE | method = BYE, ruri = x, source = \"10.0.0.1\"",
                "header.X = a | header { x = a, Y = b }",
                "header.X = \".*\" | header.X = a",
                "to-tag = on | to-tag = on, method = BYE"
            })
    void aRuleAfterOneWithFewerConditionsIsNeverReached(String first, String second) {
        assertThat(warnings("{ when { " + first + " }, select.set = 1 }, { when { " + second + " }, select.set = 2 }"))
                .filteredOn(line -> line.contains("reached ("))
                .containsExactly(
                        "rules[1]: never reached (expected: a place before rules[0], which matches all requests"
                                + " that this rule matches)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "method = INVITE, ruri = x | method = INVITE",
                "method = BYE | method = [BYE, INVITE]",
                "method = ACK | method = INVITE",
                "source = \"10.1.0.0/16\" | source = \"10.0.0.0/8\"",
                "source = \"10.0.0.0/8\" | source = \"10.1.0.0/16, 11.0.0.1\"",
                "source = \"0.0.0.0/0\" | source = \"2001:db8::/32\"",
                "socket = a | socket = [a, b]",
                "ruri = x | ruri = xy",
                "header.X = a | header.Y = a",
                "header.X = a | header.X = b",
                "to-tag = on | to-tag = off"
            })
    void aRuleThatMatchesOtherRequestsIsReached(String first, String second) {
        assertThat(warnings("{ when { " + first + " }, select.set = 1 }, { when { " + second + " }, select.set = 2 }"))
                .noneMatch(line -> line.contains("never reached"));
    }

    @Test
    void aRuleForAckAloneIsNamed() {
        assertThat(warnings("{ when.method = \"ACK,BYE\", select.set = 1 }"))
                .containsExactly("rules[0].when.method: ACK (expected: INVITE, which includes its ACK and CANCEL; they"
                        + " reach the rules only if the INVITE is unknown)");
        assertThat(warnings("{ when.method = \"INVITE,ACK,CANCEL\", select.set = 1 }"))
                .isEmpty();
    }

    @Test
    void aReplyThatLacksARequiredHeaderIsNamed() {
        assertThat(warnings("{ when.method = BYE, reply.code = 405 }, { reply.code = 401 }"))
                .containsExactly("rules[1].reply.code: 401 (expected: a code that does not require the header"
                        + " WWW-Authenticate, which is not sent)");
    }
}
