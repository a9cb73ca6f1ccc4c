package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The events that a client of a running node receives. */
class EventsTest {
    private static final Map<String, String> SCHEMAS = Map.of(
            "status", "HistoryEntry",
            "superseded", "HistoryEntry",
            "view", "View",
            "definitions", "Definitions",
            "traffic", "Traffic",
            "reset", "Reset");

    private static RunningNode node;

    @BeforeAll
    static void start() {
        node = new RunningNode();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static EventReader open(String query, String... headers) {
        return new EventReader(node.open("/dispatcher/events" + query, headers));
    }

    private static void hold(String id) {
        assertThat(node.post(RunningNode.path(id) + "/hold", "{\"why\":\"seen\"}")
                        .status())
                .isEqualTo(200);
    }

    private static void release(String id) {
        assertThat(node.post(RunningNode.path(id) + "/release", "").status()).isEqualTo(200);
    }

    private static boolean tells(JsonNode view, String id, boolean hold) {
        for (JsonNode row : view.path("destinations")) {
            if (row.path("id").asText().equals(id) && row.path("hold").asBoolean() == hold) {
                return true;
            }
        }
        return false;
    }

    @Test
    void allDestinationsAreReportedFirstAndThenThoseThatChange() {
        try (EventReader events = open("")) {
            assertThat(events.await("view", view -> true).data().path("destinations"))
                    .hasSizeGreaterThanOrEqualTo(4);

            hold(node.withSocket());

            events.await("view", view -> view.path("destinations").size() == 1 && tells(view, node.withSocket(), true));
            release(node.withSocket());
            events.await(
                    "view", view -> view.path("destinations").size() == 1 && tells(view, node.withSocket(), false));
        }
    }

    @Test
    void ordersAreReportedWithTheirPlaceAndFromThereItGoesOn() {
        String id = RunningNode.withPercent();
        String after;
        try (EventReader events = open("")) {
            events.placed().await("view", view -> true);
            hold(id);
            after = events.await(
                            "status",
                            status -> status.path("destination").asText().equals(id))
                    .id();
        }
        release(id);

        try (EventReader events = open("", "Last-Event-ID", after)) {
            EventReader.Event first = events.await("status", status -> true);

            assertThat(Long.parseLong(first.id())).isEqualTo(Long.parseLong(after) + 1);
            assertThat(first.data().path("id").asText()).isEqualTo(first.id());
        }
    }

    @Test
    void ofASetOnlyWhatIsInItIsReported() {
        try (EventReader events = open("?set=2")) {
            JsonNode first = events.await("view", view -> true).data();
            assertThat(first.path("destinations")).hasSize(1);

            hold(node.withSocket());
            release(node.withSocket());
            hold(RunningNode.ofSetTwo());

            events.await("view", view -> tells(view, RunningNode.ofSetTwo(), true));
            release(RunningNode.ofSetTwo());
            assertThat(events.received())
                    .allSatisfy(event ->
                            assertThat(event.data().findValuesAsText("id")).doesNotContain(node.withSocket()));
        }
    }

    @Test
    void trafficIsReportedWhereItIsAskedFor() {
        try (EventReader events = open("?traffic=on")) {
            assertThat(events.await("traffic", traffic -> true)
                            .data()
                            .path("node")
                            .has("pending"))
                    .isTrue();
        }
    }

    @Test
    void otherDefinitionsAreReported() {
        try (EventReader events = open("")) {
            events.await("view", view -> true);
            long revision = node.get("/dispatcher/sets").json().path("revision").asLong();

            node.write("9 sip:127.0.0.1:5099\n");
            assertThat(node.post("/dispatcher/reload", "").status()).isEqualTo(200);

            events.await("definitions", text -> text.path("revision").asLong() > revision);
            events.await("view", view -> view.findValuesAsText("id").contains("default:9:sip:127.0.0.1:5099"));
        }
    }

    @Test
    void whoDoesNotReadHoldsUpNobodyElse() {
        try (EventReader slow = EventReader.thatDoesNotRead(node.open("/dispatcher/events"));
                EventReader events = open("")) {
            events.await("view", view -> true);

            for (int i = 0; i < 50; i++) {
                hold(RunningNode.withSlash());
                release(RunningNode.withSlash());
            }
            hold(RunningNode.withSlash());

            events.await("view", view -> tells(view, RunningNode.withSlash(), true));
            release(RunningNode.withSlash());
            assertThat(slow.received()).isEmpty();
        }
    }

    @Test
    void allThatIsReportedIsAsTheDocumentSays() {
        try (EventReader events = open("?traffic=on&lastEventId=1000000000")) {
            events.await("reset", reset -> true);
            events.await("traffic", traffic -> true);
            events.await("view", view -> true);
            hold(node.withSocket());
            release(node.withSocket());
            events.await("status", status -> status.path("what").asText().equals("release"));

            assertThat(events.received())
                    .allSatisfy(event -> assertThat(OpenApiDocument.complaints(SCHEMAS.get(event.name()), event.data()))
                            .as(event.toString())
                            .isEqualTo(Set.of()));
        }
    }
}
