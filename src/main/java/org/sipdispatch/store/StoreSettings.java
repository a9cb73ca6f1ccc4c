package org.sipdispatch.store;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.sipdispatch.database.Database;
import org.sipdispatch.database.DatabaseUrl;
import org.sipdispatch.settings.BadSetting;
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
        refuseUnknown(journal);
        String url = secret(journal, "db_url");
        Database database = new DatabaseUrl(journal.path("db_url"), DatabaseUrl.FORMS + ", or nothing")
                .read(
                        url == null || url.isEmpty() ? embedded(dataDirectory) : url,
                        journal.textOr("db_user", null),
                        secret(journal, "db_password"));
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

    /** Does not show the value: what is misspelled may be a password. */
    private static void refuseUnknown(Section journal) {
        for (String key : journal.keys()) {
            if (!KNOWN.contains(key)) {
                throw new BadSetting(journal.path(key), "an unknown key", "one of " + String.join(", ", KNOWN));
            }
        }
    }

    /** A text that no message may show; null if it is not there. */
    private static String secret(Section journal, String key) {
        try {
            return journal.textOr(key, null);
        } catch (BadSetting e) {
            throw new BadSetting(journal.path(key), "something else", "a text");
        }
    }
}
