package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sets.Algorithm;
import org.sipdispatch.sets.FigurePattern;
import org.sipdispatch.sets.SelectFlags;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

class SelectPlanTest {
    private static final String SET_FORM = "[partition:]set[,set...] with set numbers from 0 to 2147483647";
    private static final String ALGORITHM_FORM =
            "0 to 10, route:NAME, or a name such as smooth-round-robin, rendezvous or best-of, one for all sets or one"
                    + " for each";
    private static final String FLAGS_FORM =
            "letters of F U D S, each once, and M with a number from 1, one item for all sets or one for each";

    @Test
    void oneSetAloneIsHashedByCallIdWithoutFlags() {
        assertThat(choices("set = 1")).containsExactly(choice("default", 1, Algorithm.CALL_ID, ""));
    }

    @Test
    void listsGoTogetherPlaceByPlace() {
        assertThat(choices("set = \"1, 2\", alg = \"4, 0\", flags = \"F, fu\""))
                .containsExactly(
                        choice("default", 1, Algorithm.ROUND_ROBIN, "F"),
                        choice("default", 2, Algorithm.CALL_ID, "FU"));
    }

    @Test
    void oneItemIsForAllSets() {
        assertThat(choices("set = \"1,2,3\", alg = 8, flags = FD"))
                .containsExactly(
                        choice("default", 1, Algorithm.PRIORITY, "FD"),
                        choice("default", 2, Algorithm.PRIORITY, "FD"),
                        choice("default", 3, Algorithm.PRIORITY, "FD"));
    }

    @Test
    void thePartitionIsForAllSets() {
        assertThat(choices("set = \" trunks : 1,2\""))
                .extracting(choice -> choice.set())
                .containsExactly(new SetId("trunks", 1), new SetId("trunks", 2));
    }

    @Test
    void aSetWithoutAPartitionBelongsToTheDefaultOne() {
        RoutingSettings settings = Facts.settings("default-partition = trunks, blacklists { a = \"1\", b = \"p:1\" },"
                + " rules = [ { when { in-set = any, count { set = 2, less-than = 1 } }, select.set = \"$hdr(X-Set)\" },"
                + " { select.set = 3 } ]");

        Rule first = settings.rules().all().get(0);
        assertThat(first.senderPartition()).isEqualTo("trunks");
        assertThat(first.namedSets().get("when.count")).containsExactly(new SetId("trunks", 2));
        assertThat(Stream.of("X-Set: 5", "X-Set: p:5")
                        .map(set -> first.plan()
                                .choices(Facts.of("INVITE", set))
                                .get(0)
                                .set()))
                .containsExactly(new SetId("trunks", 5), new SetId("p", 5));
        assertThat(settings.rules().all().get(1).plan().constantSets()).containsExactly(new SetId("trunks", 3));
        assertThat(settings.blacklists().values())
                .extracting(Blacklist::sets)
                .containsExactly(List.of(new SetId("trunks", 1)), List.of(new SetId("p", 1)));
    }

    @ParameterizedTest
    @CsvSource({"'FM2', 5, 2", "'FM7', 5, 5", "'F', 5, 5", "'F', 1000, 1000", "'M3', 5, 3"})
    void theSmallerOfMAndMaxResultsHolds(String flags, int maxResults, int most) {
        assertThat(choices("set = 1, flags = " + flags + ", max_results = " + maxResults)
                        .get(0)
                        .flags()
                        .most())
                .isEqualTo(most);
    }

    @Test
    void pseudoVariablesAreWorkedOutForEachRequest() {
        SelectPlan plan = plan("set = \"$hdr(X-Set)\", alg = \"$hdr(X-Alg)\", flags = \"$hdr(X-Flags)\"");

        assertThat(plan.constantChoices()).isEmpty();
        assertThat(plan.mayFailOver()).isTrue();
        assertThat(plan.choices(Facts.of("INVITE", "X-Set: p:3", "X-Alg: 4", "X-Flags: F")))
                .containsExactly(choice("p", 3, Algorithm.ROUND_ROBIN, "F"));
        assertThatThrownBy(() -> plan.choices(Facts.of("INVITE")))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("<null>");
    }

    @Test
    void theRulesOwnHashTextGoesBeforeTheCommonOne() {
        Template common = Template.parse("hash_pvar", "$ci");

        assertThat(plan(Facts.section("set = 1"), common, true).hashText(Facts.of("INVITE")))
                .isEqualTo("c1@192.0.2.1");
        assertThat(plan(Facts.section("set = 1, hash_pvar = \"$fU\""), common, true)
                        .hashText(Facts.of("INVITE")))
                .isEqualTo("alice");
        assertThat(plan("set = 1").hashText(Facts.of("INVITE"))).isNull();
    }

