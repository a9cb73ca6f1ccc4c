package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.database.SqlScript;

/** The check finds nothing in the rule files of {@code conf}. */
class RuleFilesCheckTest {
    private static final Path CONF = Path.of("conf").toAbsolutePath();

    @TempDir
    Path directory;

    /** Checks the file with another directory for data. */
    private List<String> check(String name) throws IOException {
        return check(name, "");
    }

    private List<String> check(String name, String more) throws IOException {
        Path file = Files.writeString(
                directory.resolve("node.conf"),
                "include file(\"" + CONF.resolve(name) + "\")\nsip-dispatcher.data-dir = \"" + directory + "\"\n"
                        + more);
        return ProgramRun.of("check", "-c", file.toString()).out().lines().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "load-balancer.conf, '3 destinations, 4 rules'",
        "registrar.conf, '3 destinations, 4 rules'",
        "carrier.conf, '8 destinations, 5 rules'"
    })
    void aFileWithAListHasNoProblem(String name, String counts) throws IOException {
        assertThat(check(name)).containsExactly("ok: 1 partition, " + counts);
    }

    @Test
    void aFileWithATableHasNoProblemAfterTheFirstStart() throws IOException, SQLException {
        assertThat(check("media-servers.conf"))
                .anyMatch(line -> line.endsWith(" does not exist yet; created at the first start"))
                .contains("0 errors, 1 warning");

        try (Connection connection = DriverManager.getConnection(
                "jdbc:h2:file:" + directory.resolve("media-servers") + ";TRACE_LEVEL_FILE=0", "", "")) {
            SqlScript.run(connection, Files.readString(CONF.resolve("media-servers.sql")));
        }

        assertThat(check("media-servers.conf")).containsExactly("ok: 1 partition, 3 destinations, 3 rules");
    }

    @Test
    void theFileForTeamsHasNoProblemWithACertificate() throws IOException {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("sbc", "DNS:sbc.example.com", "ca", "", "-days 90");

        assertThat(check(
                        "teams.conf",
                        "teams { certificate = \"" + certificates.file("sbc.pem") + "\", private-key = \""
                                + certificates.file("sbc.key") + "\" }"))
                .filteredOn(line -> !line.endsWith("wildcards: on: RFC 5922 forbids them in certificates for SIP"))
                .containsExactly("ok: 1 partition, 4 destinations, 5 rules", "0 errors, 2 warnings");
    }

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(CONF)) {
            return files.filter(file -> file.toString().endsWith(".conf")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void thePageNamesEachFile(Path file) throws IOException {
        String name = "conf/" + file.getFileName();

        assertThat(Files.readString(Path.of("src/site/markdown/rule-files.md"))).contains(name);
    }
}
