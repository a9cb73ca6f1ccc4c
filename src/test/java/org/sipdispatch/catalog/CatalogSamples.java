package org.sipdispatch.catalog;

import com.typesafe.config.ConfigFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.sipdispatch.database.SqlScript;
import org.sipdispatch.settings.Section;

/** Shared by the tests of this package. */
final class CatalogSamples {
    static final KnownSockets SOCKETS = socket -> socket.equals("main") || socket.equals("udp:10.0.0.1:5060");

    private CatalogSamples() {}

    /** The settings in a text that holds partitions. */
    static CatalogSettings settings(String partitions) {
        return settings(partitions, "default");
    }

    static CatalogSettings settings(String partitions, String defaultPartition) {
        Section root = Section.root(ConfigFactory.parseString("partitions {" + partitions + "\n}"));
        return CatalogSettings.from(root.section("partitions"), defaultPartition);
    }

    static CatalogSnapshot load(String partitions) {
        try (Catalog catalog = Catalog.open(settings(partitions), SOCKETS)) {
            return catalog.load();
        }
    }

    /** Runs a script. An H2 database in memory exists only while a connection is open. */
    static void run(String url, String script) {
        try (Connection connection = DriverManager.getConnection(url)) {
            SqlScript.run(connection, script);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A new H2 database in memory that exists until the JVM ends. */
    static String h2(String name) {
        return "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1";
    }
}
