package org.sipdispatch.catalog;

import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.sipdispatch.database.SqlScript;
import org.sipdispatch.settings.Section;

/** What the tests of this room share. */
final class CatalogSamples {
    static final KnownSockets SOCKETS = socket -> socket.equals("main") || socket.equals("udp:10.0.0.1:5060");

    private CatalogSamples() {}

    /** The settings in that text, which holds partitions. */
    static CatalogSettings settings(String partitions) {
        return CatalogSettings.from(Section.root(ConfigFactory.parseString("partitions {" + partitions + "\n}"))
                .section("partitions"));
    }

    static CatalogSnapshot load(String partitions) {
        try (Catalog catalog = Catalog.open(settings(partitions), SOCKETS)) {
            return catalog.load();
        }
    }

    /** Runs a script; for an H2 database in memory it must live as long as a connection does. */
    static void run(String url, String script) {
        try (Connection connection = DriverManager.getConnection(url)) {
            SqlScript.run(connection, script);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new H2 database in memory that lives until the JVM ends. */
    static String h2(String name) {
        return "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1";
    }
}
