package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.catalog.CatalogSamples.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.BadSetting;

class AbsentDatabaseTest {
    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql"})
    @Timeout(20)
    void aPortWhereNobodyListensFailsTheStart(String driver) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        String url = "jdbc:" + driver + "://127.0.0.1:" + port + "/opensips";

        assertFailsInTime(url, "refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql"})
    @Timeout(20)
    void aDatabaseThatAcceptsAndThenIsSilentFailsTheStart(String driver) throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "jdbc:" + driver + "://127.0.0.1:" + silent.getLocalPort() + "/opensips";

            // Whose clock runs out first, the driver's or the pool's, is chance.
            assertFailsInTime(url, "no answer in time|timed out");
        }
    }

    private static void assertFailsInTime(String url, String cause) {
        long before = System.nanoTime();

        assertThatThrownBy(
                        () -> load("default { connect_timeout = 1s, db_url = \"" + url + "?user=u&password=s3cret\" }"))
                .isInstanceOf(BadSetting.class)
                .hasMessageStartingWith("partitions.default.db_url: " + url + "?user=u&password=***"
                        + " (expected: a database that answers: ")
                .hasMessageNotContaining("s3cret")
                .hasMessageFindingMatch(cause)
                .hasMessageNotContaining("\n");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void aUrlThatTheDriverCannotReadFailsTheStart() {
        assertThatThrownBy(() ->
                        load("default { connect_timeout = 1s, db_url = \"jdbc:postgresql://h:x:y/?password=s3cret\" }"))
                .isInstanceOf(BadSetting.class)
                .hasMessageStartingWith("partitions.default.db_url: jdbc:postgresql://h:x:y/?password=***")
                .hasMessageNotContaining("s3cret");
    }
}
