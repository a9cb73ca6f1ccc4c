package org.sipdispatch.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.sipdispatch.history.HistorySamples.order;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;
import org.sipdispatch.store.Store;
import org.sipdispatch.store.StoreSamples;
import org.sipdispatch.store.StoreSamples.Kind;

class WebhookTest {
    /** A code whose response has an endless body. */
    private static final int ENDLESS = 299;

    private final ActorTestKit kit = ActorTestKit.create();
    private final HttpClient client = HttpClient.newHttpClient();

    /** The received entries in order of arrival. */
    private final List<Long> taken = new CopyOnWriteArrayList<>();

    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final List<JsonNode> entries = new CopyOnWriteArrayList<>();
    /**
     * The codes of the next responses; 200 when the queue is empty, 0 for a connection that ends without a response.
     */
    private final ConcurrentLinkedQueue<Integer> answers = new ConcurrentLinkedQueue<>();

    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CompletableFuture<IOException> endless = new CompletableFuture<>();
    /** The responses wait for this future. */
    private volatile CompletableFuture<Void> hold = CompletableFuture.completedFuture(null);

    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void end() {
        kit.shutdownTestKit();
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        hold.join();
        JsonNode array = new ObjectMapper().readTree(exchange.getRequestBody());
        Integer code = answers.poll();
        if (code == null || code == 204) {
            array.forEach(entry -> taken.add(entry.path("id").asLong()));
            array.forEach(entries::add);
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            assertThat(exchange.getRequestHeaders().getFirst("Sip-Dispatcher-Last-Id"))
                    .isEqualTo(String.valueOf(taken.get(taken.size() - 1)));
        }
        if (code != null && code == ENDLESS) {
            answerWithoutEnd(exchange);
        } else if (code == null || code > 0) {
            exchange.sendResponseHeaders(code == null ? 200 : code, -1);
        }
        exchange.close();
    }

    private void answerWithoutEnd(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try {
            while (true) {
                exchange.getResponseBody().write(new byte[10_000]);
            }
        } catch (IOException e) {
            endless.complete(e);
        }
    }

    private ActorRef<WebhookActor.Command> start(JdbcHistory history) {
        return start(history, client);
    }

    private ActorRef<WebhookActor.Command> start(JdbcHistory history, HttpClient sender) {
        return kit.spawn(WebhookActor.create(hook(), history, sender, Duration.ofMillis(10)));
    }

