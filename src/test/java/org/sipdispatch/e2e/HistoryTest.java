package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.app.Node;

/** An operator's orders are published as events and stored in the history. */
class HistoryTest {
    private static final String URI_TEXT = "sip:127.0.0.1:5999";

    @TempDir
    Path directory;

    @Test
    void anOrderAndWhatItChangedAreInTheHistoryAndReported() throws Exception {
        Files.writeString(directory.resolve("dispatcher.list"), "3 " + URI_TEXT + "\n");
        int management = Ports.next();
        String database = "jdbc:h2:mem:told;DB_CLOSE_DELAY=-1;DATABASE_TO_UPPER=false";
        try (DatagramSocket listener = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(20_000);
            try (Node node = start(management, database, listener.getLocalPort())) {
                assertThat(node).isNotNull();
                HttpRequest order = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management
                                + "/dispatcher/destinations/"
                                + URLEncoder.encode("default:3:" + URI_TEXT, StandardCharsets.UTF_8) + "/state"))
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"state\":\"inactive\",\"who\":\"ann\",\"why\":\"a reason\"}"))
                        .header("Content-Type", "application/json")
                        .build();
                assertThat(HttpClient.newHttpClient()
                                .send(order, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(200);

                DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
                listener.receive(packet);
                assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                        .isEqualTo("E_DISPATCHER_STATUS\ngroup::3\naddress::" + URI_TEXT + "\nstatus::inactive\n\n");
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(history(database)).hasSize(2));
                assertThat(history(database))
                        .anyMatch(line -> line.startsWith("ORDER default:3:" + URI_TEXT))
                        .anyMatch(line -> line.startsWith("STATUS default:3:" + URI_TEXT + " Inactive status ann"));
            }
        }
    }

    private Node start(int management, String database, int listener) {
        String settings = """
                sockets.main = "udp:127.0.0.1:%d"
                partitions.default.db_url = "file:%s/dispatcher.list"
                rules = [ { select.set = 3 } ]
                management.port = %d
                journal.db_url = "%s"
                events.udp = "127.0.0.1:%d"
                data-dir = "%s"
                """.formatted(Ports.next(), directory, management, database, listener, directory);
        return Node.start(ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.load().getConfig("sip-dispatcher")));
    }

    private static List<String> history(String database) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(database);
                Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(
                        "SELECT kind, destination, state, what, who FROM sip_dispatcher_history ORDER BY id")) {
            while (row.next()) {
                lines.add(String.join(
                        " ", row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getString(5)));
            }
        }
        return lines;
    }
}
