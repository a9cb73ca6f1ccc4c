package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sipdispatch.pauses.RecordedOrder;
import org.sipdispatch.pauses.StateVersion;

class ViewComparisonTest {
    private static final Map<String, ViewRecord.Look> HELD = Map.of("d", look("Inactive", "o1"));
    private static final Map<String, ViewRecord.Look> FREE = Map.of("d", look("Active", "state 0"));

    private static ViewRecord.Look look(String state, String order) {
        return new ViewRecord.Look(0, "d", state, StateVersion.of("1.1"), order, 0, 0, 0);
    }

    private static List<JsonNode> entries(String state, String order) {
        return List.of(new ObjectMapper()
                .createObjectNode()
                .put("destination", "d")
                .put("state", state)
                .put("why", order));
    }

    private static List<RecordedOrder> orders(RecordedOrder.Outcome outcome) {
        return List.of(new RecordedOrder("o1", "d", RecordedOrder.Kind.HOLD, 0, 1, 2, outcome, null, ""));
    }

    private static List<String> compare(
            Map<String, ViewRecord.Look> views, List<JsonNode> entries, RecordedOrder.Outcome outcome) {
        return ViewComparison.compare("history", views, entries, orders(outcome));
    }

    @Test
    void theLastEntryIsTheState() {
        assertThat(compare(HELD, entries("Inactive", "o1"), RecordedOrder.Outcome.OK))
                .isEmpty();
        assertThat(compare(HELD, entries("Active", "o0"), RecordedOrder.Outcome.OK))
                .singleElement()
                .asString()
                .contains("the last entry");
    }

    @Test
    void anOrderThatWasAnsweredOkHasAnEntry() {
        assertThat(compare(HELD, List.of(), RecordedOrder.Outcome.OK))
                .containsExactly("history: d has no entry, and o1 was answered OK");
    }

    @Test
    void aDestinationWithoutExecutedOrdersNeedsNoEntry() {
        assertThat(compare(FREE, List.of(), RecordedOrder.Outcome.FAILED)).isEmpty();
    }

    @Test
    void anEntryIsOfAKnownDestination() {
        assertThat(compare(Map.of(), entries("Inactive", "o1"), RecordedOrder.Outcome.OK))
                .singleElement()
                .asString()
                .contains("no node knows it");
    }
}
