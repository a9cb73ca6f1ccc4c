package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.cluster.ClusterCalls;
import org.sipdispatch.definitions.ReloadOutcome;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationActor;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.PeerProbeResult;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.limits.LimitUse;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.operations.DestinationOrders;
import org.sipdispatch.operations.DestinationQueries;
import org.sipdispatch.operations.ExecutedOrder;
import org.sipdispatch.operations.ExplainRoute;
import org.sipdispatch.operations.MaintenanceOperations.MaintenanceProgress;
import org.sipdispatch.operations.MaintenanceOrder;
import org.sipdispatch.operations.NodeQueries;
import org.sipdispatch.operations.OperationException;
import org.sipdispatch.proxy.Explanation;
import org.sipdispatch.replication.DataChecksum;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.FreeswitchWeight;
import org.sipdispatch.replication.Samples;
import org.sipdispatch.replication.SourceState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.LimitValues;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.TrafficShare;

/** Objects that a running node rarely shows; their JSON matches the OpenAPI document. */
class JsonViewsTest {
    private static final QualityCounts QUALITY = new QualityCounts(3, 2, 3, 2, 2_500_000, 0, 0);
    private static final Destination A = new Destination("p", 3, "sip:a", null, 1, 0, "x=1", "");
    /** Of a name without any address. */
    private static final Status UNRESOLVED = new Status(
            StatusVersion.NONE, false, false, false, 0, 0, false, 1, "table", "", List.of("\ndns\nno address"));

    private static final Definition DEFINED =
            new Definition(A, DestinationState.INACTIVE, false, 0, 1, 7, "pushed", true);
    private static final Status HELD =
            Status.initial(DestinationState.ACTIVE, 5).set(DestinationState.INACTIVE, "ann@10.0.0.1", "repair", 9);

    private static void isAsTheDocumentSays(String schema, JsonNode shown) {
        assertThat(OpenApiDocument.complaints(schema, shown))
                .as(shown.toString())
                .isEmpty();
    }

    @Test
    void aDestinationOfWhichNothingIsKnownIsWhatItsRowSays() {
        JsonNode row = JsonViews.row(new DestinationsSnapshot.KnownDestination(DEFINED, null));

        isAsTheDocumentSays("Row", row);
        assertThat(row.path("state").asText()).isEqualTo("Inactive");
        assertThat(row.path("takesTraffic").asBoolean()).isFalse();
        assertThat(row.path("temporary").asBoolean()).isTrue();
        assertThat(row.path("scriptAttrs").asText()).isEqualTo("pushed");
    }

    @Test
    void aWeightFromFreeswitchIsShownWithItsSourceAndWithoutThePassword() {
        EventSocketUrl url = EventSocketUrl.parse("fs://ann:hidden@10.0.0.7");
        FreeswitchWeight weight = new FreeswitchWeight(new StatusVersion(1, 1, 7), url.toString(), 43, true, 5);

        JsonNode row = JsonViews.row(new DestinationsSnapshot.KnownDestination(
                DEFINED.id(), DEFINED.withEventSocket(url), null, false, "", weight, 0));
        JsonNode first = JsonViews.row(new DestinationsSnapshot.KnownDestination(DEFINED.withEventSocket(url), null));

        isAsTheDocumentSays("Row", row);
        isAsTheDocumentSays("Row", first);
        assertThat(row.path("weight").asInt()).isEqualTo(43);
        assertThat(row.path("freeswitch"))
                .hasToString("{\"source\":\"fs://10.0.0.7:8021\",\"state\":\"connected\",\"sinceMs\":5}");
        assertThat(first.path("freeswitch")).hasToString("{\"source\":\"fs://10.0.0.7:8021\",\"state\":\"away\"}");
        assertThat(row.toString()).doesNotContain("hidden", "ann");
    }

    @Test
    void aListHasTheShareOfADestinationInBackoff() {
        JsonNode page = JsonViews.page(
                0,
                new DestinationQueries.DestinationPage(
                        1,
                        1,
                        List.of(new DestinationsSnapshot.KnownDestination(DEFINED, null)),
                        Map.of(DEFINED.id(), new TrafficShare(12_000, 100))));

        isAsTheDocumentSays("Row", page.at("/destinations/0"));
        assertThat(page.at("/destinations/0/share/backoffMs").asInt()).isEqualTo(12_000);
    }

