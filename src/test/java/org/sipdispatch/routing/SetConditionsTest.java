package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sets.MemberState;
import org.sipdispatch.sets.PushedAttrs;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.SettingException;

/** Conditions about sets: {@code in-set} and {@code count}. */
class SetConditionsTest {
    private static final SetId TRUNKS = new SetId("trunks", 1);

    /** The sender is 192.0.2.1:5062. */
    private final FakeSets sets = new FakeSets()
            .with(set(3), "192.0.2.1:5060", MemberState.USABLE, "eu-west")
            .with(set(2), "192.0.2.1:5062", MemberState.PROBING, "us-east")
            .with(set(2), "192.0.2.2:5060", MemberState.USABLE, "")
            .with(set(4), "192.0.2.9:5060", MemberState.USABLE, "")
            .with(set(4), "192.0.2.8:5060", MemberState.BUSY, "")
            .with(set(4), "192.0.2.7:5060", MemberState.INACTIVE, "")
            .with(TRUNKS, "192.0.2.1:5062", MemberState.USABLE, ".hidden");

    private static SetId set(int number) {
        return new SetId("default", number);
    }

    private RequestFacts facts() {
        RequestFacts plain = Facts.of("INVITE");
        return new RequestFacts(plain.request(), plain.source(), plain.socket(), sets);
    }

