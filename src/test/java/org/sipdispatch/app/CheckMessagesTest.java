package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages of the check name what an operator of OpenSIPS looks for. */
class CheckMessagesTest {
    private static final String GOOD = """
            sip-dispatcher {
              sockets.main = "udp:127.0.0.1:5060"
              partitions.default.db_url = "file:%s"
              rules = [ { select { set = 1 } } ]
              %s
            }
            """;

    @TempDir
    Path directory;

    private Path list() throws IOException {
        return Files.writeString(directory.resolve("my.list"), "1 sip:10.0.0.1\n");
    }

    /** Checks a valid configuration with one destination in set 1, and with more settings. */
    private List<String> check(String more) throws IOException {
        return checkText(GOOD.formatted(list(), more));
    }

    private List<String> checkText(String text, String... options) throws IOException {
        Path file = Files.writeString(directory.resolve("my.conf"), text);
        List<String> words = new ArrayList<>(List.of("check", file.toString()));
        words.addAll(List.of(options));
        return ProgramRun.of(words.toArray(String[]::new))
                .out()
                .replace(directory + "/", "")
                .lines()
                .map(line -> line.replaceFirst("^my.conf:\\d+: ", ""))
                .toList();
    }

    @Test
    void aBlacklistOfASetThatDoesNotExistIsAWarning() throws IOException {
        assertThat(check("blacklists.own = \"1,5\", ds_define_blacklist = [ \"a = 1\", \"b = 6,1\" ]"))
                .contains(
                        "warning: blacklists.own: default:5 (expected: a set with destinations)",
                        "warning: ds_define_blacklist[1]: default:6 (expected: a set with destinations)",
                        "0 errors, 2 warnings");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pstm        | pstm (expected: a capacity in the attrs of a destination of default:1, which has pstn, transc; did you mean pstn?)
            pstn;transc | pstn;transc (expected: a destination of default:1 that has all of them)
            transc      |
            """)
    void aResourceThatNoDestinationHasIsAWarning(String resources, String warning) throws IOException {
        Files.writeString(
                directory.resolve("my.list"), "1 sip:10.0.0.1 0 0 pstn=3;maxcalls=2\n1 sip:10.0.0.2 0 0 transc=4\n");
        String text = GOOD.formatted(directory.resolve("my.list"), "")
                .replace("set = 1", "set = 1, flags = F, resources = \"" + resources + "\"");

        assertThat(checkText(text).stream().filter(line -> line.startsWith("warning: ")))
                .isEqualTo(warning == null ? List.of() : List.of("warning: rules[0].select.resources: " + warning));
    }

    @Test
    void misspeltNumbersAreOneError() throws IOException {
        String text = GOOD.formatted(list(), "").replace("set = 1", "set = 1, alg = 12, numbers = kamailoi");

        assertThat(checkText(text))
                .contains(
                        "error: rules[0].select.numbers: kamailoi (expected: one of opensips, kamailio)",
                        "1 error, 0 warnings");
    }

    @Test
    void aSourceThatIsASetWithoutDestinationsIsAWarning() throws IOException {
        assertThat(
                        check(
                                "limits.sources = [ { name = a, set = 1, max-calls = 3 }, { name = b, set = 9, max-cps = 1 } ]"))
                .contains(
                        "warning: limits.sources[1].set: default:9 (expected: a set with destinations; otherwise source b"
                                + " limits nothing)",
                        "0 errors, 1 warning");
    }

    @Test
    void theQueryOfADocumentIsNotShown() throws IOException {
        assertThat(check("partitions.a.db_url = \"https://u:hidden@h/x.json?key=hidden\""))
                .anyMatch(line -> line.startsWith("error: partitions.a.db_url: https://u:***@h/x.json?*** (expected: "))
                .noneMatch(line -> line.contains("hidden"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        partitions.a { db_password "hidden" }                     | a key without '=': db_password (expected: key = value
        relay { secret "hidden" }                                 | a key without '=': secret (
        management.tokens = [ { name = ops, token "hidden" } ]    | a key without '=': token (
        partitions.a { db_url "mysql://u:hidden@h/db", x = 1 }    | a key without '=': db_url (
        relay { hidden }                                          | a key without '=' (
        relay { "hidden" }                                        | a key without '=' (
        partitions.a { db_password = a,hidden }                   | a key without '=' (expected: key = value; a value with a comma
        relay { secret = "hidden" { a = 1 } }                     | a block or a list directly beside another value
        management.tokens = [ { token = hidden } [] ]             | a block or a list directly beside another value
        partitions = default { db_password = hidden }             | a block or a list directly beside another value
        relay { t1 = 1s "hidden                                   |
        relay { t1 = [] "hidden" }                                | a block or a list
        relay { secret = "a\\uhide" }                             | a backslash in double quotes (
        relay { secret = "a\\hidden" }                            | a backslash in double quotes (
        relay { "a" : "b" }, "hidden" }                           | a key without '=' (
        include file("x" hidden                                   | expecting a close parentheses ')' here, not: a value (
        include hidden                                            | expecting include parameter
        """)
    void textOfABrokenFileIsNotShown(String setting, String begins) throws IOException {
        List<String> lines = check(setting);

        assertThat(lines.get(0)).startsWith("error: HOCON: " + (begins == null ? "" : begins));
        assertThat(lines).noneMatch(line -> line.contains("hid"));
    }

