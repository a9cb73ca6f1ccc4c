package org.sipdispatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code events} over streams that end. */
class EventsTest {
    private final FakeNode first = new FakeNode();
    private final FakeNode second = new FakeNode();

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private static String status(int id, String state) {
        return """
                : stays open

                event: view
                data: {"destinations":[]}

                event: status
                id: %1$d
                data: {"id":%1$d,"atMs":1,"kind":"STATUS","destination":"default:1:sip:a","state":"%2$s","busy":false,
                data: "what":"status","who":"probe","why":"408","version":"1.%1$d","node":"n:1"}

                """.formatted(id, state);
    }

    @Test
    void whereOneStreamEndsAnotherNodeGoesOnBehindTheLastEvent() {
        first.plays("GET /dispatcher/history", 200, "{\"entries\":[{\"id\":40}]}");
        first.streams("/dispatcher/events", status(41, "Probing"));
        second.streams("/dispatcher/events", status(42, "Active"));

        CommandRun run =
                CommandRun.of("events", "--node", first.url(), "--node", second.url(), "--count", "2", "--set", "1");

        assertThat(run.status()).isZero();
        assertThat(run.out().lines().map(line -> line.substring(25)))
                .containsExactly(
                        "default:1:sip:a  status Probing, by probe: 408  [n:1]",
                        "default:1:sip:a  status Active, by probe: 408  [n:1]");
        assertThat(run.err()).isEqualTo(first.url() + ": the stream ended\n");
        assertThat(first.asked.get(1).headers()).containsEntry("Last-event-id", "40");
        assertThat(second.asked.get(0).headers()).containsEntry("Last-event-id", "41");
        assertThat(second.asked.get(0).path()).isEqualTo("/dispatcher/events?set=1");
    }

    @Test
    void itBeginsBehindTheHighestIdWhichNeedNotBeTheFirst() {
        first.plays("GET /dispatcher/history", 200, "{\"entries\":[{\"id\":39},{\"id\":40},{\"id\":7}]}");
        first.streams("/dispatcher/events", status(41, "Probing"));

        CommandRun.of("events", "--node", first.url(), "--count", "1");

        assertThat(first.asked.get(1).headers()).containsEntry("Last-event-id", "40");
    }

    @Test
    void whatIsSupersededIsReportedAsSuch() {
        first.streams(
                "/dispatcher/events",
                status(8, "")
                        .replace("event: status", "event: superseded")
                        .replace("\"what\":\"status\"", "\"what\":\"superseded\"")
                        .replace("\"n:1\"}", "\"n:1\",\"superseded\":true,\"supersededState\":\"Inactive\"}"));

        CommandRun run = CommandRun.of("events", "--node", first.url(), "--since-id", "7", "--count", "1");

        assertThat(run.out()).contains("default:1:sip:a  superseded Inactive, by probe: 408  [n:1]");
    }

    @Test
    void anIdToBeginBehindMayBeGiven() {
        first.streams("/dispatcher/events", status(8, "Active"));

        CommandRun run = CommandRun.of("events", "--node", first.url(), "--since-id", "7", "--count", "1", "--json");

        assertThat(run.out()).startsWith("{\"id\":8,").contains("\"version\":\"1.8\"");
        assertThat(first.asked.get(0).headers()).containsEntry("Last-event-id", "7");
    }

    @Test
    void whereNoNodeIsReachedItEnds() {
        CommandRun run = CommandRun.of("events", "--node", "http://127.0.0.1:1");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void whatIsRefusedFromTheBeginningIsRefused() {
        first.plays("GET /dispatcher/history", 200, "{\"entries\":[]}");
        first.plays("GET /dispatcher/events", 503, "{\"error\":\"history: away\"}");

        assertThat(CommandRun.of("events", "--node", first.url())).isEqualTo(new CommandRun(1, "", "history: away\n"));
    }

    @Test
    void itEndsQuietlyWhereNobodyReadsAnyMore() {
        first.streams("/dispatcher/events", status(8, "Active"));
        Writer closed = new FilterWriter(Writer.nullWriter()) {
            @Override
            public void flush() throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        CommandRun run = CommandRun.of(closed, "events", "--node", first.url(), "--since-id", "7");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aClientThatIsNotKnownAnyMoreGetsAnErrorAndEnds(int status) {
        first.streams("/dispatcher/events", status(8, "Active"));
        first.plays("GET /dispatcher/events", status, "{\"error\":\"token: gone (expected: one of this node)\"}");

        CommandRun run = CommandRun.of("events", "--node", first.url(), "--since-id", "7");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err().lines())
                .containsExactly(first.url() + ": the stream ended", "token: gone (expected: one of this node)");
    }

    @Test
    void aNodeThatRefusesForAWhileIsReportedOnce() {
        first.streams("/dispatcher/events", status(8, "Active"));
        first.plays("GET /dispatcher/events", 503, "{\"error\":\"history: away\"}");
        first.plays("GET /dispatcher/events", 503, "{\"error\":\"history: away\"}");
        first.streams("/dispatcher/events", status(9, "Probing"));

        CommandRun run = CommandRun.of("events", "--node", first.url(), "--since-id", "7", "--count", "2");

        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).hasSize(2);
        assertThat(run.err().lines())
                .containsExactly(first.url() + ": the stream ended", first.url() + ": history: away");
    }
}