    private Webhook hook() {
        return Webhook.parse(
                "events.webhook",
                "http://user:password@127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    private void awaitPosition(JdbcHistory history, long place) {
        String name = "webhook http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .until(() -> history.runForProjection(
                                        connection -> history.sequence().position(connection, name))
                                .toCompletableFuture()
                                .join()
                        == place);
    }

    private static void note(JdbcHistory history, int from, int until) {
        IntStream.range(from, until).forEach(i -> history.recordOrder(order("order " + i)));
    }

    private void awaitTaken(long last) {
        await().atMost(Duration.ofSeconds(30)).until(() -> !taken.isEmpty() && taken.get(taken.size() - 1) >= last);
    }

    private static List<Long> range(long first, long last) {
        return LongStream.rangeClosed(first, last).boxed().toList();
    }

    @ParameterizedTest
    @EnumSource
    void entriesComeInOrderWhateverTheOtherSideAnswersMeanwhile(Kind kind) {
        answers.addAll(List.of(500, 410, 0, 302, 404, 204, 503));
        try (Store store = HistorySamples.store(kind);
                JdbcHistory history = JdbcHistory.open(store)) {
            start(history);
            awaitPosition(history, 0);

            note(history, 0, 250);
            awaitTaken(250);

            assertThat(taken).containsExactlyElementsOf(range(1, 250));
            assertThat(authorizations).containsOnly("Basic dXNlcjpwYXNzd29yZA==");
            assertThat(entries.get(0))
                    .hasToString(HistoryEntryJson.of(HistorySamples.all(history).get(0))
                            .toString());
            assertThat(entries.get(0).fieldNames())
                    .toIterable()
                    .containsExactly(
                            "id",
                            "atMs",
                            "kind",
                            "destination",
                            "state",
                            "busy",
                            "what",
                            "who",
                            "why",
                            "version",
                            "node",
                            "superseded",
                            "supersededState");
            awaitPosition(history, 250);
        }
    }

    @Test
    void whoGoesOnBeginsBehindWhatWasTaken() {
        try (Store store = HistorySamples.store(Kind.POSTGRESQL);
                JdbcHistory history = JdbcHistory.open(store)) {
            note(history, 0, 3);
            await().ignoreExceptions().until(() -> HistorySamples.all(history).size() == 3);
            // Entries older than the webhook are not delivered.
            ActorRef<WebhookActor.Command> first = start(history);
            awaitPosition(history, 3);
            note(history, 3, 5);
            awaitTaken(5);
            awaitPosition(history, 5);
            kit.stop(first);
            note(history, 5, 7);
            await().ignoreExceptions().until(() -> HistorySamples.all(history).size() == 7);

            start(history);
            awaitTaken(7);

            assertThat(taken).containsExactlyElementsOf(range(4, 7));
        }
    }

    @Test
    void aDatabaseThatComesAndGoesLosesNothing() {
        String name = HistorySamples.freshName();
        EmbeddedPostgres.jdbcUrl(name);
        try (SeverableLink link = new SeverableLink(EmbeddedPostgres.port());
                Store store = Store.open(StoreSamples.settings("jdbc:postgresql://127.0.0.1:" + link.port() + "/" + name
                        + "?user=postgres&password=postgres"));
                JdbcHistory history = JdbcHistory.open(store)) {
            start(history);
            awaitPosition(history, 0);
            note(history, 0, 10);
            link.cut();
            note(history, 10, 20);
            link.mend();

            awaitTaken(20);

            assertThat(taken.stream().distinct().sorted()).containsExactlyElementsOf(range(1, 20));
        }
    }

    @Test
    void anAnswerWithoutEndCountsByItsCodeAndIsCutOff() {
        answers.add(ENDLESS);
        try (Store store = HistorySamples.store(Kind.H2);
                JdbcHistory history = JdbcHistory.open(store)) {
            start(history);
            awaitPosition(history, 0);
            note(history, 0, 1);
            awaitPosition(history, 1);
            note(history, 1, 2);
            awaitTaken(2);

            assertThat(requests).hasValue(2);
            assertThat(endless).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void whatAnotherNodeHasDeliveredMeanwhileIsNotDeliveredAgain() {
        try (Store store = HistorySamples.store(Kind.H2);
                JdbcHistory history = JdbcHistory.open(store)) {
            start(history);
            awaitPosition(history, 0);
            history.runForProjection(connection -> {
                        history.sequence().advance(connection, hook().offsetName(), 3);
                        return null;
                    })
                    .toCompletableFuture()
                    .join();
            note(history, 0, 5);
            awaitTaken(5);

            assertThat(taken).containsExactly(4L, 5L);
        }
    }

    @Test
    void theLastAnswerIsWaitedForAndKeptBeforeTheEnd() {
        TestProbe<Object> probe = kit.createTestProbe();
        try (Store store = HistorySamples.store(Kind.H2);
                JdbcHistory history = JdbcHistory.open(store)) {
            ActorRef<HistoryProjectionActor.Command> actor = kit.spawn(HistoryProjectionActor.create(
                    history,
                    HistorySettingsTest.settings(
                            "", "webhook = \"http://" + hook().target().getAuthority() + "/hook\""),
                    number -> ""));
            awaitPosition(history, 0);
            hold = new CompletableFuture<>();
            // Not an old one, which the retention would delete.
            history.recordOrder(order("default:1:sip:a", "order 0", System.currentTimeMillis()));
            await().untilAsserted(() -> assertThat(requests).hasValue(1));
            actor.tell(HistoryProjectionActor.Stop.INSTANCE);
            hold.complete(null);
            probe.expectTerminated(actor, Duration.ofSeconds(20));

            // On the thread that runs after the one that wrote the offset.
            assertThat(history.runForProjection(
                            connection -> history.sequence().position(connection, hook().offsetName())))
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(1L);
        }
    }

    @Test
    void whatFailsInsideBeginsAnew() {
        try (Store store = HistorySamples.store(Kind.H2);
                JdbcHistory history = JdbcHistory.open(store)) {
            start(history, new FailingOnceClient(client));
            awaitPosition(history, 0);
            note(history, 0, 2);
            awaitTaken(2);

            assertThat(taken).containsExactly(1L, 2L);
        }
    }

    @Test
    void attemptsComeFurtherAndFurtherApart() {
        Duration pause = Duration.ofSeconds(1);
        for (int i = 0; i < 5; i++) {
            assertThat(WebhookActor.longer(pause)).isEqualTo(pause.multipliedBy(2));
            pause = WebhookActor.longer(pause);
        }
        assertThat(WebhookActor.longer(pause)).isEqualTo(Duration.ofSeconds(60));
        assertThat(WebhookActor.longer(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(60));
    }
}
