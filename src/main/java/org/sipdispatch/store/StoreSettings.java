package org.sipdispatch.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.sipdispatch.database.Database;
import org.sipdispatch.database.DatabaseUrl;
import org.sipdispatch.settings.Section;

/**
 * The block {@code journal}: the database of the cluster's journal.
 *
 * @param database where the journal is stored
 * @param path the full path of the key {@code db_url}, for error messages
 * @param connectTimeout how long the database may take to accept a connection
 * @param connections the number of the journal's connections on each node
 * @param snapshotEvery the number of events of a destination between two snapshots
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

    /** Reads the block. Without {@code db_url}, the database is an H2 file in {@code dataDirectory}. */
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
     * Options of the H2 URL: Slick queries tables in lower case; the store closes the database itself, after H2's own
     * shutdown hook would have run; a trace file would only repeat the log.
     */
    private static String embedded(String dataDirectory) {
        return "jdbc:h2:file:"
                + Path.of(dataDirectory).toAbsolutePath().normalize().resolve("journal")
                + ";DATABASE_TO_UPPER=false;DB_CLOSE_ON_EXIT=false;TRACE_LEVEL_FILE=0";
    }
}
