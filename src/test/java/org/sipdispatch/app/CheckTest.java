package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The check reports every problem with its position, and no consequences of other problems. */
class CheckTest {
    private static final String BROKEN = """
            sip-dispatcher {
              sockets {
                main = "udp:192.0.2.1:5060"
                other = "sctp:10.0.0.1:5060"
                third = "udp:host"
              }
              sokets { }
              partitions {
                default {
                  db_url = "file:LIST"
                  db_pasword = x
                }
                trunks { db_url = "jdbc:postgresql://127.0.0.1:1/none", connect_timeout = 1s }
                media { db_url = "oracle:x" }
              }
              hash_pvar = "$xX"
              relay { secret = ${NO_SUCH_SECRET}, t1 = 5 }
              transport.lanes = 99
              rules = [
                { when { socket = other, source = "10.0.0.0/99" }
                  select { set = 1, alg = 11, flags = X } }
                { when { socket = nowhere }, select { set = "gone:1", alg = 7 } }
                { select { set = 4 } }
                { }
                { reply { code = 42, reason = "x" } }
                { select { set = "media:1" } }
              ]
              probing { ds_probing_sock = third, ds_ping_interval = never }
            }
            """;

    @TempDir
    Path directory;

    private record Run(int status, List<String> out) {}

    private static Run run(String... arguments) {
        ProgramRun run = ProgramRun.of(arguments);
        return new Run(run.status(), run.out().lines().toList());
    }

