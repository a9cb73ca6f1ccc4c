package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.MessageStream;
import org.sipdispatch.agents.ProbedAgent;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;

/**
 * A single node dies and restarts while the database of its journal accepts connections but does not answer. Its list
 * file has no states.
 */
@Tag("long")
class SilentJournalTest {
    private static final String MORE = """
            partitions.default.db_url = "file:%s"
            journal.connect_timeout = 2s
            data-dir = "%s"
            probing { ds_ping_interval = 1s, ds_probing_mode = 1, ping-timeout = 500ms }
            rules = [ { select { set = "1", alg = "4" }, relay { mode = stateless } } ]
            """;

    private final ProbedAgent healthy = ProbedAgent.start();
    private final ProbedAgent held = ProbedAgent.start();
    private SeverableLink link;
    private ClusterNodes node;
    private MessageStream stream;

    @TempDir
    private Path directory;

    @AfterEach
    void close() {
        if (link != null) {
            link.goOn();
        }
        Stream.of(stream, node, link, healthy, held).filter(one -> one != null).forEach(SilentJournalTest::close);
    }

    private static void close(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void noCallGoesToADestinationOnHold() throws Exception {
        open();
        node.order(0, id(), "state", "{\"state\":\"inactive\",\"who\":\"ann\",\"why\":\"works\"}");
        await().until(() -> kept().contains("\theld\t"));

        long killedNanos = System.nanoTime();
        node.kill(0);
        link.hang();
        CompletableFuture<Void> restart = CompletableFuture.runAsync(() -> node.restart(0));
        await().until(() -> node.get(0, "/ready").path("reasons").toString().contains("journal does not answer"));
        restart.join();
        healthy.forget();
        await().until(() -> healthy.seen("MESSAGE").size() > 100);
        assertThat(report().path("hold").asBoolean()).isTrue();
        link.goOn();
        await().until(() -> report().path("unsaved").asInt() == 0);

        JsonNode now = report();
        assertThat(now.path("state").asText()).isEqualTo("Inactive");
        assertThat(now.path("who").asText()).startsWith("ann");
        assertThat(held.seen("MESSAGE").stream().filter(call -> call.atNanos() > killedNanos))
                .isEmpty();
        node.order(0, id(), "release", "{\"who\":\"ben\",\"why\":\"done\"}");
        await().until(() -> held.seen("MESSAGE").stream().anyMatch(call -> call.atNanos() > killedNanos));
    }

    private void open() throws Exception {
        String url = EmbeddedPostgres.jdbcUrl("silent_" + System.nanoTime());
        link = new SeverableLink(EmbeddedPostgres.port());
        Path list = Files.writeString(
                directory.resolve("dispatcher.list"), "1 " + healthy.uri() + "\n1 " + held.uri() + "\n");
        String through = url.replace(":" + EmbeddedPostgres.port() + "/", ":" + link.port() + "/");
        node = ClusterNodes.start(new ClusterNodes.Plan(1, through, MORE.formatted(list, directory)));
        stream = MessageStream.start(List.of(node.sip(0)), 20);
        await().until(() -> !held.seen("MESSAGE").isEmpty());
    }

    /** The contents of the node's data directory. */
    private String kept() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            Path file = files.filter(one -> one.getFileName().toString().matches("last-known-.*\\.txt"))
                    .findFirst()
                    .orElse(null);
            return file == null ? "" : Files.readString(file);
        }
    }

    private JsonNode report() {
        return node.report(0, id());
    }

    private String id() {
        return "default:1:" + held.uri();
    }

    private static ConditionFactory await() {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(java.io.UncheckedIOException.class);
    }
}
