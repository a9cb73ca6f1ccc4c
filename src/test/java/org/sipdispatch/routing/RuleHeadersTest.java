package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sets.MemberState;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.SettingException;

/** The header fields that a rule sets. */
class RuleHeadersTest {
    private static final SetId SET = new SetId("default", 1);

    private static List<String> fields(String headers, String attrs) {
        FakeSets sets = new FakeSets().with(SET, "192.0.2.1:5060", MemberState.USABLE, attrs);
        RequestFacts plain = Facts.of("INVITE", "X-Load: 7");
        RequestFacts facts = new RequestFacts(plain.request(), plain.source(), plain.socket(), sets);
        Rule rule = Facts.settings("rules = [ { when.in-set = 1, select.set = 1, headers { " + headers + " } } ]")
                .rules()
                .all()
                .get(0);
        return rule.headers(facts, sets.destination(SET, 0)).stream()
                .map(field -> field.name() + "=" + field.value())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "X-A = \"$ds(attrs)\"; X-A=gw",
                "X-A = \"$ds(uri)\"; X-A=sip:192.0.2.1:5060",
                "X-A = \"set $ds(set) by $ds(in-set)\"; X-A=set 1 by 1",
                "X-A = \"$ds(description)\"; X-A=of 192.0.2.1:5060",
                "X-A = \"$(ds(script_attrs))\"; X-A=load=gw",
                "X-A = \"$fU,$hdr(X-Load)\"; X-A=alice,7",
                "X-A = fixed; X-A=fixed",
                "X-A = \"$hdr(X-None)\"; X-A=null"
            })
    void aValueNamesTheDestinationAndTheRequest(String headers, String expected) {
        assertThat(fields(headers, "gw")).containsExactly(expected);
    }

    @Test
    void anEmptyAttributeGivesNoHeaderField() {
        assertThat(fields("X-A = \"a=$ds(attrs)\"", "")).containsExactly("X-A=null");
    }

    @Test
    void aValueCannotBeginAnotherHeaderField() {
        assertThat(fields("X-A = \"$ds(attrs)\"", "a\r\nRoute: <sip:evil>\r\n\r\n\0b\u0085c\u010dd"))
                .containsExactly("X-A=a  Route: <sip:evil>     b c\u010dd");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Via = x; Via; Via",
                "call-ID = x; call-ID; call-ID",
                "s = x; s; s",
                "\"X A\" = x; X A; X A",
                "\"X:\" = x; X:; X:"
            })
    void aHeaderFieldWithAFunctionIsRefused(String headers, String key, String value) {
        assertThatThrownBy(() -> fields(headers, ""))
                .isInstanceOf(SettingException.class)
                .hasMessage("rules[0].headers." + key + ": " + value
                        + " (expected: a header field without a function in SIP and without a compact form, such as"
                        + " X-Attrs)");
    }

    @Test
    void aValueOnTwoLinesIsRefused() {
        assertThatThrownBy(() -> fields("X-A = \"a\\r\\nb\"", ""))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("rules[0].headers.X-A: a  b (expected: a value on one line");
    }

    @Test
    void aRedirectionForwardsNoHeaderFields() {
        assertThatThrownBy(() ->
                        Facts.settings("rules = [ { select.set = 1, relay.mode = redirect, headers { X-A = a } } ]"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("rules[0].headers: a block (expected: none in mode redirect");
    }
}