    private Path written(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("my.conf"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private Path list(String text) throws IOException {
        return Files.writeString(directory.resolve("my.list"), text);
    }

    private static String good(String url) {
        return """
                sip-dispatcher {
                  sockets.main = "udp:127.0.0.1:5060"
                  partitions.default { db_url = "%s" }
                  rules = [ { select { set = 1 } } ]
                }
                """.formatted(url);
    }

    /** File, line and setting of each finding. */
    private List<String> places(Run run) {
        return run.out.stream()
                .map(line -> line.replace(directory + "/", "").replaceAll("((?:error|warning): [^:]+):.*", "$1"))
                .collect(Collectors.toList());
    }

    @Test
    void allErrorsAreReportedAtOnceAndNoneThatFollows() throws IOException {
        Path list = list("1 sip:10.0.0.1 0 0 weight=5x\n1 sip:10.0.0.2:99999\n2 sip:10.0.0.3 0 0 socket=nowhere\n");

        Run run = run("check", written(BROKEN.replace("LIST", list.toString())).toString());

        assertThat(run.status).isEqualTo(2);
        assertThat(places(run))
                .containsExactly(
                        "my.conf:4: error: sockets.other",
                        "my.conf:5: error: sockets.third",
                        "my.conf:7: error: sokets",
                        "my.conf:11: error: partitions.default.db_pasword",
                        "my.conf:14: error: partitions.media.db_url",
                        "my.conf:16: error: hash_pvar",
                        "my.conf:17: error: ${NO_SUCH_SECRET}",
                        "my.conf:17: error: relay.t1",
                        "my.conf:18: error: transport.lanes",
                        "my.conf:20: error: rules[0].when.source",
                        "my.conf:21: error: rules[0].select.alg",
                        "my.conf:21: error: rules[0].select.flags",
                        "my.conf:22: error: rules[1].when.socket",
                        "my.conf:22: error: rules[1].select.set",
                        "my.conf:24: error: rules[3]",
                        "my.conf:25: error: rules[4].reply.code",
                        "my.conf:26: warning: rules[5]",
                        "my.conf:28: error: probing.ds_ping_interval",
                        "my.conf:3: error: sockets.main",
                        "my.list:1: error: weight",
                        "my.list:2: error: uri",
                        "my.list:3: warning: socket",
                        "my.conf:13: error: partitions.trunks.db_url",
                        "21 errors, 2 warnings");
    }

    @Test
    void allErrorsOfOneBlockAreReported() throws IOException {
        Path list = list("1 sip:10.0.0.1 0 0 socket=udp:10.9.9.9:5060\n");
        String text = good("file:" + list) + """
                sip-dispatcher {
                  sockets.main = "udp:127.0.0.1:0"
                  probing { ds_ping_method = "A B", ds_ping_from = "x", options_reply_codes = "100", ds_probing_sock = "udp:10.9.9.9:5060" }
                  relay { secret = short, in-dialog-targets = "10.0.0.0/99" }
                  cluster { name = "a b", port = 99999, seed-nodes = [ "127.0.0.1:2552", "nowhere" ] }
                  journal { db_url = "oracle:x", db_pasword = hidden }
                  events { webhook = [ "ftp://x", "http://a/b", "http://a/b" ], udp = [ "x" ] }
                  management.tokens = [ { name = "", token = hidden, role = nobody } ]
                  relay-defaults { failover = "1xx", rewrite = no, mark = no, mode = none }
                }
                """;

        Run run = run("check", written(text).toString());

        assertThat(run.out).noneMatch(line -> line.contains("hidden"));
        assertThat(places(run).stream().map(line -> line.replaceFirst("^my.conf:\\d+: error: ", "")))
                .containsExactlyInAnyOrder(
                        "sockets.main",
                        "probing.ds_ping_method",
                        "probing.ds_ping_from",
                        "probing.options_reply_codes",
                        "relay.secret",
                        "relay.in-dialog-targets",
                        "cluster.name",
                        "cluster.port",
                        "cluster.seed-nodes",
                        "journal.db_url",
                        "journal.db_pasword",
                        "events.webhook",
                        "events.udp",
                        "management.tokens[0].name",
                        "management.tokens[0].token",
                        "management.tokens[0].role",
                        "relay-defaults.failover",
                        "relay-defaults.rewrite",
                        "relay-defaults.mark",
                        "relay-defaults.mode",
                        "my.conf:7: warning: sockets.main",
                        "20 errors, 1 warning");
    }

    @Test
    void aValueThatNobodyGivesIsReportedOnce() throws IOException {
        Path list = list("1 sip:10.0.0.1\n");
        String text = good("file:" + list) + """
                sip-dispatcher {
                  sockets.other = ${NO_SUCH_SOCKET}
                  cluster { host = ${NO_SUCH_HOST}, seed-nodes = [ "127.0.0.1:2552" ] }
                  management.tokens = [ { name = a, token = ${NO_SUCH_TOKEN}, role = read } ]
                  relay.t1 = ${NO_SUCH_TIME}
                  partitions.more { db_url = ${NO_SUCH_URL} }
                }
                """;

        Run run = run("check", written(text).toString());

        assertThat(places(run).stream().map(line -> line.replaceFirst("^my.conf:\\d+: error: ", "")))
                .containsExactlyInAnyOrder(
                        "${NO_SUCH_SOCKET}",
                        "${NO_SUCH_HOST}",
                        "${NO_SUCH_TOKEN}",
                        "${NO_SUCH_TIME}",
                        "${NO_SUCH_URL}",
                        "5 errors, 0 warnings");
    }

    @Test
    void whatIsRightIsCounted() throws IOException {
        Path list = list("1 sip:10.0.0.1\n1 sip:10.0.0.2\n");

        assertThat(run("check", written(good("file:" + list)).toString()))
                .isEqualTo(new Run(0, List.of("ok: 1 partition, 2 destinations, 1 rule")));
        assertThat(run("check", "--no-data", "-c", written(good("file:" + list)).toString()))
                .isEqualTo(new Run(0, List.of("ok: 1 partition, 1 rule")));
    }

    @Test
    void rowsOfATableAreNamedByTheirIds() throws Exception {
        String url = "jdbc:h2:mem:checked";
        String table = Files.readString(Path.of("src/main/resources/org/sipdispatch/catalog/h2.sql"));
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(table);
            statement.execute(
                    "INSERT INTO dispatcher (id, setid, destination, weight, state) VALUES"
                            + " (7, 1, 'sip:10.0.0.1', '5x', 0), (8, 1, 'sip:b;transport=ws', '1', 0), (9, 1, 'sip:c', '1', 5)");

            Run run = run("check", written(good(url)).toString());

            assertThat(run.out)
                    .containsExactly(
                            "partition default: error: dispatcher id 7: weight: 5x (expected: a whole number from 0 to"
                                    + " 65535)",
                            "partition default: error: dispatcher id 8: destination: sip:b;transport=ws (expected:"
                                    + " transport udp, tcp or tls; WebSocket clients open their connections themselves (RFC 7118))",
                            "partition default: warning: dispatcher id 9: state: 5 (expected: 0, 1 or 2; taken as 0,"
                                    + " active)",
                            "2 errors, 1 warning");
        }
    }

    @Test
    void aDatabaseThatWouldBeMadeIsNotMade() throws IOException {
        String url = "jdbc:h2:" + directory.resolve("new");
        String script = "\", init_script = \"" + directory.resolve("my.conf");

        Run run = run("check", written(good(url + script)).toString());

        assertThat(run.status).isZero();
        assertThat(run.out).hasSize(3).endsWith("ok: 1 partition, 0 destinations, 1 rule", "0 errors, 1 warning");
        assertThat(directory.resolve("new.mv.db")).doesNotExist();
    }

    @Test
    void aSetThatNobodyIsInIsAWarning() throws IOException {
        Path list = list("2 sip:10.0.0.1\n");

        Run run = run("check", written(good("file:" + list)).toString());

        assertThat(run.status).isZero();
        assertThat(places(run))
                .containsExactly(
                        "my.conf:4: warning: rules[0].select.set",
                        "ok: 1 partition, 1 destination, 1 rule",
                        "0 errors, 1 warning");
    }

    @Test
    void aRuleThatIsNeverReachedAndAnUnknownMethodAreWarnings() throws IOException {
        String text = good("file:" + list("1 sip:10.0.0.1\n"))
                .replace("rules = [", "rules = [\n{ when.method = INVTE, select.set = 1 }\n{ select.set = 1 }\n");

        Run run = run("check", written(text).toString());

        assertThat(run.status).isZero();
        assertThat(places(run))
                .containsExactly(
                        "my.conf:5: warning: rules[0].when.method",
                        "my.conf:7: warning: rules[2]",
                        "ok: 1 partition, 1 destination, 3 rules",
                        "0 errors, 2 warnings");
    }

    @Test
    void rowsInStateProbingThatAreNotPingedAreAWarning() throws Exception {
        String url = "jdbc:h2:mem:unpinged";
        String table = Files.readString(Path.of("src/main/resources/org/sipdispatch/catalog/h2.sql"));
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(table);
            statement.execute("INSERT INTO dispatcher (setid, destination, state) VALUES (1, 'sip:10.0.0.1', 2)");

            Run run = run(
                    "check",
                    written(good(url) + "sip-dispatcher.probing.ds_ping_interval = 0\n")
                            .toString());

            assertThat(run.status).isZero();
            assertThat(run.out)
                    .containsExactly(
                            "partition default: warning: state: 2, Probing, in 1 row of sets default:1 that are not"
                                    + " pinged (expected: a probing.ds_ping_interval above 0, or state 0); without pings"
                                    + " they never take traffic",
                            "ok: 1 partition, 1 destination, 1 rule",
                            "0 errors, 1 warning");
        }
    }

