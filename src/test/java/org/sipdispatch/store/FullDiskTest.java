package org.sipdispatch.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.database.FullDisk;
import org.sipdispatch.settings.Section;

/** A full disk of the journal is named in messages and does not refuse the start. */
class FullDiskTest {
    @TempDir
    Path directory;

    private Store store;

    @BeforeEach
    void open() {
        FullDisk.register();
        FullDisk.fill(true);
        Section root = Section.root(ConfigFactory.defaultReferenceUnresolved()
                .withValue(
                        "sip-dispatcher.journal.db_url",
                        com.typesafe.config.ConfigValueFactory.fromAnyRef(
                                "jdbc:h2:fulldisk:" + directory + "/journal;DATABASE_TO_UPPER=false"))
                .resolve()
                .getConfig("sip-dispatcher"));
        store = Store.open(StoreSettings.from(root.section("journal"), directory.toString()));
    }

    @AfterEach
    void close() {
        FullDisk.fill(false);
        store.close();
    }

    private void becomesReady() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(store::prepare);
    }

    @Test
    void theDiskIsNamedAndTheStartGoesOn() {
        // At first the pool may only report that no answer came in time.
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !store.prepare() && !store.lastFailure().startsWith("no answer within "));

        assertThat(store.lastFailure()).isEqualTo("the disk of " + directory + " is full (No space left on device)");
    }

    @Test
    void theTablesAreMadeAsSoonAsThereIsSpace() {
        assertThat(store.prepare()).isFalse();

        FullDisk.fill(false);

        becomesReady();
        assertThat(store.lastFailure()).isNull();
    }

    @Test
    void aDiskThatFillsUpLaterIsNamedToo() throws SQLException {
        FullDisk.fill(false);
        becomesReady();
        FullDisk.fill(true);

        SQLException failure = null;
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CHECKPOINT SYNC");
            for (int i = 0; i < 100; i++) {
                statement.execute("CREATE TABLE t" + i + " (a VARCHAR(10000))");
                statement.execute("INSERT INTO t" + i + " SELECT SPACE(9000) FROM SYSTEM_RANGE(1, 100)");
                statement.execute("CHECKPOINT SYNC");
            }
        } catch (SQLException e) {
            failure = e;
        }

        assertThat((Throwable) failure).isNotNull();
        assertThat(store.cause(failure)).isEqualTo("the disk of " + directory + " is full (No space left on device)");
    }
}