    @Test
    void aLimitHasOnlyTheFieldsOfWhatItLimits() {
        LimitUse rate = new LimitUse("source:a", CallLimits.Kind.SOURCE, LimitValues.of(0, 5, 1), 2, 0, 0, 3);
        LimitUse calls = new LimitUse("b", CallLimits.Kind.DESTINATION, new LimitValues(9, 0, 0, 40), 2, 0, 7, 3);
        ObjectNode all = Json.object();
        all.putArray("limits").add(LimitRoutes.limit(rate)).add(LimitRoutes.limit(calls));

        isAsTheDocumentSays("Limits", all);
        assertThat(all.at("/limits/0"))
                .hasToString(
                        "{\"name\":\"source:a\",\"maxCps\":5,\"burst\":1,\"calls\":2,\"elsewhere\":0,\"refused\":3}");
        assertThat(all.at("/limits/1"))
                .hasToString(
                        "{\"name\":\"b\",\"maxCalls\":9,\"free\":7,\"minAsr\":40,\"calls\":2,\"elsewhere\":0,\"refused\":3}");
    }

    @Test
    void theFailureOfANameWithoutTargetsIsShown() {
        JsonNode row = JsonViews.row(new DestinationsSnapshot.KnownDestination(DEFINED, UNRESOLVED));

        isAsTheDocumentSays("Row", row);
        assertThat(row.path("dnsFailure").asText()).isEqualTo("no address");
        assertThat(row.has("targets")).isFalse();
    }

    @Test
    void theTargetsOfANameAreShownBelowIt() {
        Status status = Samples.withTargets(1, 2, "192.0.2.1:5060 h", "192.0.2.2:5060 ");

        JsonNode row = JsonViews.row(new DestinationsSnapshot.KnownDestination(DEFINED, status));

        isAsTheDocumentSays("Row", row);
        assertThat(row.path("dnsFailure").asText()).isEmpty();
        assertThat(row.path("targets")).hasSize(2);
        assertThat(row.path("targets").path(0))
                .hasToString("{\"target\":\"192.0.2.1:5060\",\"host\":\"gw.test\",\"priority\":1,\"weight\":10,"
                        + "\"state\":\"Inactive\",\"takesTraffic\":false,\"hold\":true,\"busy\":false,\"failures\":0,"
                        + "\"successes\":0,\"sinceMs\":1000,\"who\":\"probe\",\"why\":\"no reply\"}");
        assertThat(row.path("targets").path(1).path("state").asText()).isEqualTo("Active");
    }

    @Test
    void theTrafficOfTargetsIsShownBelowThatOfTheirDestination() {
        DestinationTraffic whole = traffic();
        DestinationTraffic withTargets = new DestinationTraffic(
                A,
                whole.firstHits(),
                whole.requests(),
                whole.replies(),
                whole.silent(),
                whole.unreachable(),
                whole.failovers(),
                whole.latency(),
                whole.latencySumMicros(),
                whole.openCalls(),
                whole.quality(),
                Map.of("192.0.2.1:5060", whole));

        JsonNode shown = TrafficJson.of(A, withTargets);

        isAsTheDocumentSays("DestinationTraffic", shown);
        assertThat(shown.path("targets").path(0).path("target").asText()).isEqualTo("192.0.2.1:5060");
        assertThat(shown.path("targets").path(0).path("requests").asLong()).isEqualTo(6);
        assertThat(shown.path("targets").path(0).has("firstHits")).isFalse();
        assertThat(TrafficJson.of(A, whole).has("targets")).isFalse();
    }