    @Test
    void noMessageShowsWhatMayBeASecret() throws IOException {
        String text = good("file:" + list("1 sip:bob:hidden@10.0.0.999\n")) + """
                secret = hidden
                sip-dispatcher {
                  secret = hidden
                  relay { sercet = hidden, secret = [ hidden ] }
                  management { tokns = [ { token = hidden } ], tokens = [ { name = a, role = read, tokn = hidden }, hidden ] }
                  management.tls.keystore-passwd = hidden
                  events { webhooks = [ "http://u:hidden@h/" ], webhook = { url = "http://u:hidden@h/" } }
                  partitions.trunks { db_url = "jdbc:mysql://me:hidden@127.0.0.1/opensips" }
                  partitions.media { db_url = "mysql//me:hidden@127.0.0.1/opensips" }
                  partitions.lists { db_url = "file://me:hidden@host/x.list" }
                  journal.db_url = "jdbc:postgresql://me:hidden@127.0.0.1:45432/t"
                }
                """;

        Run run = run("check", written(text).toString());

        assertThat(run.out).noneMatch(line -> line.contains("hidden"));
        assertThat(places(run).stream().map(line -> line.replaceFirst("^my.(conf|list):\\d+: error: ", "")))
                .containsExactlyInAnyOrder(
                        "secret",
                        "relay.sercet",
                        "relay.secret",
                        "management.tokns",
                        "management.tokens[0].tokn",
                        "management.tokens[1]",
                        "management.tls.keystore-passwd",
                        "events.webhooks",
                        "events.webhook",
                        "partitions.trunks.db_url",
                        "partitions.media.db_url",
                        "partitions.lists.db_url",
                        "journal.db_url",
                        "uri",
                        "14 errors, 0 warnings");
    }

