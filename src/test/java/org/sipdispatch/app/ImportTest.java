package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.settings.SettingException;

/** Real configurations and their conversion. */
class ImportTest {
    private static final Path SAMPLES = Path.of("src/test/resources/import");

    @TempDir
    Path directory;

    private record Run(int status, String out, String err) {}

    private static Run run(String... arguments) {
        ProgramRun run = ProgramRun.of(arguments);
        return new Run(run.status(), run.out(), run.err());
    }

    @Test
    void algorithmsKeepTheNumbersThatTheyHaveInKamailio() throws IOException {
        Path script = Files.writeString(directory.resolve("kamailio.cfg"), """
                #!KAMAILIO
                listen=udp:192.0.2.9:5060
                request_route {
                  if (is_method("INVITE")) { ds_select_dst("1", "10"); t_relay(); exit; }
                  if (is_method("INFO")) { ds_select_dst("1", "12"); t_relay(); exit; }
                  if (is_method("MESSAGE")) { ds_select_dst("1", "64"); t_relay(); exit; }
                  ds_select_dst("2", "4"); t_relay();
                }
                """);

        Run run = run("import", "--kamailio", script.toString());

        assertThat(run.status).isEqualTo(3);
        assertThat(run.out)
                .contains("\n      select { set = \"1\", numbers = kamailio, alg = \"10\" }")
                .contains("\n      select { set = \"2\", numbers = kamailio, alg = \"4\" }")
                .contains("\n      select { set = \"1\", numbers = kamailio, alg = \"12\" }")
                .contains("algorithm 64 does not exist here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loadbalancer", "partitions", "cluster3", "legacy", "trunks-and-registrars"})
    void aScriptBecomesAConfigurationThatPassesTheCheckOnceSomebodyHasLooked(String name) throws IOException {
        Run run = run("import", "--opensips", SAMPLES.resolve(name + ".cfg").toString(), "--out", directory.toString());

        Path written = directory.resolve("sip-dispatcher.conf");
        assertThat(Files.readString(written))
                .isEqualTo(Files.readString(SAMPLES.resolve("expected/" + name + ".conf")));
        assertThat(run.out).startsWith("wrote ");
        assertThat(run.err).startsWith("not everything was carried over: ");
        assertThat(run.status).isEqualTo(3);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
                .isEqualTo("rw-------");
        assertThat(run("check", "--no-data", looked(written).toString()).out).startsWith("ok: ");
    }

    /** The configuration without the list of texts to review. */
    private Path looked(Path written) throws IOException {
        return Files.writeString(
                directory.resolve("looked.conf"),
                Files.readString(written).replaceFirst("(?s)  unfinished = \\[\n.*?\n  ]\n", ""));
    }