    @Test
    void aDestinationIsShownAsItsActorAndThisNodeKnowIt() {
        var report = new DestinationActor.Report(
                A.id(),
                "n1",
                DEFINED,
                HELD,
                new PingResult(PingResult.PingOutcome.UNREACHABLE, 0, 0, "TLS expired: yesterday"),
                3,
                4,
                List.of(new PeerProbeResult("n2", new PingResult(PingResult.PingOutcome.REPLIED, 200, 900), 2)),
                true,
                1);

        JsonNode shown = JsonViews.destination(new DestinationQueries.DestinationDetails(
                report,
                new DestinationsSnapshot.KnownDestination(DEFINED, null),
                traffic(),
                new ClusterCalls(Map.of("n1", 2, "n2", 3), 1, List.of("n3")),
                QUALITY,
                new TrafficShare(1500, 100)));

        isAsTheDocumentSays("Destination", shown);
        assertThat(shown.path("differs").asBoolean()).isTrue();
        assertThat(shown.at("/lastPing/detail").asText()).isEqualTo("TLS expired: yesterday");
        assertThat(shown.at("/openCalls/total").asInt()).isEqualTo(5);
        assertThat(shown.at("/here/state").asText()).isEqualTo("Inactive");
        assertThat(shown.at("/quality/asr").asDouble()).isEqualTo(66.7);
        assertThat(shown.at("/quality/ner").asDouble()).isEqualTo(100);
        assertThat(shown.at("/quality/pddMs").asDouble()).isEqualTo(1250);
        assertThat(shown.at("/quality/acdSeconds").isMissingNode()).isTrue();
        assertThat(shown.at("/share/backoffMs").asInt()).isEqualTo(1500);
    }

    private static DestinationTraffic traffic() {
        List<Long> latency =
                new java.util.ArrayList<>(Collections.nCopies(DestinationTraffic.LATENCY_MS.size() + 1, 0L));
        latency.set(3, 5L);
        latency.set(DestinationTraffic.LATENCY_MS.size(), 1L);
        return new DestinationTraffic(A, 1, 6, List.of(1L, 5L, 0L, 0L, 0L, 0L), 1, 0, 1, latency, 48_500, 2);
    }

    @Test
    void trafficIsShownWithItsTimesByTheirBounds() {
        Map<LaneCounter, Long> counters = new EnumMap<>(LaneCounter.class);
        counters.put(LaneCounter.PARSE_FAILURES, 4L);

        JsonNode shown = TrafficJson.of(new NodeQueries.TrafficCounters(
                1, counters, 2, List.of(traffic()), Map.of("x", QUALITY), Map.of("y", new TrafficShare(0, 40))));

        isAsTheDocumentSays("Traffic", shown);
        assertThat(shown.at("/node/parse_failures").asInt()).isEqualTo(4);
        assertThat(shown.at("/node/pending").asInt()).isEqualTo(2);
        JsonNode one = shown.at("/destinations/0");
        assertThat(one.at("/latencyMs/count").asInt()).isEqualTo(6);
        assertThat(one.at("/latencyMs/sumMs").asDouble()).isEqualTo(48.5);
        assertThat(one.at("/latencyMs/buckets/10").asInt()).isEqualTo(5);
        assertThat(one.at("/latencyMs/buckets/inf").asInt()).isEqualTo(1);
        assertThat(one.at("/replies/2xx").asInt()).isEqualTo(5);
        assertThat(shown.at("/quality/0/id").asText()).isEqualTo("x");
        assertThat(shown.at("/quality/0/seizures").asInt()).isEqualTo(3);
        assertThat(shown.at("/shares/0/id").asText()).isEqualTo("y");
        assertThat(shown.at("/shares/0/slowStartPercent").asInt()).isEqualTo(40);
    }

    @Test
    void aPickIsShownWithTheStatesOfItsMembers() {
        Destination b = new Destination("p", 3, "sip:b", null, 1, 0, "", "");
        Explanation explanation = new Explanation(
                "dispatch",
                null,
                "rules[0]",
                "stateful",
                0,
                null,
                List.of(new Explanation.OfSet(
                        new SetId("p", 3),
                        "4",
                        "round-robin",
                        "F",
                        null,
                        0,
                        "",
                        List.of(
                                new Explanation.OfMember(A, false, 0, "held"),
                                new Explanation.OfMember(b, true, 1, "next in turn")),
                        List.of(1))),
                List.of(b),
                new Explanation.Additions(List.of("X-Attrs: eu"), "to b"));

        JsonNode shown = PickJson.of(new ExplainRoute.Explained(explanation, Map.of(A.id(), HELD, b.id(), UNRESOLVED)));

        isAsTheDocumentSays("Pick", shown);
        assertThat(shown.at("/sets/0/members/1/dnsFailure").asText()).isEqualTo("no address");
        JsonNode member = shown.at("/sets/0/members/0");
        assertThat(member.path("why").asText()).isEqualTo("held");
        assertThat(member.path("who").asText()).isEqualTo("ann@10.0.0.1");
        assertThat(member.path("whySince").asText()).isEqualTo("repair");
        assertThat(PickJson.of(new ExplainRoute.Explained(explanation, Map.of()))
                        .at("/sets/0/members/1/state")
                        .isNull())
                .isTrue();
        assertThat(shown.at("/candidates/0/id").asText()).isEqualTo("p:3:sip:b");
        assertThat(shown.at("/headers/0").asText()).isEqualTo("X-Attrs: eu");
        assertThat(shown.path("log").asText()).isEqualTo("to b");
    }