    @Test
    void aListOfAnotherHostIsNotReadWithoutData() throws IOException {
        String text = GOOD.formatted("/no/such.list", "");

        assertThat(checkText(text, "--no-data")).containsExactly("ok: 1 partition, 1 rule");
        assertThat(checkText(GOOD.formatted("", ""))).hasSize(2);
        assertThat(checkText(text).get(0))
                .isEqualTo("error: partitions.default.db_url: file:/no/such.list (expected: a file that can be read)");
    }

    @Test
    void anotherSpellingOfTheBlockIsNamed() throws IOException {
        assertThat(checkText("sip_dispatcher { }\n").get(0))
                .endsWith("(expected: a block sip-dispatcher { ... } in it; did you mean sip-dispatcher for"
                        + " sip_dispatcher?)");
        assertThat(checkText("other { }\n").get(0)).endsWith("(expected: a block sip-dispatcher { ... } in it)");
    }

    @Test
    void anInvalidNumberIsNotComparedWithAnother() throws IOException {
        String text = GOOD.formatted(list(), "")
                .replace("{ select", "{ when.count { set = 1, less-than = 0, at-least = 4 }, select");

        List<String> lines = checkText(text);

        assertThat(lines.get(0)).startsWith("error: rules[0].when.count.less-than: 0 (expected: ");
        assertThat(lines).contains("1 error, 0 warnings");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        fetch_freeswitch_stats = 1      | fetch_freeswitch_stats | freeswitch.fetch_freeswitch_stats
        setid_pvar = "$var(set)"        | setid_pvar    | nothing; $ds(in-set) is the set in which when.in-set of a rule finds
        cluster_id = 1                  | cluster_id    | cluster.name and cluster.seed-nodes)
        dst_avp = "$avp(271)"           | dst_avp       | nothing; the node keeps the candidates of each request itself)
        partition = "trunks:db_url=x"   | partition     | a block partitions.NAME { ... })
        db_default_url = "mysql://h/o"  | db_default_url | partitions.default.db_url)
        destination_col = dst           | destination_col | partitions.default.destination_col)
        use_default = 1                 | use_default   | flags = D in select of a rule)
        force_dst = 0                   | force_dst     | flags = S in select of a rule for force_dst = 0, and none for 1)
        flags = 2                       | flags         | flags in select of a rule: U for 1, F for 2, FU for 3)
        """)
    void aParameterOfTheModuleIsSentToItsPlace(String setting, String key, String place) throws IOException {
        List<String> lines = check(setting);

        assertThat(lines.get(0)).startsWith("error: " + key + ": an unknown key (expected: " + place);
        assertThat(lines).hasSize(2);
    }
}
