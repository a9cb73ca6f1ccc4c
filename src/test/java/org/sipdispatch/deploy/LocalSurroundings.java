package org.sipdispatch.deploy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.database.SqlScripts;

/**
 * What {@code cluster-deploy/local} needs beside the nodes: a database with a sample table, and user agents that answer
 * at its destinations. Stays until it is ended.
 */
public final class LocalSurroundings {
    private static final int DESTINATIONS = 6;
    private static final Path TABLES = Path.of("src/main/resources/org/sipdispatch/catalog");

    private LocalSurroundings() {}

    /**
     * Arguments: the database's URL, empty for one of our own; its port then; the file to write the URL to; the first of
     * the ports of the destinations.
     */
    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        int firstPort = Integer.parseInt(args[3]);
        String url = args[0].isEmpty() ? ownDatabase(Integer.parseInt(args[1])) : args[0];
        if (!hasTable(url)) {
            makeTable(url, firstPort);
        }
        for (int i = 0; i < DESTINATIONS; i++) {
            AnsweringAgent.start(new InetSocketAddress("127.0.0.1", firstPort + i), "gateway-" + i);
        }
        Files.writeString(Path.of(args[2]), url);
        new CountDownLatch(1).await();
    }

    /** It is ended by its own shutdown hook. */
    private static String ownDatabase(int port) throws IOException {
        return EmbeddedPostgres.builder().setPort(port).start().getJdbcUrl("postgres", "postgres");
    }

    private static boolean hasTable(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.executeQuery("SELECT count(*) FROM dispatcher");
            return true;
        } catch (SQLException e) {
            if (e.getSQLState() != null && e.getSQLState().startsWith("42")) {
                return false;
            }
            throw e;
        }
    }

    private static void makeTable(String url, int firstPort) throws IOException {
        String kind = url.startsWith("jdbc:postgresql") ? "postgresql.sql" : "mysql.sql";
        SqlScripts.run(url, Files.readString(TABLES.resolve(kind)));
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < DESTINATIONS; i++) {
            rows.append("INSERT INTO dispatcher (setid, destination, description) VALUES (1, 'sip:127.0.0.1:")
                    .append(firstPort + i)
                    .append("', 'gateway ")
                    .append(i)
                    .append("');\n");
        }
        SqlScripts.run(url, rows.toString());
    }
}
