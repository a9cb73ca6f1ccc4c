package org.sipdispatch.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.sipdispatch.database.Database;
import org.sipdispatch.database.DatabaseUrl;
import org.sipdispatch.settings.Section;

/**
 * The block {@code journal}: what the cluster remembers, and where.
 *
 * @param database where it is kept
 * @param path the whole path of the key that says so
 * @param connectTimeout how long the database may take to answer
 * @param connections how many connections the journal has on each node
 * @param snapshotEvery after how many events of a destination a snapshot is kept
 * @param keepSnapshots how many snapshots of a destination are kept; events before the oldest are deleted
 */
public record StoreSettings(
        Database database,
        String path,
        Duration connectTimeout,
        int connections,
        int snapshotEvery,
        int keepSnapshots) {

    private static final List<String> KNOWN = List.of(
            "db_url", "db_user", "db_password", "connect_timeout", "connections", "snapshot-every", "keep-snapshots");

    /** Reads the block; without a {@code db_url} an H2 database in that directory is meant. */
    public static StoreSettings from(Section journal, String dataDirectory) {
        journal.refuseUnknown(KNOWN);
        String url = journal.secret("db_url");
        DatabaseUrl form = new DatabaseUrl(journal.path("db_url"), DatabaseUrl.FORMS + ", or nothing");
        Database database = journal.attempt(
                null,
                () -> form.read(
                        url == null || url.isEmpty() ? embedded(dataDirectory) : url,
                        journal.textOr("db_user", null),
                        journal.secret("db_password")));
        return new StoreSettings(
                database,
                journal.path("db_url"),
                journal.duration("connect_timeout", Duration.ofMillis(250), Duration.ofMinutes(5)),
                journal.integer("connections", 1, 64),
                journal.integer("snapshot-every", 1, 100_000),
                journal.integer("keep-snapshots", 1, 1000));
    }

    /**
     * Slick asks for tables in lower case; the journal outlives H2's own hook at the JVM's end, to be closed by us; and a
     * trace file would only repeat what the log says.
     */
    private static String embedded(String dataDirectory) {
        return "jdbc:h2:file:"
                + Path.of(dataDirectory).toAbsolutePath().normalize().resolve("journal")
                + ";DATABASE_TO_UPPER=false;DB_CLOSE_ON_EXIT=false;TRACE_LEVEL_FILE=0";
    }
}