    private static JsonNode drain(Status status, int open, int ringing, String... silent) {
        JsonNode shown = JsonViews.drain(new DestinationOrders.DrainProgress(
                status, new ClusterCalls(Map.of("n1", open), ringing, List.of(silent))));
        isAsTheDocumentSays("Drain", shown);
        return shown;
    }

    @Test
    void aDrainIsDoneWhenNothingIsLeftForCertain() {
        assertThat(drain(HELD, 0, 0).path("done").asBoolean()).isTrue();

        assertThat(drain(HELD, 1, 0).path("done").asBoolean()).isFalse();
        assertThat(drain(HELD, 0, 1).path("done").asBoolean()).isFalse();
        assertThat(drain(HELD, 0, 0, "n2").path("done").asBoolean()).isFalse();
        assertThat(drain(null, 0, 0).path("done").asBoolean()).isFalse();
        assertThat(drain(Status.initial(DestinationState.ACTIVE, 1), 0, 0)
                        .path("done")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void theOtherAnswersAreAsTheDocumentSays() {
        isAsTheDocumentSays("Ordered", JsonViews.ordered(new ExecutedOrder(HELD, true)));
        isAsTheDocumentSays("Probed", JsonViews.probed(new DestinationActor.Probed(HELD, false)));
        isAsTheDocumentSays(
                "Outcome", JsonViews.reload(new ReloadOutcome(8, List.of("+ p:3:sip:a"), List.of("row 2"), "")));
        isAsTheDocumentSays("Sources", JsonViews.sources(Map.of("p", new SourceState("p.list", "n1", 5, 2, "line 1"))));
        isAsTheDocumentSays(
                "Node",
                JsonViews.node(new NodeQueries.NodeDetails(
                        "n1",
                        true,
                        true,
                        List.of("p:3"),
                        new OverloadState(OverloadState.Mode.REFUSING, 40),
                        List.of(new ClusterMember("n1", 1, "Up", true, true, true)),
                        Map.of("n1", 3L),
                        Map.of("n1", new DataChecksum(7, "00ff00ff00ff00ff")),
                        Set.of("n1"))));
        isAsTheDocumentSays(
                "Maintenance",
                MaintenanceRoutes.json(new MaintenanceProgress(
                        "n1", new MaintenanceOrder(5, "ann@10.0.0.9", "kernel", true), 2, 1, 3, List.of("n2"))));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:5070, 10.0.0.1, 5070",
        "10.0.0.1, 10.0.0.1, 5060",
        "[2001:db8::1]:7, 2001:db8:0:0:0:0:0:1, 7",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1, 5060",
    })
    void aSourceIsAnAddressWithOrWithoutAPort(String text, String address, int port) {
        assertThat(PickRoute.source(text).getAddress().getHostAddress()).isEqualTo(address);
        assertThat(PickRoute.source(text).getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"host.example:5060", "10.0.0.1:99999", "10.0.0.1:x", "10.0.0", ":5060"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> PickRoute.source(text))
                .isInstanceOf(OperationException.class)
                .hasMessageStartingWith("source: " + text + " (expected: an address with a port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE a SIP/2.0\nTo: c\n", "INVITE a SIP/2.0\nTo: c\n\n", "INVITE a SIP/2.0\r\nTo: c"})
    void aRequestFromAnEditorGetsTheLineEndsOfSip(String text) {
        assertThat(PickRoute.withLineEnds(text.getBytes(StandardCharsets.ISO_8859_1)))
                .asString(StandardCharsets.ISO_8859_1)
                .isEqualTo("INVITE a SIP/2.0\r\nTo: c\r\n\r\n");
    }
}
