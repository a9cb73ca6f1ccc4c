package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.app.Node;
import org.sipdispatch.catalog.StockTables;
import org.sipdispatch.database.SqlScripts;

/** Equal rows and unusable rows, through the interfaces of a running node. */
class EqualRowsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIRST = "default:1:sip:127.0.0.1:5081";

    @TempDir
    private Path directory;

    private final int http = Ports.next();
    private final HttpClient client = HttpClient.newHttpClient();
    private final String url = "jdbc:h2:mem:equal-rows-" + http + ";DB_CLOSE_DELAY=-1";
    private Node node;

    private void start(String states, String more) {
        StringBuilder rows = new StringBuilder(StockTables.postgres9("dispatcher"));
        for (String state : states.split(" ")) {
            rows.append("INSERT INTO dispatcher (setid, destination, state) VALUES (1, 'sip:127.0.0.1:5081', ")
                    .append(state)
                    .append(");");
        }
        SqlScripts.run(url, rows.toString());
        start(more);
    }

    private void start(String more) {
        node = Node.start(
                ConfigFactory.parseString("""
                        sip-dispatcher {
                          data-dir = "%s"
                          sockets.main = "udp:127.0.0.1:%d"
                          partitions.default.db_url = "%s"
                          rules = [ { select.set = 1 } ]
                          cluster.port = %d
                          management.port = %d
                          %s
                        }
                        """.formatted(directory, Ports.next(), url, Ports.next(), http, more))
                        .withFallback(ConfigFactory.defaultReferenceUnresolved())
                        .resolve()
                        .getConfig("sip-dispatcher"));
    }

    @AfterEach
    void close() {
        if (node != null) {
            node.close();
        }
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                        .timeout(Duration.ofSeconds(60))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> order(String id, String verb) throws Exception {
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8);
        return send("POST", "/dispatcher/destinations/" + encoded + "/" + verb, "{}");
    }

    private JsonNode mi(String method, String params) throws Exception {
        return JSON.readTree(send(
                        "POST",
                        "/mi",
                        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}")
                .body());
    }

    private List<String> states() throws Exception {
        List<String> states = new ArrayList<>();
        mi("ds_list", "{}")
                .path("result")
                .path("PARTITIONS")
                .path(0)
                .path("SETS")
                .path(0)
                .path("Destinations")
                .forEach(one -> states.add(one.path("state").asText()));
        return states;
    }

    private List<Integer> table() throws SQLException {
        List<Integer> states = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT state FROM dispatcher ORDER BY id")) {
            while (rows.next()) {
                states.add(rows.getInt(1));
            }
        }
        return states;
    }

    @Test
    void eachRowCountsWithItsStateInListsMetricsAndTheTable() throws Exception {
        start("1 0 0", "");

        assertThat(states()).containsExactly("Inactive", "Active", "Active");
        JsonNode listed =
                JSON.readTree(send("GET", "/dispatcher/destinations", "").body());
        assertThat(listed.path("destinations"))
                .extracting(
                        one -> one.path("id").asText(),
                        one -> one.path("ordinal").asInt())
                .containsExactly(tuple(FIRST, 1), tuple(FIRST + ",2", 2), tuple(FIRST + ",3", 3));

        assertThat(order(FIRST + ",3", "hold").statusCode()).isEqualTo(200);
        assertThat(states()).containsExactly("Inactive", "Active", "Inactive");
        assertThat(send("GET", "/metrics", "").body())
                .contains(
                        "destination_takes_traffic{ordinal=\"2\",partition=\"default\",set=\"1\",uri=\"sip:127.0.0.1:5081\"} 1",
                        "destination_takes_traffic{ordinal=\"3\",partition=\"default\",set=\"1\",uri=\"sip:127.0.0.1:5081\"} 0",
                        "destination_takes_traffic{partition=\"default\",set=\"1\",uri=\"sip:127.0.0.1:5081\"} 0");

        node.close();
        node = null;
        assertThat(table()).containsExactly(1, 0, 1);
    }

    @Test
    void theIdentityOutlivesReloadsOrdersAndRestarts() throws Exception {
        start("0 0 0", "journal.db_url = \"jdbc:h2:" + directory.resolve("journal") + "\"");
        assertThat(order(FIRST + ",2", "hold").statusCode()).isEqualTo(200);

        SqlScripts.run(url, "UPDATE dispatcher SET priority = id, weight = '7'");
        assertThat(mi("ds_reload", "{}").path("result").asText()).isEqualTo("OK");

        // In the order of selection, the highest priority first.
        assertThat(states()).containsExactly("Active", "Inactive", "Active");
        assertThat(order(FIRST + ",3", "hold").statusCode()).isEqualTo(200);
        assertThat(states()).containsExactly("Inactive", "Inactive", "Active");

        node.close();
        SqlScripts.run(url, "UPDATE dispatcher SET state = 0");
        start("journal.db_url = \"jdbc:h2:" + directory.resolve("journal") + "\"");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(states()).containsExactly("Inactive", "Inactive", "Active"));
    }

    @Test
    void anOrderByUriMeansAllOfThem() throws Exception {
        start("0 0", "");

        assertThat(mi("ds_set_state", "{\"state\":\"i\",\"group\":\"1\",\"address\":\"sip:127.0.0.1:5081\"}")
                        .path("result")
                        .asText())
                .isEqualTo("OK");
        assertThat(states()).containsExactly("Inactive", "Inactive");

        String again = "{\"state\":\"a\",\"group\":\"1\",\"address\":\"SIP:127.0.0.1:5081\",\"key\":\"ticket-1\"}";
        assertThat(mi("ds_set_state", again).path("result").asText()).isEqualTo("OK");
        assertThat(mi("ds_set_state", again).path("result").asText()).isEqualTo("OK");
        assertThat(states()).containsExactly("Active", "Active");
    }

    @Test
    void anOrderByUriThatOneOfThemRefusesChangesNone() throws Exception {
        start("0 1 0", "");
        String probing = "{\"state\":\"p\",\"group\":\"1\",\"address\":\"sip:127.0.0.1:5081\"}";

        JsonNode error = mi("ds_set_state", probing).path("error");

        assertThat(error.path("code").asInt()).isEqualTo(409);
        assertThat(error.toString()).contains("held by table: release it first").doesNotContain("; changed");
        assertThat(states()).containsOnlyOnce("Inactive").doesNotContain("Probing");
    }

    @Test
    void aReloadThroughMiSkipsBadRowsAndOthersDoAsTheSettingSays() throws Exception {
        start("0", "");
        SqlScripts.run(url, bad());

        assertThat(mi("ds_reload", "{}").path("result").asText()).isEqualTo("OK");
        assertThat(states()).hasSize(2);
        assertThat(send("GET", "/dispatcher/history", "").body()).contains("weight: abc");

        assertThat(send("POST", "/dispatcher/reload", "{}").statusCode()).isEqualTo(409);
        assertThat(send("POST", "/dispatcher/reload", "{\"skipBadRows\":true}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void theSettingMaySkipBadRowsForAll() throws Exception {
        start("0", "reload.bad-rows = skip");
        SqlScripts.run(url, bad());

        HttpResponse<String> reload = send("POST", "/dispatcher/reload", "{}");
        assertThat(reload.statusCode()).isEqualTo(200);
        assertThat(reload.body()).contains("weight: abc");
        assertThat(states()).hasSize(2);
        assertThat(send("POST", "/dispatcher/reload", "{\"skipBadRows\":false}").statusCode())
                .isEqualTo(409);
    }

    private static String bad() {
        return "INSERT INTO dispatcher (setid, destination, weight) VALUES (1, 'sip:127.0.0.1:5082', 'abc'),"
                + " (1, 'sip:127.0.0.1:5083', '5')";
    }
}