    /** The limit is far below connect_timeout: check does not retry a database that refuses. */
    @Test
    @Timeout(120)
    void aDatabaseThatRefusesIsOneErrorWithItsPartitionsAndNoWait() throws IOException {
        String text = good("postgres://me:hidden@127.0.0.1:1/x") + """
                sip-dispatcher.partitions {
                  default.connect_timeout = 5m
                  trunks.table_name = ds_trunks
                  media.table_name = ds_media
                  own.db_url = "mysql://me:hidden@127.0.0.1:1/y"
                }
                sip-dispatcher.journal { db_url = "postgres://me:hidden@127.0.0.1:1/x", connect_timeout = 5m }
                """;

        Run run = run("check", written(text).toString());

        assertThat(places(run))
                .containsExactly(
                        "my.conf:3: error: partitions.default.db_url",
                        "my.conf:10: error: partitions.own.db_url",
                        "my.conf:12: error: journal.db_url",
                        "3 errors, 0 warnings");
        assertThat(run.out.get(0))
                .contains(" (expected: a database that answers: ")
                .endsWith("; for partitions default, media, trunks");
        assertThat(run.out.get(1)).doesNotContain("; for partition");
    }

    @Test
    void theJournalsDatabaseMustAnswerAndTheSocketsBeOfThisHost() throws IOException {
        String text = good("file:" + list("1 sip:10.0.0.1\n")) + """
                sip-dispatcher.journal { db_url = "postgres://me:hidden@127.0.0.1:1/x", connect_timeout = 1s }
                sip-dispatcher.sockets.other { listen = "tcp:192.0.2.1", advertise = a }
                """;
        Path file = written(text);

        Run run = run("check", file.toString());

        assertThat(run.status).isEqualTo(2);
        assertThat(run.out).anyMatch(line -> line.contains("(expected: an IP address of this host; "));
        assertThat(places(run))
                .containsExactly(
                        "my.conf:7: error: sockets.other.listen",
                        "my.conf:6: error: journal.db_url",
                        "2 errors, 0 warnings");
        // Without data nothing outside the file is checked.
        assertThat(run("check", "--no-data", file.toString()).status).isZero();
    }

    @Test
    void aJournalInAFileIsCreatedLaterWithoutAWarning() throws IOException {
        String text = good("file:" + list("1 sip:10.0.0.1\n")) + "sip-dispatcher.journal.db_url = \"jdbc:h2:"
                + directory.resolve("later") + "\"\n";

        assertThat(run("check", written(text).toString()).status).isZero();
        assertThat(directory.resolve("later.mv.db")).doesNotExist();
    }

    @Test
    void anUnknownPartitionIsReportedBesideAWrongAlgorithm() throws IOException {
        String text =
                good("file:" + list("1 sip:10.0.0.1\n")).replace("set = 1", "set = \"nosuch:1\", alg = 11, flags = X");

        assertThat(places(run("check", written(text).toString())))
                .containsExactly(
                        "my.conf:4: error: rules[0].select.alg",
                        "my.conf:4: error: rules[0].select.flags",
                        "my.conf:4: error: rules[0].select.set",
                        "3 errors, 0 warnings");
    }

