package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The check of a configuration whose node runs, and what it says about the node's own addresses. */
class CheckBesideANodeTest {
    @TempDir
    Path directory;

    private List<String> check(int status, String url, String more) throws IOException {
        Path file = Files.writeString(directory.resolve("my.conf"), """
                sip-dispatcher {
                  data-dir = "%s/data"
                  sockets.main { listen = "udp:127.0.0.1:5070", advertise = "sip.example.com" }
                  partitions.default { db_url = "%s", connect_timeout = 1s }
                  rules = [ { select { set = 1 } } ]
                  %s
                }
                """.formatted(directory, url, more));
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out));
        assertThat(line.execute("check", file.toString())).as(out.toString()).isEqualTo(status);
        return out.toString()
                .lines()
                .map(one -> one.replace(directory + "/", ""))
                .toList();
    }

    private String list(String rows) throws IOException {
        return "file:" + Files.writeString(directory.resolve("my.list"), rows);
    }

    @Test
    void anEmbeddedDatabaseThatTheNodeHasOpenIsAWarning() throws Exception {
        Path database = directory.resolve("table");
        try (Connection connection = DriverManager.getConnection("jdbc:h2:" + database)) {
            assertThat(connection.isValid(1)).isTrue();
        }
        try (FileChannel file = FileChannel.open(directory.resolve("table.mv.db"), StandardOpenOption.WRITE);
                FileLock lock = file.lock()) {
            assertThat(lock.isValid()).isTrue();

            assertThat(check(0, "jdbc:h2:" + database, ""))
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("my.conf:4: warning: partitions.default.db_url: ")
                            .endsWith("; another process has it open, such as the running node: not checked"))
                    .endsWith("ok: 1 partition, 0 destinations, 1 rule", "0 errors, 1 warning");
        }
    }

    @Test
    void aDataDirectoryThatANodeUsesIsAWarning() throws IOException {
        try (DataDirectoryGuard node = DataDirectoryGuard.of(directory.resolve("data"))) {
            assertThat(node).isNotNull();

            assertThat(check(0, list("1 sip:10.0.0.1\n"), ""))
                    .startsWith(
                            "my.conf:2: warning: data-dir: data (expected: no other node with this directory; one that"
                                    + " runs uses it)");
        }
    }

    @Test
    void aDestinationThatIsOneOfOurSocketsIsAWarning() throws IOException {
        assertThat(check(0, list("1 sip:127.0.0.1:5070\n1 sip:127.0.0.1\n1 sip:127.0.0.1:5070;transport=tcp\n"), ""))
                .containsExactly(
                        "partition default: warning: destination: sip:127.0.0.1:5070 of set 1 (expected: another address"
                                + " than that of our socket main)",
                        "ok: 1 partition, 3 destinations, 1 rule",
                        "0 errors, 1 warning");
    }

    @Test
    void aSetToPingThatDoesNotExistIsAWarning() throws IOException {
        assertThat(check(0, list("1 sip:10.0.0.1\n"), "probing.ds_probing_list = \"1,7,trunks:1\""))
                .containsExactly(
                        "my.conf:6: warning: probing.ds_probing_list: 7 (expected: a set with destinations)",
                        "my.conf:6: warning: probing.ds_probing_list: trunks:1 (expected: a set with destinations)",
                        "ok: 1 partition, 1 destination, 1 rule",
                        "0 errors, 2 warnings");
    }

    @Test
    void aParameterInTheWrongPlaceIsReportedWithItsBlock() throws IOException {
        assertThat(check(2, list("1 sip:10.0.0.1\n"), "db_url = x, ds_ping_interval = 10"))
                .containsExactly(
                        "my.conf:6: error: db_url: an unknown key (expected: partitions.default.db_url)",
                        "my.conf:6: error: ds_ping_interval: an unknown key (expected: probing.ds_ping_interval)",
                        "2 errors, 0 warnings");
    }

    @Test
    void similarNamesAndUnitsAreNamed() throws IOException {
        assertThat(check(
                        2,
                        list("1 sip:10.0.0.1\n"),
                        "rules = [ { select { set = 1, alg = roundrobin } } ]\nrelay.t1 = 1 sec"))
                .containsExactly(
                        "my.conf:6: error: rules[0].select.alg: roundrobin (expected: 0 to 10, route:NAME, or a name"
                                + " such as smooth-round-robin, rendezvous or best-of, one for all sets or one for"
                                + " each; did you mean round-robin?)",
                        "my.conf:6: warning: rules: set twice, so that the value of line 5 is not used (expected: one"
                                + " value, or += to add to a list)",
                        "my.conf:7: error: relay.t1: 1 sec (expected: a time with its unit from 20ms to 10s; the units are"
                                + " ms, s, m, h and d)",
                        "2 errors, 1 warning");
    }
}
