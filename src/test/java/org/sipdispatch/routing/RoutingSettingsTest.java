package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.routing.RelayPolicy.Mode;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

class RoutingSettingsTest {
    private static final String ONE_RULE = "rules = [ { select.set = 1 } ]";

    @Test
    void theDefaultsAreThoseOfTheManual() {
        RoutingSettings settings = Facts.settings(ONE_RULE);

        assertThat(settings.signedBytes()).isTrue();
        assertThat(settings.rules().noMatch()).isEqualTo(new LocalReply(404, "No Rule For This Request"));
        Rule rule = settings.rules().first(Facts.of("INVITE"));
        assertThat(rule.path()).isEqualTo("rules[0]");
        assertThat(rule.reply()).isNull();
        assertThat(rule.unusable()).isEqualTo(new LocalReply(500, "No Destination Available"));
        RelayPolicy policy = rule.policy();
        assertThat(policy.mode()).isEqualTo(Mode.STATEFUL);
        assertThat(policy.failover()).hasToString("408,5xx");
        assertThat(policy.stop()).hasToString("501,505,513");
        assertThat(policy.frTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(policy.frInvTimeout()).isEqualTo(Duration.ofSeconds(181));
        assertThat(policy.rewriteDomain()).isFalse();
        assertThat(policy.recordRoute()).isTrue();
        assertThat(policy.marks()).isEqualTo(FailureMarks.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "probing; PROBING PROBING PROBING",
                "p; PROBING PROBING PROBING",
                "inactive; INACTIVE INACTIVE INACTIVE",
                "i; INACTIVE INACTIVE INACTIVE",
                "off; OFF OFF OFF",
                "{ probing = \"408,5xx\", inactive = 404 }; PROBING INACTIVE PROBING",
                "{ inactive = 404 }; OFF INACTIVE OFF"
            })
    void aRuleMayMarkDestinationsThatFail(String mark, String marks) {
        FailureMarks read = Facts.settings("rules = [ { select.set = 1, relay.mark = " + mark + " } ]")
                .rules()
                .all()
                .get(0)
                .policy()
                .marks();

        assertThat(Stream.of(408, 404, 503).map(read::of).map(Enum::name)).containsExactly(marks.split(" "));
    }

    @Test
    void aRuleMayKeepRequestsTogether() {
        StickySettings sticky = Facts.settings("rules = [ { select.set = 1, sticky { key = \"x $fU\", for = 90s } } ]")
                .rules()
                .all()
                .get(0)
                .sticky();

        assertThat(sticky.key()).hasToString("x $fU");
        assertThat(sticky.lifetime()).isEqualTo(Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        sticky { key = x, for = 1h }                               | rules[0].sticky.key: x (expected: a text with a
        sticky { key = "$fu", for = 0s }                           | rules[0].sticky.for: 0s (expected:
        sticky { key = "$xy", for = 1h }                           | rules[0].sticky.key: $xy (expected: pseudo-var
        sticky { key = "$ds(uri)", for = 1h }                      | rules[0].sticky.key: $ds(uri) (expected: no var
        sticky { key = "$ds(in-set)", for = 1h }                   | rules[0].when: no in-set (expected: in-set, because
        sticky { for = 1h }                                        | rules[0].sticky.key:
        sticky { key = "$fu", for = 1h }, relay { mode = redirect } | rules[0].sticky: in mode redirect (expected: mode
        """)
    void aBadStickyBlockIsRefused(String block, String message) {
        assertThatThrownBy(() -> Facts.settings("rules = [ { select.set = 1, " + block + " } ]"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "active; mark: active (expected: probing or p, inactive or i, or off, or a block with the codes of probing and inactive)",
                "{ probing = 404, inactive = \"404,5xx\" }; mark.inactive: 404,5xx (expected: no code that probing names too; probing is 404)",
                "{ probing = 200 }; mark.probing: 200 (expected: status codes from 300 to 699 and classes such as 408,5xx)",
                "{ active = 404 }; mark.active: an unknown key (expected: one of the keys probing, inactive"
            })
    void aMarkThatCannotBeMeantIsRefused(String mark, String message) {
        assertThatThrownBy(() -> Facts.settings("rules = [ { select.set = 1, relay.mark = " + mark + " } ]"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("rules[0].relay." + message);
    }

    @Test
    void aMarkedCodeIsAFailureWithoutFailover() {
        RelayPolicy policy = Facts.settings("rules = [ { select.set = 1, relay { mark { inactive = \"404,501\" } } } ]")
                .rules()
                .all()
                .get(0)
                .policy();

        assertThat(Stream.of(404, 501, 500, 486, 513).filter(policy::isFailure)).containsExactly(404, 501, 500);
    }

    @Test
    void aRuleSaysWhatDiffersForIt() {
        Rule rule = Facts.settings("rules = [ { select { set = 1, flags = F, unusable { code = 480, reason = Gone } },"
                        + " relay { mode = stateless, failover = 503, fr_timeout = 2s, fr_inv_timeout = 1 minute,"
                        + " rewrite = domain, record-route = off } } ]")
                .rules()
                .all()
                .get(0);

        assertThat(rule.unusable()).isEqualTo(new LocalReply(480, "Gone"));
        assertThat(rule.policy().mode()).isEqualTo(Mode.STATELESS);
        assertThat(rule.policy().failover().contains(503)).isTrue();
        assertThat(rule.policy().failover().contains(500)).isFalse();
        assertThat(rule.policy().frTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(rule.policy().frInvTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(rule.policy().rewriteDomain()).isTrue();
        assertThat(rule.policy().recordRoute()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "302, Moved Temporarily", "404, Not Found", "405, Method Not Allowed", "428, Use Identity Header",
        "480, Temporarily Unavailable", "503, Service Unavailable", "603, Decline", "608, Rejected"
    })
    void aReplyWithoutAReasonHasTheOneOfItsRfc(int code, String reason) {
        Rules rules = Facts.settings("rules = [ { when.method = BYE, reply.code = " + code + " },"
                        + " { select { set = 1, unusable.code = " + code + " } } ]")
                .rules();

        assertThat(rules.all().get(0).reply()).isEqualTo(new LocalReply(code, reason));
        assertThat(rules.all().get(1).unusable()).isEqualTo(new LocalReply(code, reason));
    }

    @Test
    void aReplyMaySayWhenToTryAgain() {
        Rules rules = Facts.settings("rules = [ { reply { code = 503, reason = Full, retry-after = 30s } } ]")
                .rules();

        assertThat(rules.all().get(0).reply()).isEqualTo(new LocalReply(503, "Full", Duration.ofSeconds(30)));
    }

    @Test
    void aRuleMayReplyWhenAllDestinationsHaveFailed() {
        RelayPolicy policy = Facts.settings("relay-defaults.all-failed { code = 500, reason = Down }, " + ONE_RULE)
                .rules()
                .all()
                .get(0)
                .policy();

        assertThat(policy.inPlaceOf(408)).isEqualTo(new LocalReply(500, "Down"));
        assertThat(Stream.of(404, 501, 603).map(policy::inPlaceOf)).containsOnlyNulls();
    }

    @Test
    void theFirstRuleThatMatchesDecides() {
        Rules rules = Facts.settings("rules = [ { when.method = BYE, select.set = 1 },"
                        + " { when.method = INVITE, reply { code = 603, reason = Never } }, { select.set = 3 } ]")
                .rules();

        assertThat(rules.first(Facts.of("BYE")).path()).isEqualTo("rules[0]");
        assertThat(rules.first(Facts.of("INVITE")).reply()).isEqualTo(new LocalReply(603, "Never"));
        assertThat(rules.first(Facts.of("CANCEL")).path()).isEqualTo("rules[1]");
        assertThat(rules.first(Facts.of("OPTIONS")).path()).isEqualTo("rules[2]");
    }

    @Test
    void whereNoRuleMatchesThereIsNone() {
        assertThat(Facts.settings("rules = [ { when.method = BYE, select.set = 1 } ]")
                        .rules()
                        .first(Facts.of("INVITE")))
                .isNull();
    }

    @ParameterizedTest
    @MethodSource
    void aWrongSettingIsReportedWithItsPath(String settings, String message) {
        assertThatThrownBy(() -> Facts.settings(settings))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> aWrongSettingIsReportedWithItsPath() {
        return Stream.of(
                Arguments.of("", "rules: [] (expected: at least one rule { select { set = 1 } })"),
                Arguments.of("rules = 5", "rules: a single value (expected: a list of blocks [ { ... } ])"),
                Arguments.of("rules = [ 5 ]", "rules[0]: a single value (expected: a block { ... })"),
                Arguments.of(
                        "rules = [ { when.method = BYE } ]",
                        "rules[0]: when (expected: a select block or a reply block)"),
                Arguments.of(
                        "rules = [ { select = 1 } ]", "rules[0].select: a single value (expected: a block { ... })"),
                Arguments.of("rules = [ { select {} } ]", "rules[0].select.set: nothing (expected: a text)"),
                Arguments.of(
                        "rules = [ { select { set = 1 } }, { select { set = x } } ]",
                        "rules[1].select.set: x (expected: [partition:]set[,set...] with set numbers from 0 to"
                                + " 2147483647)"),
                Arguments.of(
                        "rules = [ { select { set = 1, unusable.code = 499 } } ]",
                        "rules[0].select.unusable.reason: nothing (expected: a text, because no RFC defines one for 499)"),
                Arguments.of(
                        "rules = [ { reply { code = 200, reason = OK } } ]",
                        "rules[0].reply.code: 200 (expected: a whole number from 300 to 699)"),
                Arguments.of(
                        "rules = [ { reply { code = 404, reason = \"Zürich\" } } ]",
                        "rules[0].reply.reason: Zürich (expected: one line of ASCII text)"),
                Arguments.of(
                        "rules = [ { reply { code = 404, reason = No }, select.set = 1 } ]",
                        "rules[0].select: an unknown key (expected: one of the keys when, reply, log, push-attrs)"),
                Arguments.of(
                        "rules = [ { select { set = 1 }, relay { failover = 503 } } ]",
                        "rules[0].select.flags: none (expected: F, because relay.failover needs the failover list)"),
                Arguments.of(
                        "rules = [ { select { set = 1 }, relay { mode = magic } } ]",
                        "rules[0].relay.mode: magic (expected: one of stateless, stateful, redirect)"),
                Arguments.of(
                        "rules = [ { select { set = 1 }, relay { rewrite = both } } ]",
                        "rules[0].relay.rewrite: both (expected: dst or domain)"),
                Arguments.of(
                        "rules = [ { select { set = 1 }, relay { fr_timeout = 50ms } } ]",
                        "rules[0].relay.fr_timeout: 50ms (expected: a time with its unit from 100ms to 3600s)"),
                Arguments.of(
                        "rules = [ { select { set = 1 }, relay { fr_timeout = 500 } } ]",
                        "rules[0].relay.fr_timeout: 500 (expected: a time with its unit from 100ms to 3600s)"),
                Arguments.of(
                        "rules = [ { select { set = 1 }, relay { colour = red } } ]",
                        "rules[0].relay.colour: an unknown key (expected: one of the keys mode, failover, stop,"
                                + " fr_timeout, fr_inv_timeout, rewrite, record-route, mark, challenge-affinity,"
                                + " blacklist, path, all-failed)"),
                Arguments.of(
                        "rules = [ { select.set = 1, relay { mode = stateless, all-failed.code = 500 } } ]",
                        "rules[0].relay.all-failed: a block (expected: mode stateful, which sees the responses)"),
                Arguments.of(
                        "rules = [ { reply { code = 403, retry-after = 30s } } ]",
                        "rules[0].reply.retry-after: 30s (expected: none, because RFC 3261 has no Retry-After for 403)"),
                Arguments.of(
                        "rules = [ { reply { code = 503, retry-after = 500ms } } ]",
                        "rules[0].reply.retry-after: 500ms (expected: a time with its unit from 1s to 3600s)"),
                Arguments.of(
                        "rules = [ { select { set = 1, colour = red } } ]",
                        "rules[0].select.colour: an unknown key (expected: one of the keys hash_pvar, set, alg, flags,"
                                + " max_results, pvar_algo_pattern, algo_route, resources, numbers, unusable)"),
                Arguments.of(
                        "rules = [ { select { set = 1, alg = parallel }, relay.mode = stateless } ]",
                        "rules[0].select.alg: parallel (expected: mode stateful or redirect in relay, or another algorithm"
                                + " than parallel)"),
                Arguments.of(
                        "rules = [ { select { set = 1, alg = parallel }, sticky { key = \"$fu\", for = 1h } } ]",
                        "rules[0].sticky: with alg = parallel (expected: another algorithm, because parallel uses all"
                                + " destinations)"),
                Arguments.of(
                        "best-of-choices = 1, " + ONE_RULE,
                        "best-of-choices: 1 (expected: a whole number from 2 to 100)"),
                Arguments.of(
                        "latency-tiers = [10ms, 20], " + ONE_RULE,
                        "latency-tiers: 20 (expected: a time with its unit from 1ms to 60s)"),
                Arguments.of(
                        "latency-tiers = [20ms, 20ms], " + ONE_RULE,
                        "latency-tiers: 20ms (expected: a longer time than the one before)"),
                Arguments.of(
                        "rules = [ { select { set = 1 }, colour = red } ]",
                        "rules[0].colour: an unknown key (expected: one of the keys when, reply, select, relay, headers,"
                                + " sticky, log, push-attrs)"),
                Arguments.of(
                        "relay-defaults.failover = 200, " + ONE_RULE,
                        "relay-defaults.failover: 200 (expected: status codes from 300 to 699 and classes such as"
                                + " 408,5xx)"),
                Arguments.of(
                        "relay-defaults.stop = any, " + ONE_RULE,
                        "relay-defaults.stop: any (expected: status codes from 300 to 699 and classes such as"
                                + " 408,5xx)"),
                Arguments.of(
                        "rules = [ { select { set = 1, flags = F }, relay.failover = \"408,501\" } ]",
                        "rules[0].relay.failover: 408,501 (expected: no code that stop names too;"
                                + " stop is 501,505,513)"),
                Arguments.of(
                        "rules = [ { select { set = 1, flags = F }, relay.stop = \"408\" } ]",
                        "rules[0].relay.stop: 408 (expected: no code that failover names too;"
                                + " failover is 408,5xx)"),
                Arguments.of(
                        "unusable.code = 99, " + ONE_RULE,
                        "unusable.code: 99 (expected: a whole number from 300 to 699)"),
                Arguments.of(
                        "hash_pvar = \"$zz\", " + ONE_RULE,
                        "hash_pvar: $zz (expected: pseudo-variables among $ci $fu $fU $fd $tu $tU $td $ru $rU $rd $rp"
                                + " $rm $si $sp $au $ua $hdr(name) $ds(in-set))"),
                Arguments.of(
                        "rules = [ { select { set = 1 }, headers.X-A = \"$ds(foo)\" } ]",
                        "rules[0].headers.X-A: $ds(foo) (expected: pseudo-variables among $ci $fu $fU $fd $tu $tU $td $ru"
                                + " $rU $rd $rp $rm $si $sp $au $ua $hdr(name) $ds(in-set) $ds(uri) $ds(set) $ds(attrs)"
                                + " $ds(description) $ds(script_attrs))"),
                Arguments.of(
                        "rules = [ { select { set = 1 }, relay.mark = a } ]",
                        "rules[0].relay.mark: a (expected: probing or p, inactive or i, or off, or a block with the codes of"
                                + " probing and inactive)"));
    }

    @Test
    void namesAreCheckedAgainstWhatThereIs() {
        RoutingSettings settings = Facts.settings(
                "rules = [ { when.socket = edge, select.set = \"trunks:1\" }, { reply { code = 404, reason = No } } ]");
        Set<String> sockets = new TreeSet<>(Set.of("edge", "main"));
        Set<String> partitions = new TreeSet<>(Set.of("default", "trunks"));
        Section root = Section.of("", Map.of());

        assertThatCode(() -> settings.checkNames(root, partitions, sockets)).doesNotThrowAnyException();
        assertThatThrownBy(() -> settings.checkNames(root, partitions, Set.of("main")))
                .hasMessage("rules[0].when.socket: edge (expected: one of main)");
        assertThatThrownBy(() -> settings.checkNames(root, Set.of("default"), sockets))
                .hasMessage("rules[0].select.set: trunks:1 (expected: a partition among default)");
    }
}