    @Test
    void onlyFlagFMayFailOver() {
        assertThat(plan("set = 1, flags = U").mayFailOver()).isFalse();
        assertThat(plan("set = \"1,2\", flags = \"U,F\"").mayFailOver()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "set = abc; .set; abc; SET",
                "set = -1; .set; -1; SET",
                "set = \"1,\"; .set; 1,; SET",
                "set = \":1\"; .set; :1; SET",
                "set = \"a:b:1\"; .set; a:b:1; SET",
                "set = 2147483648; .set; 2147483648; SET",
                "set = 1, alg = 11; .alg; 11; ALGORITHM",
                "set = 1, alg = \"\"; .alg; ''; ALGORITHM",
                "set = 1, alg = \"0,4\"; .alg; 0,4; ALGORITHM",
                "set = \"1,2,3\", alg = \"0,4\"; .alg; 0,4; ALGORITHM",
                "set = 1, flags = X; .flags; X; FLAGS",
                "set = 1, flags = FF; .flags; FF; FLAGS",
                "set = \"1,2,3\", flags = \"F,U\"; .flags; F,U; FLAGS",
                "set = 1, flags = \"F,U\"; .flags; F,U; FLAGS"
            })
    void whatMakesNoSenseIsRefused(String select, String key, String value, String form) {
        String expected = form.equals("SET") ? SET_FORM : form.equals("FLAGS") ? FLAGS_FORM : ALGORITHM_FORM;

        assertThatThrownBy(() -> plan(select))
                .isInstanceOf(SettingException.class)
                .hasMessage("select" + key + ": " + value + " (expected: " + expected + ")");
    }

    @Test
    void aListMayHave32Sets() {
        String most = "1" + ",1".repeat(31);

        assertThat(choices("set = \"" + most + "\"")).hasSize(32);
        assertThatThrownBy(() -> plan("set = \"" + most + ",1\""))
                .hasMessageEndingWith("(expected: " + SET_FORM + ", 32 sets at most)");
    }

    @Test
    void algorithm7NeedsItsText() {
        assertThatThrownBy(() -> plan("set = 1, alg = 7"))
                .isInstanceOf(SettingException.class)
                .hasMessage("select.alg: 7 (expected: hash_pvar to be set, because algorithm 7 hashes it)");
        assertThat(plan("set = 1, alg = 7, hash_pvar = \"$fU\"").constantChoices())
                .hasSize(1);
    }

    @Test
    void algorithm9ComparesTheFigureOfThePattern() {
        assertThat(choices("set = \"1,2\", alg = \"9,8\", pvar_algo_pattern = \"$stat(in_flight:%u)\""))
                .extracting(choice -> choice.ranking())
                .containsExactly(new RankingPlan(FigurePattern.parse("$stat(in_flight:%u)"), null), null);
        assertThat(choices("set = 1, alg = figure")).containsExactly(choice("default", 1, Algorithm.FIGURE, ""));
    }

    @Test
    void theCommonPatternIsForRulesWithoutOneOfTheirOwn() {
        RoutingSettings settings = Facts.settings("""
                pvar_algo_pattern = "$figure(load:%u)"
                rules = [
                  { when.method = INVITE, select { set = 1, alg = 9 } }
                  { select { set = 1, alg = 9, pvar_algo_pattern = "$figure(cost:%u)" } }
                ]
                """);

        assertThat(settings.rules().all())
                .extracting(rule ->
                        rule.plan().constantChoices().get(0).ranking().figure().text())
                .containsExactly("$figure(load:%u)", "$figure(cost:%u)");
    }