    private SetId matched(String when) {
        RequestMatcher matcher = Facts.matcher(when);
        SetId found = matcher.senderSet(facts());
        assertThat(matcher.matches(facts())).isEqualTo(found != null);
        return found;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "in-set = 2; default:2",
                "in-set = \"3,2\"; default:3",
                "in-set = any; default:2",
                "in-set = 4;",
                "in-set = 5;",
                "in-set = \"trunks:1\"; trunks:1",
                "in-set = \"trunks:any\"; trunks:1",
                "in-set { set = \"2,3\" }; default:2",
                "in-set { set = \"3,2\", port = on }; default:2",
                "in-set { set = 3, port = on };",
                "in-set { set = \"2,3\", active = on }; default:3",
                "in-set { set = 2, active = on };",
                "in-set { set = \"2,3\", attrs = \"eu-*\" }; default:3",
                "in-set { set = any, attrs = \"*\" }; default:2",
                "in-set { set = \"trunks:1\", attrs = \"*\" };",
                "in-set { set = \"trunks:1\", attrs = \".*\" }; trunks:1"
            })
    void theSenderIsFoundInTheFirstSetThatHasItsAddress(String when, String found) {
        SetId matched = matched(when);

        assertThat(matched == null ? null : matched.toString()).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "set = 4, at-least = 1; true",
                "set = 4, at-least = 2; false",
                "set = 4, less-than = 2; true",
                "set = 4, less-than = 1; false",
                "set = 4, state = api, at-least = 2, less-than = 3; true",
                "set = 4, state = I, at-least = 1; true",
                "set = 2, state = p, less-than = 1; false",
                "set = 2, state = \"a2\", at-least = 2; true",
                "set = \"trunks:1\", at-least = 1; true",
                "set = 77, less-than = 1; true",
                "set = 77, at-least = 1; false"
            })
    void membersAreCountedByTheirStates(String count, boolean matches) {
        RequestMatcher matcher = Facts.matcher("count { " + count + " }");

        assertThat(matcher.matches(facts())).isEqualTo(matches);
    }

    @Test
    void allCountsOfAListMustMatch() {
        String first = "count = [ { set = 2, less-than = 2 }, { set = 3, at-least = ";

        assertThat(Facts.matcher(first + "1 } ]").matches(facts())).isTrue();
        assertThat(Facts.matcher(first + "2 } ]").matches(facts())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "in-set = x | in-set: x (expected: [partition:]set[,set...], or any)",
                "in-set { set = 1, prot = on } | in-set.prot: an unknown key (expected: one of the keys attrs, port, active, set; did you mean port?)",
                "in-set { set = 1, attrs = \"[[:odd:]]\" } | in-set.attrs: [[:odd:]] (expected: a pattern with * ? [a-z] [!a-z], as fnmatch reads it)",
                "count { set = \"1,2\", less-than = 1 } | count.set: 1,2 (expected: [partition:]set, one set)",
                "count { set = 1, lessthan = 2 } | count.lessthan: an unknown key (expected: one of set, state, at-least, less-than; did you mean less-than?)",
                "count { set = 1 } | count: no limit (expected: at-least or less-than, or both)",
                "count { set = 1, state = x, less-than = 1 } | count.state: x (expected: letters of a (takes new requests), p (probing), i (inactive))",
                "count { set = 1, at-least = 3, less-than = 3 } | count.at-least: 3 (expected: less than less-than, which is 3)"
            })
    void aConditionThatCannotBeMeantIsRefused(String when, String message) {
        assertThatThrownBy(() -> Facts.matcher(when))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "*; a.b; true",
                "*; ''; true",
                "*; .a; false",
                "?a; .a; false",
                "[.]a; .a; false",
                ".?; .a; true",
                "a*c; abc; true",
                "a*c; abd; false",
                "a?c; ac; false",
                "[a-c]x; bx; true",
                "[!a-c]x; bx; false",
                "[^a-c]x; dx; true",
                "[]]; ]; true",
                "[]-]; -; true",
                "[a; [a; true",
                "[[:digit:]x]; 7; true",
                "[[:digit:]x]; x; true",
                "[[:xdigit:]]; g; false",
                "a\\*; a*; true",
                "a\\*; ab; false",
                "a+(b); a+(b); true",
                "[\\]&]; &; true",
                "gw; GW; false"
            })
    void attributesMatchAsFnmatchMatchesThem(String pattern, String attrs, boolean matches) {
        assertThat(AttrsPattern.parse("attrs", pattern).matches(attrs)).isEqualTo(matches);
    }

    @Test
    void aRuleWithoutTheConditionIsNotCoveredByOneWithIt() {
        RequestMatcher with = Facts.matcher("in-set = 1, count { set = 1, less-than = 2 }");
        RequestMatcher same = Facts.matcher("count { set = 1, less-than = 2 }, in-set = 1, method = INVITE");
        RequestMatcher without = Facts.matcher("method = INVITE");

        assertThat(with.covers(same)).isTrue();
        assertThat(with.covers(without)).isFalse();
        assertThat(with.matchesAll()).isFalse();
        assertThat(without.covers(same)).isTrue();
    }

    @Test
    void theSetOfTheSenderMaySelectTheDestinations() {
        Rule rule = Facts.settings(
                        "partitions.x {}, rules = [ { when.in-set = \"trunks:1,2\", select { set = \"$ds(in-set)\" } } ]")
                .rules()
                .all()
                .get(0);

        assertThat(rule.plan().choices(rule.results(facts())).get(0).set()).isEqualTo(TRUNKS);
    }

    @Test
    void theSetOfTheSenderNeedsTheConditionThatFindsIt() {
        assertThatThrownBy(() -> Facts.settings("rules = [ { select { set = \"$ds(in-set)\" } } ]"))
                .isInstanceOf(SettingException.class)
                .hasMessage(
                        "rules[0].when: no in-set (expected: in-set, because $ds(in-set) is the set that it found)");
    }

    @ParameterizedTest
    @CsvSource({"2, load=us-east, false", "2, $rm, true", "'2', $hdr(X-None), false", "5, x, false"})
    void onlyAttributesThatChangeArePushed(String set, String attrs, boolean pushed) {
        Rule rule = Facts.settings(
                        "rules = [ { when.in-set = " + set + ", select.set = 1, push-attrs = \"" + attrs + "\" } ]")
                .rules()
                .all()
                .get(0);

        PushedAttrs found = rule.pushedAttrs(facts());

        assertThat(found != null).isEqualTo(pushed);
        assertThat(found == null || found.ids().equals(List.of("default:2:sip:192.0.2.1:5062")))
                .isTrue();
    }

    @Test
    void attributesArePushedForASenderOnly() {
        assertThatThrownBy(() -> Facts.settings("rules = [ { push-attrs = \"a\", select.set = 1 } ]"))
                .isInstanceOf(SettingException.class)
                .hasMessage(
                        "rules[0].push-attrs: a (expected: in-set in when, whose members at that address get them)");
    }

    @Test
    void aDestinationIsNotKnownBeforeTheSelection() {
        assertThatThrownBy(
                        () -> Facts.settings("rules = [ { select { set = 1, alg = 7, hash_pvar = \"$ds(uri)\" } } ]"))
                .isInstanceOf(SettingException.class)
                .hasMessage("rules[0].select.hash_pvar: $ds(uri) (expected: no variable of the destination, which is"
                        + " selected later)");
    }
}
