package org.sipdispatch.store;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import org.sipdispatch.database.EmbeddedMariaDb;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.settings.Section;

/** Stores for tests. */
public final class StoreSamples {
    private StoreSamples() {}

    /** One of each database product. */
    public enum Kind {
        H2,
        MARIADB,
        POSTGRESQL;

        /** A database of that name; H2 stores it under target. */
        public StoreSettings settings(String name) {
            return switch (this) {
                case H2 -> StoreSamples.settings("", Path.of("target/store", name + "-" + System.nanoTime()));
                case MARIADB -> StoreSamples.settings(EmbeddedMariaDb.jdbcUrl(name));
                case POSTGRESQL -> StoreSamples.settings(EmbeddedPostgres.jdbcUrl(name));
            };
        }
    }

    public static StoreSettings settings(String url) {
        return settings("db_url = \"" + url + "\"", Path.of("."));
    }

    /** For tests that take the database away and retry: attempts to connect fail soon. */
    public static StoreSettings impatient(String url) {
        return settings("connect_timeout = 500ms, db_url = \"" + url + "\"", Path.of("."));
    }

    /** The settings of a block with these keys. */
    public static StoreSettings settings(String keys, Path dataDirectory) {
        String defaults =
                "db_url = \"\", connect_timeout = 2s, connections = 2, snapshot-every = 50, keep-snapshots = 10";
        return StoreSettings.from(
                Section.root(ConfigFactory.parseString("journal {" + defaults + "\n" + keys + "}"))
                        .section("journal"),
                dataDirectory.toString());
    }
}
