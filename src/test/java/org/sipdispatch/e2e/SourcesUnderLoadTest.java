package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.database.EmbeddedMariaDb;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SqlScripts;

/** Sources of destinations change while a real node carries calls. */
@Timeout(600)
class SourcesUnderLoadTest {
    private static final String HOST = "127.0.0.1";
    private static final String OTHER_CALLER = "127.0.0.9";
    private static final int CALLS_PER_SECOND = 50;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final InetSocketAddress at = Ports.freeAddress(HOST);
    private final int management = Ports.next();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private NodeProcess node;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        if (node != null) {
            node.kill();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    private void start(String partitions, String rules) {
        node = NodeProcess.begin(
                NodeArchive.options(), """
                sip-dispatcher {
                  sockets.u = "udp:%s"
                  management.port = %d
                  partitions { %s }
                  rules = [ %s ]
                }
                """.formatted(SipText.hostPort(at), management, partitions, rules));
        node.awaitListening();
    }

    private JsonNode ask(String path, String body) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/dispatcher/" + path));
        try {
            return new ObjectMapper()
                    .readTree(http.send(
                                    (body == null
                                                    ? request.GET()
                                                    : request.POST(HttpRequest.BodyPublishers.ofString(body)))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).atMost(LONGEST).until(condition);
    }

    private static String uri(AnsweringAgent agent) {
        return "sip:" + SipText.hostPort(agent.address());
    }

    /** Each second edit is broken in its last line. */
    private void edits(int many) throws Exception {
        AnsweringAgent first = opened(AnsweringAgent.start(HOST, "first"));
        AnsweringAgent second = opened(AnsweringAgent.start(HOST, "second"));
        Path list = Files.createTempFile(Files.createDirectories(Path.of("target", "e2e")), "watched", ".list");
        Files.writeString(list, "1 " + uri(first) + "\n");
        start(
                "default { db_url = \"file:" + list.toAbsolutePath() + "\", watch = on, watch_interval = 100ms }",
                "{ select { set = 1, flags = F } }");
        await(() -> ask("sources", null).path("sources").size() == 1);
        CallingAgent caller = opened(CallingAgent.start(HOST, at, CALLS_PER_SECOND));
        for (int edit = 1; edit <= many; edit++) {
            boolean isBroken = edit % 2 == 0;
            String rows = "# edit " + edit + "\n1 " + uri(first) + " 0 0 weight=" + (1 + edit) + "\n1 " + uri(second)
                    + " 0 0 weight=" + (isBroken ? "bad" : "") + edit + "\n";
            // As an editor that truncates the file and writes it in two parts.
            Files.writeString(list, rows.substring(0, rows.length() / 2));
            Files.writeString(list, rows);
            int now = edit;
            await(() -> isBroken
                    ? refusals() == now / 2
                    : ask("destinations", null).toString().contains("weight=" + now + "\""));
        }
        caller.finish();

        System.out.printf(
                "%d edits of a watched list, %d refused; %d calls, %d failed%n",
                many, refusals(), caller.completed(), caller.failures().size());
        assertThat(caller.failures()).isEmpty();
        assertThat(caller.completed()).isGreaterThan(many);
        assertThat(refusals()).isEqualTo(many / 2);
        for (int edit = 2; edit <= many; edit += 2) {
            assertThat(node.log()).contains(list.getFileName() + " line 3: weight: bad" + edit + " (expected: ");
        }
    }

    private int refusals() {
        return ask("sources", null).path("sources").path(0).path("refusals").asInt();
    }

    @Test
    void aWatchedListIsEditedAndBrokenEditsAreRefusedWithTheirLines() throws Exception {
        edits(6);
    }

    @Test
    @Tag("long")
    void aWatchedListIsEditedAHundredTimes() throws Exception {
        edits(100);
    }

    private static AnsweringAgent.Watch invites(AtomicInteger count) {
        return (request, from) -> {
            if (request.isMethod("INVITE")) {
                count.incrementAndGet();
            }
            return true;
        };
    }

    private static String table(String name, AnsweringAgent agent) {
        return "CREATE TABLE " + name + " (id INT PRIMARY KEY, grp INT, uri VARCHAR(192), sock VARCHAR(128), st INT,"
                + " share VARCHAR(64), prio INT, extra VARCHAR(128), words VARCHAR(64));"
                + "INSERT INTO " + name + " VALUES (1, 7, '" + uri(agent) + "', NULL, 0, '1', 0, '', '')";
    }

    @Test
    @Tag("long")
    void partitionsInTwoDatabasesReloadSeparately() throws Exception {
        String maria = EmbeddedMariaDb.jdbcUrl("under_load");
        String postgres = EmbeddedPostgres.jdbcUrl("under_load");
        AtomicInteger atTrunk = new AtomicInteger();
        AtomicInteger atRoute = new AtomicInteger();
        AnsweringAgent trunk = opened(AnsweringAgent.start(HOST, "trunk", invites(atTrunk)));
        AnsweringAgent route = opened(AnsweringAgent.start(HOST, "route", invites(atRoute)));
        SqlScripts.run(maria, table("gateways", trunk));
        SqlScripts.run(postgres, table("carriers", route));
        start(
                """
                default { setid_col = grp, destination_col = uri, socket_col = sock, state_col = st, weight_col = share,
                          priority_col = prio, attrs_col = extra, description_col = words }
                trunks { db_url = "%s", table_name = gateways }
                routes { db_url = "%s", table_name = carriers }
                """.formatted(maria, postgres),
                "{ when { source = \"" + OTHER_CALLER + "\" }, select { set = \"routes:7\", flags = F } },"
                        + " { select { set = \"trunks:7\", flags = F } }");
        CallingAgent toTrunks = opened(CallingAgent.start(HOST, at, CALLS_PER_SECOND));
        CallingAgent toRoutes = opened(CallingAgent.start(OTHER_CALLER, at, CALLS_PER_SECOND));
        for (int change = 2; change <= 21; change++) {
            boolean isTrunk = change % 2 == 0;
            SqlScripts.run(maria, "UPDATE gateways SET share = '" + change + "'");
            SqlScripts.run(postgres, "UPDATE carriers SET share = '" + change + "'");

            JsonNode outcome = ask("reload", "{\"partition\":\"" + (isTrunk ? "trunks" : "routes") + "\"}");

            assertThat(outcome.path("error").asText()).isEmpty();
            assertThat(outcome.path("changes").size()).isEqualTo(1);
            assertThat(outcome.path("changes").path(0).asText())
                    .contains((isTrunk ? "trunks" : "routes") + ":7:")
                    .contains("-> " + change);
        }
        int placed = toRoutes.placed();
        await(() -> toRoutes.placed() > placed + CALLS_PER_SECOND);
        toTrunks.finish();
        toRoutes.finish();

        System.out.printf(
                "20 reloads of one of two partitions; %d and %d calls, %d and %d failed%n",
                toTrunks.completed(),
                toRoutes.completed(),
                toTrunks.failures().size(),
                toRoutes.failures().size());
        assertThat(toTrunks.failures()).isEmpty();
        assertThat(toRoutes.failures()).isEmpty();
        assertThat(atTrunk.get()).isBetween(toTrunks.completed(), toTrunks.placed() + toTrunks.repeated());
        assertThat(atRoute.get()).isBetween(toRoutes.completed(), toRoutes.placed() + toRoutes.repeated());
    }
}
