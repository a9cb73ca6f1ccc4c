package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.catalog.CatalogSamples.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.settings.SettingException;

class AbsentDatabaseTest {
    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql"})
    @Timeout(30)
    void aPortWhereNobodyListensFailsTheStart(String driver) {
        String url = "jdbc:" + driver + "://127.0.0.1:" + Ports.next() + "/opensips";

        assertFails(url, "2s", "refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql"})
    @Timeout(30)
    void aDatabaseThatAcceptsAndThenIsSilentFailsTheStart(String driver) throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "jdbc:" + driver + "://127.0.0.1:" + silent.getLocalPort() + "/opensips";

            // Either the driver's or the pool's timeout comes first.
            assertFails(url, "1s", "no answer within 1s|timed out");
        }
    }

    private static void assertFails(String url, String patience, String cause) {
        assertThatThrownBy(() -> load("default { connect_timeout = " + patience + ", db_url = \"" + url
                        + "?user=u&password=s3cret\" }"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith("partitions.default.db_url: " + url + "?user=u&password=***"
                        + " (expected: a database that answers: ")
                .hasMessageNotContaining("s3cret")
                .hasMessageFindingMatch(cause)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aUrlThatTheDriverCannotReadFailsTheStart() {
        assertThatThrownBy(() ->
                        load("default { connect_timeout = 1s, db_url = \"jdbc:postgresql://h:x:y/?password=s3cret\" }"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(
                        "partitions.default.db_url: jdbc:postgresql://h:*** (expected: a port from 1 to 65535")
                .hasMessageNotContaining("s3cret");
    }
}