    @Test
    void anInvalidPatternIsRefused() {
        assertThatThrownBy(() -> plan("set = 1, alg = 9, pvar_algo_pattern = \"$stat(load_%u)\""))
                .isInstanceOf(SettingException.class)
                .hasMessage("select.pvar_algo_pattern: $stat(load_%u) (expected: $stat(NAME:%u) with one of in_flight,"
                        + " requests_per_second, latency_ms, unanswered_percent, or $figure(NAME:%u) with a name of"
                        + " letters, digits, _ . - and %i)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"alg = \"route:capacity\"", "alg = 10, algo_route = capacity", "alg = route, algo_route = capacity"
            })
    void algorithm10CallsTheAlgorithmOfAnExtension(String select) {
        SetChoice choice = choices("set = 1, " + select).get(0);

        assertThat(choice.algorithm()).isEqualTo(Algorithm.ROUTE);
        assertThat(choice.ranking().route().name()).isEqualTo("capacity");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "alg = 10; alg: 10; algo_route to be set, because algorithm 10 calls it",
                "alg = \"route:x\"; alg: x; an algorithm that a jar in the directory extensions provides: capacity",
                "algo_route = x; algo_route: x; an algorithm that a jar in the directory extensions provides: capacity"
            })
    void anAlgorithmThatDoesNotExistIsRefused(String select, String found, String expected) {
        assertThatThrownBy(() -> plan("set = 1, " + select))
                .isInstanceOf(SettingException.class)
                .hasMessage("select." + found + " (expected: " + expected + ")");
    }

    @ParameterizedTest
    @CsvSource({
        "0, CALL_ID, true",
        "4, ROUND_ROBIN, true",
        "7, HASH_PVAR, true",
        "8, PRIORITY, false",
        "9, PERCENT_WEIGHT, false",
        "10, CALL_LOAD, false",
        "11, RELATIVE_WEIGHT, false",
        "12, PARALLEL, false",
        "13, LATENCY_PRIORITY, false",
        "14, TURNS_OR_PRIORITY, false",
        "15, SRV_TIERS, false",
        "round-robin, ROUND_ROBIN, false"
    })
    void kamailiosNumbersMeanWhatTheyMeanThere(String number, Algorithm algorithm, boolean unweighted) {
        SetChoice choice = choices("set = 1, numbers = kamailio, hash_pvar = \"$ci\", alg = " + number)
                .get(0);

        assertThat(choice.algorithm()).isEqualTo(algorithm);
        assertThat(choice.flags().unweighted()).isEqualTo(unweighted);
    }

    @Test
    void kamailiosNumbersMayComeFromTheRequest() {
        SelectPlan plan = plan("set = 1, numbers = kamailio, alg = \"$hdr(X-Alg)\"");

        assertThat(plan.choices(Facts.of("INVITE", "X-Alg: 10"))).containsExactly(choice(Algorithm.CALL_LOAD));
    }

    private static SetChoice choice(Algorithm algorithm) {
        return choice("default", 1, algorithm, "");
    }

    @ParameterizedTest
    @CsvSource({"16", "64", "x"})
    void anotherNumberOfKamailioIsRefused(String number) {
        assertThatThrownBy(() -> plan("set = 1, numbers = kamailio, alg = " + number))
                .isInstanceOf(SettingException.class)
                .hasMessage("select.alg: " + number + " (expected: 0 to 15, route:NAME, or a name such as"
                        + " smooth-round-robin, rendezvous or best-of, one for all sets or one for each)");
    }

    @Test
    void theNumbersAreThoseOfOpensipsOrKamailio() {
        assertThat(choices("set = 1, numbers = opensips, alg = 8").get(0).algorithm())
                .isEqualTo(Algorithm.PRIORITY);
        assertThatThrownBy(() -> plan("set = 1, numbers = asterisk"))
                .isInstanceOf(SettingException.class)
                .hasMessage("select.numbers: asterisk (expected: one of opensips, kamailio)");
    }

    @ParameterizedTest
    @CsvSource({"0", "1001", "many"})
    void maxResultsIsFrom1To1000(String maxResults) {
        assertThatThrownBy(() -> plan("set = 1, max_results = " + maxResults))
                .isInstanceOf(SettingException.class)
                .hasMessage("select.max_results: " + maxResults + " (expected: a whole number from 1 to 1000)");
    }

    @Test
    void parallelSelectsTheWholeListWithoutFlagF() {
        SelectPlan plan = plan("set = \"1,2\", alg = parallel, flags = D");

        assertThat(plan.choices(Facts.of("INVITE")))
                .containsExactly(
                        choice("default", 1, Algorithm.PARALLEL, "FD"), choice("default", 2, Algorithm.PARALLEL, "FD"));
        assertThat(plan.isParallel(Facts.of("INVITE"))).isTrue();
        assertThat(plan.mayFailOver()).isTrue();
        assertThat(plan("set = 1, alg = 8, flags = F").isParallel(Facts.of("INVITE")))
                .isFalse();
    }

    @Test
    void parallelIsForAllSetsOrForNone() {
        assertThatThrownBy(() -> plan("set = \"1,2\", alg = \"parallel,4\""))
                .isInstanceOf(SettingException.class)
                .hasMessage("select.alg: parallel,4 (expected: parallel for all sets or for none)");
    }

    @Test
    void parallelFromTheRequestIsRefusedWithoutTransactions() {
        SelectPlan plan = plan(selectSection("set = 1, alg = \"$hdr(X-Alg)\""), null, false);

        assertThat(plan.isParallel(Facts.of("INVITE", "X-Alg: 8"))).isFalse();
        assertThatThrownBy(() -> plan.choices(Facts.of("INVITE", "X-Alg: parallel")))
                .isInstanceOf(SettingException.class)
                .hasMessage(
                        "select.alg: parallel (expected: mode stateful or redirect in relay, or another algorithm than"
                                + " parallel)");
    }

    private static Section selectSection(String select) {
        return Facts.section("select { " + select + " }").section("select");
    }

    private static SelectPlan plan(String select) {
        return plan(selectSection(select), null, true);
    }

    private static SelectPlan plan(Section select, Template hashPvar, boolean allowsParallel) {
        return SelectPlan.from(select, hashPvar, RankingSettings.NONE, new SetListParser("default"), allowsParallel);
    }

    private static List<SetChoice> choices(String select) {
        return plan(select).choices(Facts.of("INVITE"));
    }

    private static SetChoice choice(String partition, int set, Algorithm algorithm, String flags) {
        return new SetChoice(new SetId(partition, set), algorithm, SelectFlags.parse(flags));
    }
}
