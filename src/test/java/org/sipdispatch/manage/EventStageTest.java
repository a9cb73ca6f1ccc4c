package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.ActorSystem;
import akka.http.javadsl.model.HttpRequest;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.SinkQueueWithCancel;
import akka.stream.javadsl.Source;
import akka.testkit.javadsl.TestKit;
import akka.util.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.sipdispatch.definitions.BadRows;
import org.sipdispatch.operations.OperationException;
import org.sipdispatch.operations.Operations;
import org.sipdispatch.replication.ChangeFeed;

class EventStageTest {
    private static final ActorSystem SYSTEM = ActorSystem.create("events");
    private static final SetFilter ANYWHERE = new SetFilter(null, null);
    private static final EventStage.Intervals QUIET = new EventStage.Intervals(
            Duration.ofHours(1), Duration.ofHours(1), Duration.ofMillis(10), Duration.ofMillis(1));

    private final FakeHistory history = new FakeHistory();
    private final Operations operations = new Operations();
    private final ApiDependencies dependencies =
            new ApiDependencies(operations, List.of("default"), "default", null, BadRows.REFUSE);

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(SYSTEM);
    }

    private SinkQueueWithCancel<ByteString> open(SetFilter place, long after, EventStage.Intervals pace) {
        operations.open(null, new ChangeFeed(), history);
        EventStage.Request wish = new EventStage.Request(place, after, false);
        return Source.fromGraph(new EventStage(
                        dependencies, wish, dependencies.eventClients().take(), pace))
                .runWith(Sink.queue(1), SYSTEM);
    }

    private static String next(SinkQueueWithCancel<ByteString> events) {
        try {
            return events.pull()
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS)
                    .orElseThrow()
                    .utf8String();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The lines with that field until one ends with that text. */
    private static List<String> until(SinkQueueWithCancel<ByteString> events, String field, String last) {
        List<String> lines = new ArrayList<>();
        while (lines.isEmpty() || !lines.get(lines.size() - 1).equals(field + last)) {
            next(events).lines().filter(line -> line.startsWith(field)).forEach(lines::add);
        }
        return lines;
    }

    private static List<String> ids(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(id -> "id: " + id).toList();
    }

    @Test
    void itGoesOnBehindTheIdThatWasReceivedLast() {
        history.with(350);

        var events = open(ANYWHERE, 10, QUIET);

        assertThat(until(events, "id: ", "350")).isEqualTo(ids(10, 350));
    }

    @Test
    void withoutAPlaceItBeginsBehindTheNewestAndSaysWhereThatIs() {
        history.with(250);
        var events = open(ANYWHERE, -1, QUIET);

        assertThat(until(events, "id: ", "250")).isEqualTo(ids(250, 250));
        history.add();
        history.add();
        assertThat(until(events, "id: ", "252")).isEqualTo(ids(251, 252));
    }

    @Test
    void itBeginsWithTheFirstLineToo() {
        history.with(3);
        var events = open(ANYWHERE, 0, QUIET);

        assertThat(until(events, "id: ", "3")).isEqualTo(ids(0, 3));
    }

    @Test
    void anEmptyHistoryIsReportedFromItsFirstLineOn() {
        var events = open(ANYWHERE, -1, QUIET);
        assertThat(until(events, "id: ", "0")).isEqualTo(ids(0, 0));

        history.with(2);

        assertThat(until(events, "id: ", "2")).isEqualTo(ids(1, 2));
    }

    @Test
    void aLineIsOneEventWithItsIdAndData() {
        history.with(1);
        var events = open(ANYWHERE, 0, QUIET);
        until(events, "id: ", "0");

        String event = next(events);

        assertThat(event.lines().limit(2)).containsExactly("event: status", "id: 1");
        assertThat(event).endsWith("}\n\n").contains("data: {\"id\":1,\"atMs\":1001,\"kind\":\"STATUS\"");
    }

    @Test
    void aLineThatIsSupersededIsNoStatusEventAndHasNoState() {
        history.with(1);
        history.add(true);
        var events = open(ANYWHERE, 1, QUIET);
        until(events, "id: ", "1");

        String event = next(events);

        assertThat(event.lines().limit(2)).containsExactly("event: superseded", "id: 2");
        assertThat(event)
                .contains("\"state\":\"\",\"busy\":false,\"what\":\"superseded\"")
                .contains("\"superseded\":true,\"supersededState\":\"Probing\"");
    }

    @Test
    void whileTheDatabaseIsAwayItWaitsAndThenGoesOnWhereItWas() {
        history.with(120);
        var events = open(ANYWHERE, 100, QUIET);
        until(events, "id: ", "120");
        history.away(true);
        history.add();
        int before = history.reads();
        var waiting = events.pull();
        Awaitility.await().until(() -> history.reads() > before + 3);
        assertThat(waiting.toCompletableFuture()).isNotDone();

        history.away(false);
        history.add();

        assertThat(waiting.toCompletableFuture().join().orElseThrow().utf8String())
                .contains("id: 121\n");
    }

    @Test
    void aPlaceBehindTheNewestIsTheNewestAndThatIsSaid() {
        history.with(5);
        var events = open(ANYWHERE, 77, QUIET);
        next(events);

        assertThat(next(events))
                .isEqualTo("event: reset\nid: 5\n"
                        + "data: {\"from\":77,\"to\":5,\"why\":\"the history starts again\"}\n\n");
        history.add();
        assertThat(until(events, "id: ", "6")).isEqualTo(ids(6, 6));
    }

    @Test
    void aHistoryThatIsLostMeanwhileIsSaidToo() {
        history.with(50);
        var events = open(ANYWHERE, -1, QUIET);
        until(events, "id: ", "50");

        history.lose(2);

        assertThat(until(events, "event: ", "reset")).isEqualTo(List.of("event: reset"));
        history.with(1);
        assertThat(until(events, "id: ", "3")).endsWith("id: 3");
    }

    @Test
    void aHistoryThatDoesNotReachBackThatFarIsSaidToo() {
        history.with(50);
        history.cut(20);
        var events = open(ANYWHERE, 5, QUIET);

        assertThat(until(events, "event: ", "reset")).isEqualTo(List.of("event: reset"));
        assertThat(until(events, "id: ", "50")).isEqualTo(ids(20, 50));
    }

    @Test
    void whatIsElsewhereIsLeftOutButItsPlacesAreReported() {
        history.with(105);
        var events = open(new SetFilter("a", 3), 0, QUIET);

        assertThat(until(events, "id: ", "105"))
                .containsExactly(
                        "id: 0", "id: 3", "id: 13", "id: 23", "id: 33", "id: 43", "id: 53", "id: 63", "id: 73",
                        "id: 83", "id: 93", "id: 100", "id: 103", "id: 105");
    }

    @Test
    void nothingIsReadForAClientThatDoesNotRead() {
        history.with(5000);
        open(ANYWHERE, 0, QUIET);
        Awaitility.await().until(() -> history.followers() == 1);

        history.with(5000);

        // The entries in the queue between stream and client, and the next batch.
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> history.reads() < 20);
    }

    @Test
    void aCommentKeepsTheConnectionOpen() {
        var events = open(
                ANYWHERE,
                -1,
                new EventStage.Intervals(
                        Duration.ofMillis(10), Duration.ofHours(1), Duration.ofHours(1), Duration.ofHours(1)));

        assertThat(until(events, ":", "")).containsOnly(":");
    }

    @Test
    void whoGoesIsForgotten() {
        var events = open(ANYWHERE, -1, QUIET);
        next(events);
        assertThat(history.followers()).isEqualTo(1);

        events.cancel();

        Awaitility.await().until(() -> history.followers() == 0);
    }

    @Test
    void aStreamThatEndsGivesItsSlotBack() {
        IntStream.range(1, EventClients.MOST)
                .forEach(i -> dependencies.eventClients().take());
        var events = open(ANYWHERE, -1, QUIET);
        assertThatThrownBy(dependencies.eventClients()::take).isInstanceOf(OperationException.class);

        events.cancel();

        Awaitility.await()
                .untilAsserted(
                        () -> assertThatCode(dependencies.eventClients()::take).doesNotThrowAnyException());
    }

    @Test
    void thereAreNotMoreClientsThanMayBe() {
        Endpoint endpoint = new EventsRoute(dependencies).endpoints().get(0);
        ApiRequest ask = new ApiRequest(
                endpoint,
                HttpRequest.GET(endpoint.path()),
                List.of("dispatcher", "events"),
                ByteString.emptyByteString(),
                "default");

        for (int i = 0; i < EventClients.MOST; i++) {
            dependencies.eventClients().take();
        }

        assertThatThrownBy(() -> endpoint.action().handle(ask))
                .isInstanceOf(OperationException.class)
                .hasMessageStartingWith("events: 200 clients (expected: fewer");
    }
}