    /** With a timer and a failover, without flag F, and without a next destination. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "$T_fr_timeout = 2; ds_select_dst(1, 4, \"F\"); t_on_failure(\"next\"); t_relay(); }",
                "ds_select_dst(1, 4); t_on_failure(\"next\"); t_relay(); }",
                "ds_select_dst(1, 4); t_on_failure(\"mark\"); t_relay(); }"
            })
    void timersAndMarksPassTheCheck(String statements) throws IOException {
        Path script = Files.writeString(directory.resolve("a.cfg"), """
                socket=udp:192.0.2.1:5060
                modparam("dispatcher", "db_url", "mysql://u@db/opensips")
                failure_route[next] { if (t_check_status("408|503")) { ds_mark_dst("p");
                    if (ds_next_dst()) { t_on_failure("next"); t_relay(); } } }
                failure_route[mark] { if (t_check_status("408|5..")) ds_mark_dst("p"); }
                route { record_route(); if (is_method("OPTIONS")) { send_reply(405, ""); exit; }
                """ + statements);

        run("import", "--opensips", script.toString(), "--out", directory.toString());

        Path written = directory.resolve("sip-dispatcher.conf");
        // Marks without pings are a warning.
        assertThat(run("check", "--no-data", written.toString()).out)
                .contains("ok: ")
                .doesNotContain("error:");
    }

    @Test
    void aSelectionUnderAConditionDoesNotTakeAllRequests() throws IOException {
        Run run = run(
                "import",
                "--opensips",
                SAMPLES.resolve("trunks-and-registrars.cfg").toString(),
                "--out",
                directory.toString());

        Path written = directory.resolve("sip-dispatcher.conf");
        assertThat(Files.readString(written))
                .contains("when   { method = REGISTER }", "# {\n    #   when   { method = INVITE }");
        assertThat(run.out)
                .contains("error: unfinished: rules: 1 of 4 are comments")
                .contains("1 error, 0 warnings");
        assertThatThrownBy(() -> Node.start(ConfigFile.read(written, directory)))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("unfinished: ");
    }

    @Test
    void aListWithoutARowThatCanBeUsedIsNoSuccess() throws IOException {
        Path list = Files.writeString(directory.resolve("ws.list"), """
                1 sip:192.0.2.1;transport=ws
                1 sip:192.0.2.2;transport=sctp
                1 sip:192.0.2.3;transport=wss 0 10
                """);

        Run run = run(
                "import",
                "--kamailio-list",
                list.toString(),
                "--out",
                directory.resolve("out").toString());

        assertThat(run.status).isEqualTo(3);
        assertThat(run.err).contains("ws.list: 0 of 3 rows usable");
    }

    @Test
    void aWeightThatIsNoNumberIsNamedInTheConfiguration() throws IOException {
        Path list = Files.writeString(directory.resolve("a.list"), "1 sip:192.0.2.1 0 0 weight=5x\n2 sip:192.0.2.2\n");

        Run run = run("import", "--kamailio-list", list.toString());

        assertThat(run.status).isEqualTo(3);
        assertThat(run.err).contains("a.list: 1 of 2 rows usable");
        assertThat(run.out)
                .contains(
                        "# not carried over: a.list line 1: 1 sip:192.0.2.1 0 0 weight=5x, because weight=5x is not a")
                .contains("2 list rows: 1 carried over, 1 left");
    }

    @Test
    void aScriptOfTheOtherProxyIsRefused() {
        Run opensips =
                run("import", "--opensips", SAMPLES.resolve("kamailio.cfg").toString());
        Run kamailio =
                run("import", "--kamailio", SAMPLES.resolve("loadbalancer.cfg").toString());

        assertThat(opensips.status).isEqualTo(2);
        assertThat(opensips.err).startsWith("--opensips: ").contains("--kamailio FILE");
        assertThat(kamailio.status).isEqualTo(2);
        assertThat(kamailio.err).startsWith("--kamailio: ").contains("--opensips FILE");
    }

    @Test
    void aListInPlaceOfAScriptIsRefused() {
        Run list = run("import", "--kamailio", SAMPLES.resolve("kamailio.list").toString());

        assertThat(list.status).isEqualTo(2);
        assertThat(list.err)
                .startsWith("--kamailio: ")
                .contains("a list of destinations, which --kamailio-list FILE reads");
    }

    @Test
    void theOrderOfAListThatIsNotWrittenDiffers() {
        String differs = "# differs here: the order of rows with the same priority in ";

        assertThat(run(
                                "import",
                                "--kamailio-list",
                                SAMPLES.resolve("kamailio.list").toString())
                        .out)
                .contains(differs + SAMPLES.resolve("kamailio.list").toAbsolutePath());
        assertThat(run("import", "--kamailio", SAMPLES.resolve("kamailio.cfg").toString()).out)
                .contains(differs);
    }

    @Test
    void aScriptOfKamailioIsReadWithTheListThatItNames() throws IOException {
        Path out = directory.resolve("out");

        Run run = run("import", "--kamailio", SAMPLES.resolve("kamailio.cfg").toString(), "--out", out.toString());

        Path written = out.resolve("sip-dispatcher.conf");
        assertThat(Files.readString(written).replace(out.toAbsolutePath().toString(), "OUT"))
                .isEqualTo(Files.readString(SAMPLES.resolve("expected/kamailio.conf")));
        assertThat(out.resolve("dispatcher.list")).exists();
        assertThat(run.err).contains("kamailio.list: 6 of 8 rows usable");
        assertThat(run.status).isEqualTo(3);
        assertThat(run("check", "--no-data", written.toString()).out).isEqualTo("ok: 1 partition, 4 rules\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"loadbalancer", "partitions", "cluster3", "legacy"})
    void passwordsAreNotPrinted(String name) throws IOException {
        Run run = run("import", "--opensips", SAMPLES.resolve(name + ".cfg").toString());

        assertThat(run.out).contains("sip-dispatcher {").doesNotContain("en@sips", "s3cret", "trunk-pw", "opensipsrw");
        Path printed = Files.writeString(directory.resolve("printed.conf"), run.out);
        assertThat(run("check", "--no-data", looked(printed).toString()).out).startsWith("ok: ");
    }

    @Test
    void aKamailioListBecomesOursAndANodeStartsWithIt() throws IOException {
        int port = Ports.next();
        Path script = directory.resolve("opensips.cfg");
        Files.writeString(script, Files.readString(SAMPLES.resolve("list.cfg")).replace(":5060", ":" + port));
        Path list = Files.writeString(
                directory.resolve("kamailio.list"),
                Files.readString(SAMPLES.resolve("kamailio.list")).replace("127.0.0.1:5060", "127.0.0.1:" + port));
        Path out = directory.resolve("out");

        Run run = run(
                "import", "--opensips", script.toString(), "--kamailio-list", list.toString(), "--out", out.toString());

        assertThat(run.err).contains("6 of 8 rows usable");
        assertThat(run.status).isEqualTo(3);
        assertThat(Files.readString(out.resolve("dispatcher.list")).replace(":" + port, ":5060"))
                .isEqualTo(Files.readString(SAMPLES.resolve("expected/kamailio.list")));
        Path conf = out.resolve("sip-dispatcher.conf");
        assertThat(run("check", conf.toString()).out).isEqualTo("ok: 1 partition, 6 destinations, 1 rule\n");
        String open = "management.enabled = off\ndata-dir = \"" + directory.resolve("data") + "\"\n";
        Files.writeString(conf, Files.readString(conf).replace("sip-dispatcher {\n", "sip-dispatcher {\n" + open));
        try (Node node = Node.start(ConfigFile.read(conf, directory))) {
            assertThat(node).isNotNull();
        }
    }

    @Test
    void aKamailioListBecomesRowsOfATable() throws Exception {
        Run run = run(
                "import", "--kamailio-list", SAMPLES.resolve("kamailio.list").toString(), "--sql");

        String table = Files.readString(Path.of("src/main/resources/org/sipdispatch/catalog/h2.sql"));
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:imported");
                Statement statement = connection.createStatement()) {
            statement.execute(table);
            statement.execute(run.out);
            try (ResultSet rows = statement.executeQuery("SELECT COUNT(*), SUM(state), SUM(probe_mode),"
                    + " MAX(description), SUM(CAST(weight AS INTEGER)) FROM dispatcher")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(6);
                assertThat(rows.getInt(2)).isEqualTo(3);
                assertThat(rows.getInt(3)).isEqualTo(2);
                assertThat(rows.getString(4)).isEqualTo("gw2");
                assertThat(rows.getInt(5)).isEqualTo(60 + 40 + 1 + 10 + 1 + 1);
            }
        }
    }

    @Test
    void whatIsThereAlreadyIsNotReplaced() throws IOException {
        Files.writeString(directory.resolve("sip-dispatcher.conf"), "mine");
        String script = SAMPLES.resolve("legacy.cfg").toString();

        Run run = run("import", "--opensips", script, "--out", directory.toString());

        assertThat(run.status).isEqualTo(2);
        assertThat(run.err).startsWith("--out: ").contains("--force");
        assertThat(directory.resolve("sip-dispatcher.conf")).hasContent("mine");
    }

    @Test
    void aFileThatTheScriptIncludesCounts() throws IOException {
        Files.writeString(directory.resolve("sockets.cfg"), "socket=udp:127.0.0.7:5060 # ours\n");
        Path script = Files.writeString(directory.resolve("a.cfg"), "include_file \"sockets.cfg\"\n");

        assertThat(run("import", "--opensips", script.toString()).out).contains("main = \"udp:127.0.0.7:5060\"");
    }

    @Test
    void whatOneOutputHasNoRoomForIsSaid() {
        String script = SAMPLES.resolve("list.cfg").toString();
        String list = SAMPLES.resolve("kamailio.list").toString();

        Run conf = run("import", "--opensips", script, "--kamailio-list", list);
        Run rows = run("import", "--opensips", script, "--kamailio-list", list, "--sql");

        assertThat(conf.out).contains("sip-dispatcher {");
        assertThat(conf.err)
                .startsWith("warning: dispatcher.list is not printed: ")
                .contains(list, "--out DIR");
        assertThat(rows.out).startsWith("-- ").doesNotContain("sip-dispatcher {");
        assertThat(rows.err).startsWith("warning: sip-dispatcher.conf is not printed: ");
        assertThat(run("import", "--kamailio-list", list, "--sql").err)
                .isEqualTo(list + ": 6 of 8 rows usable, 2 values not carried over\n");
        assertThat(run("import", "--opensips", script, "--sql").err).startsWith("--sql: ");
    }
}