    @Test
    void aDefaultPartitionThatDoesNotExistIsReported() throws IOException {
        String text = good("file:" + list("1 sip:10.0.0.1\n"))
                .replace("rules = [", "default-partition = nosuch\nrules = [")
                .replace("set = 1", "set = \"default:1\"");

        assertThat(run("check", written(text).toString()).out)
                .hasSize(2)
                .first()
                .asString()
                .endsWith("error: default-partition: nosuch (expected: a partition among default)");
    }

    @Test
    void marksWithoutPingsAreAWarning() throws IOException {
        String text = good("file:" + list("1 sip:10.0.0.1\n2 sip:10.0.0.2\n")).replace("rules = [", """
                rules = [
                  { when.method = BYE, select.set = 1, relay { mark = probing } }
                  { when.method = INFO, select.set = 2, relay { mark = p } }
                """);

        assertThat(places(run("check", written(text).toString())))
                .containsExactly(
                        "my.conf:5: warning: rules[0].relay.mark",
                        "my.conf:6: warning: rules[1].relay.mark",
                        "ok: 1 partition, 2 destinations, 3 rules",
                        "0 errors, 2 warnings");
        String pinged = text + "sip-dispatcher.probing { ds_ping_interval = 10, ds_probing_list = 2 }\n";
        assertThat(run("check", written(pinged).toString()).out.get(0))
                .endsWith(
                        "rules[0].relay.mark: probing (expected: default:1 in probing.ds_probing_list, or off, because"
                                + " only pings bring a destination back from Probing)");
        assertThat(places(run(
                        "check",
                        written(good("file:" + list("1 sip:10.0.0.1\n"))
                                        + "sip-dispatcher.relay-defaults.mark = probing\n")
                                .toString())))
                .contains("my.conf:6: warning: relay-defaults.mark");
    }

    @Test
    void aPingMethodThatIsNoneIsAWarning() throws IOException {
        String text = good("file:" + list("1 sip:10.0.0.1\n")) + "sip-dispatcher.probing.ds_ping_method = OPTION\n";

        assertThat(run("check", written(text).toString()).out.get(0))
                .endsWith(
                        "warning: probing.ds_ping_method: OPTION (expected: a method of RFC 3261 or of an extension with"
                                + " an RFC; did you mean OPTIONS?)");
    }

    @Test
    void twoBlocksThatAreMergedAreAWarning() throws IOException {
        String text = "base { when.method = BYE }\n"
                + good("file:" + list("1 sip:10.0.0.1\n"))
                        .replace(
                                "rules = [",
                                "# } {\nrules = [ ${base} { select.set = 1 }, { when.method = BYE, reply { code = 404, reason = \"} {\" } }\n"
                                        + "{ when.method = INFO, select.set = 1 } ");

        assertThat(run("check", written(text).toString()).out)
                .filteredOn(line -> line.contains("} {"))
                .containsExactly(
                        directory + "/my.conf:7: warning: } {: two blocks that are merged into one (expected: a"
                                + " comma or a line break between them)");
    }

    @Test
    void anotherBlockWithASimilarNameIsAWarning() throws IOException {
        String text = good("file:" + list("1 sip:10.0.0.1\n")) + "sip-dispacher { relay.t1 = 5 }\nother { }\n";

        assertThat(places(run("check", written(text).toString())))
                .containsExactly(
                        "my.conf:6: warning: sip-dispacher",
                        "ok: 1 partition, 1 destination, 1 rule",
                        "0 errors, 1 warning");
    }

    @Test
    void aMissingBraceIsReportedWithItsLine() throws IOException {
        Run run = run(
                "check", written("sip-dispatcher {\n  a = 1\n  b = [ 1\n}\n").toString());

        assertThat(run.status).isEqualTo(2);
        assertThat(run.out.get(0)).startsWith(directory + "/my.conf:4: error: ");
    }

    @Test
    void thePasswordInABadUrlIsNotShown() throws IOException {
        Run run = run("check", written(good("mysql://me:hidden@host")).toString());

        assertThat(run.status).isEqualTo(2);
        assertThat(String.join("\n", run.out)).contains("db_url").doesNotContain("hidden");
    }

    @Test
    void theSampleConfigurationPasses() {
        assertThat(run("check", "conf/sip-dispatcher.conf").status).isZero();
    }
}
