package org.sipdispatch.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.destination.PingResult;
import org.sipdispatch.destination.Status;
import org.sipdispatch.destination.StatusVersion;
import org.sipdispatch.freeswitch.EventSocketUrl;
import org.sipdispatch.membership.ClusterMember;
import org.sipdispatch.observation.DestinationTraffic;
import org.sipdispatch.observation.Handshakes;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.OverloadState;
import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.observation.ProxyHeaders;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.observation.TlsHandshakes;
import org.sipdispatch.replication.DestinationsSnapshot;
import org.sipdispatch.replication.FreeswitchWeight;
import org.sipdispatch.replication.NodeMaintenance;
import org.sipdispatch.replication.SourceState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.QualityCounts;
import org.sipdispatch.sets.TrafficShare;
import org.sipdispatch.tls.CertificateInUse;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.transaction.SendFailure;
import org.sipdispatch.websocket.WebSocketFailure;

/** The contents of a scrape. */
class SnapshotsTest {
    private static final long HOUR = 3_600_000;
    private static final Destination FIRST = destination(1, "sip:10.0.0.1", null);
    private static final Destination SECOND = destination(1, "sip:10.0.0.2", "main");

    private final ProbeCounts probes = new ProbeCounts();
    private final Map<String, TrafficShare> shares =
            Map.of(FIRST.id(), new TrafficShare(900, 100), SECOND.id(), new TrafficShare(0, 35));

    private static Destination destination(int set, String uri, String socket) {
        return new Destination("default", set, uri, socket, 1, 0, "", "");
    }

    private static DestinationsSnapshot.KnownDestination known(Destination destination, DestinationState state) {
        Definition definition = new Definition(destination, DestinationState.ACTIVE, false, 0, 1, 7, "", false);
        return new DestinationsSnapshot.KnownDestination(definition, state == null ? null : Status.initial(state, 0));
    }

    private static DestinationTraffic traffic(Destination destination, long requests) {
        List<Long> replies = List.of(1L, 2L, 3L, 4L, 5L, 6L);
        List<Long> latency = new ArrayList<>(Collections.nCopies(DestinationTraffic.LATENCY_MS.size() + 1, 1L));
        QualityCounts quality = new QualityCounts(12, 5, 9, 10, 4_500_000, 3, 90_500);
        return new DestinationTraffic(
                destination, 10, requests, replies, 7, 8, 9, latency, 2_500_000, 11, quality, Map.of());
    }

    private static DestinationTraffic quiet(Destination destination, long requests) {
        DestinationTraffic none = DestinationTraffic.none(destination);
        return new DestinationTraffic(destination, 0, requests, none.replies(), 0, 0, 0, none.latency(), 0, 0);
    }

    private List<String> rendered(
            int most, List<DestinationsSnapshot.KnownDestination> known, List<DestinationTraffic> traffic) {
        return rendered(
                new ScrapeData(
                        DestinationsSnapshot.of(7, known),
                        traffic,
                        shares,
                        List.of(),
                        probes,
                        ScrapeData.empty().node()),
                most);
    }

    private static List<String> rendered(ScrapeData reading, int most) {
        return rendered(reading, new CardinalityLimit(most), 0);
    }

    private List<String> rendered(
            CardinalityLimit shown,
            long nowMs,
            List<DestinationsSnapshot.KnownDestination> known,
            List<DestinationTraffic> traffic) {
        ScrapeData reading = new ScrapeData(
                DestinationsSnapshot.of(7, known),
                traffic,
                shares,
                List.of(),
                probes,
                ScrapeData.empty().node());
        return rendered(reading, shown, nowMs);
    }

    private static List<String> rendered(ScrapeData reading, CardinalityLimit shown, long nowMs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, Metrics.snapshots(reading, shown, nowMs));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replace("sip_dispatcher_", ""))
                .toList();
    }

    @Test
    void weightsFromFreeswitchAreReported() {
        Definition defined = new Definition(FIRST, DestinationState.ACTIVE, false, 0, 1, 7, "", false)
                .withEventSocket(EventSocketUrl.parse("fs://:hidden@10.0.0.7"));
        FreeswitchWeight weight = new FreeswitchWeight(new StatusVersion(1, 1, 7), "fs://10.0.0.7:8021", 43, true, 5);

        List<String> samples = rendered(
                10,
                List.of(
                        new DestinationsSnapshot.KnownDestination(FIRST.id(), defined, null, false, "", weight, 0),
                        known(SECOND, DestinationState.ACTIVE)),
                List.of());

        String first = "{partition=\"default\",set=\"1\",uri=\"sip:10.0.0.1\"}";
        String second = "{partition=\"default\",set=\"1\",socket=\"main\",uri=\"sip:10.0.0.2\"}";
        assertThat(samples)
                .contains(
                        "destination_weight" + first + " 43.0",
                        "destination_weight" + second + " 1.0",
                        "destination_freeswitch_connected" + first + " 1.0")
                .noneMatch(line -> line.startsWith("destination_freeswitch_connected" + second));
    }

    @Test
    void aDestinationIsReported() {
        List<String> samples = rendered(
                10,
                List.of(known(FIRST, DestinationState.ACTIVE), known(SECOND, DestinationState.PROBING)),
                List.of(traffic(FIRST, 100)));

        String first = "{partition=\"default\",set=\"1\",uri=\"sip:10.0.0.1\"}";
        String second = "{partition=\"default\",set=\"1\",socket=\"main\",uri=\"sip:10.0.0.2\"}";
        assertThat(samples)
                .contains(
                        "destination_requests_total" + first + " 100.0",
                        "destination_requests_total" + second + " 0.0",
                        "destination_first_hits_total" + first + " 10.0",
                        "destination_silent_total" + first + " 7.0",
                        "destination_unreachable_total" + first + " 8.0",
                        "destination_failovers_total" + first + " 9.0",
                        "destination_open_calls" + first + " 11.0",
                        "destination_seizures_total" + first + " 12.0",
                        "destination_answers_total" + first + " 5.0",
                        "destination_effective_seizures_total" + first + " 9.0",
                        "destination_post_dial_delays_total" + first + " 10.0",
                        "destination_post_dial_delay_seconds_total" + first + " 4.5",
                        "destination_ended_calls_total" + first + " 3.0",
                        "destination_call_seconds_total" + first + " 90.5",
                        "destination_in_backoff" + first + " 1.0",
                        "destination_in_slow_start" + first + " 0.0",
                        "destination_in_backoff" + second + " 0.0",
                        "destination_in_slow_start" + second + " 1.0",
                        "destination_takes_traffic" + first + " 1.0",
                        "destination_takes_traffic" + second + " 0.0",
                        "destination_consecutive_failures" + first + " 0.0",
                        "destination_replies_total{class=\"6xx\",partition=\"default\",set=\"1\",uri=\"sip:10.0.0.1\"}"
                                + " 6.0",
                        "destination_state{partition=\"default\",set=\"1\",socket=\"main\",state=\"probing\",uri=\"sip:10.0.0.2\"}"
                                + " 1.0",
                        "destination_state{partition=\"default\",set=\"1\",socket=\"main\",state=\"active\",uri=\"sip:10.0.0.2\"}"
                                + " 0.0");
    }

    @Test
    void timesAreAHistogramInSeconds() {
        List<String> samples = rendered(10, List.of(), List.of(traffic(FIRST, 100)));

        String of = "{partition=\"default\",set=\"1\",uri=\"sip:10.0.0.1\"";
        assertThat(samples)
                .contains(
                        "destination_response_seconds_bucket" + of + ",le=\"0.001\"} 1",
                        "destination_response_seconds_bucket" + of + ",le=\"5.0\"} 12",
                        "destination_response_seconds_bucket" + of + ",le=\"+Inf\"} 13",
                        "destination_response_seconds_count" + of + "} 13",
                        "destination_response_seconds_sum" + of + "} 2.5");
    }

    @Test
    void whatOnlyTrafficRemembersHasNoState() {
        List<String> samples = rendered(10, List.of(known(SECOND, null)), List.of(traffic(FIRST, 100)));

        assertThat(samples)
                .noneMatch(line -> line.startsWith("destination_state{"))
                .anyMatch(line -> line.startsWith("destination_requests_total{") && line.endsWith(" 100.0"));
    }

    @Test
    void theSameIdIsReportedOnceHoweverItIsWritten() {
        List<String> samples = rendered(
                10,
                List.of(known(destination(1, "sip:A.example", null), DestinationState.ACTIVE)),
                List.of(traffic(destination(1, "sip:a.EXAMPLE", null), 5)));

        assertThat(samples)
                .filteredOn(line -> line.startsWith("destination_requests_total{"))
                .containsExactly(
                        "destination_requests_total{partition=\"default\",set=\"1\",uri=\"sip:A.example\"} 5.0");
    }

    @Test
    void destinationsBeyondTheBoundAreSummedUpForEachSet() {
        List<DestinationsSnapshot.KnownDestination> known = IntStream.range(0, 30)
                .mapToObj(i -> known(
                        destination(i % 2, "sip:10.0.1." + i, null),
                        i % 3 == 0 ? DestinationState.INACTIVE : DestinationState.ACTIVE))
                .toList();
        List<DestinationTraffic> traffic = known.stream()
                .map(one -> traffic(one.definition().destination(), 100))
                .toList();

        List<String> samples = rendered(10, known, traffic);

        assertThat(samples)
                .filteredOn(line -> line.startsWith("destination_requests_total{"))
                .hasSize(12)
                .contains(
                        "destination_requests_total{partition=\"default\",set=\"0\",uri=\"other\"} 1000.0",
                        "destination_requests_total{partition=\"default\",set=\"1\",uri=\"other\"} 1000.0");
        assertThat(samples)
                .contains(
                        "destination_state{partition=\"default\",set=\"0\",state=\"active\",uri=\"other\"} 7.0",
                        "destination_state{partition=\"default\",set=\"0\",state=\"inactive\",uri=\"other\"} 3.0");
    }

    @Test
    void whoseNumbersStandAloneStaysSoFromScrapeToScrape() {
        CardinalityLimit shown = new CardinalityLimit(1);
        List<DestinationTraffic> traffic = List.of(traffic(FIRST, 100), traffic(SECOND, 30));
        rendered(shown, 0, List.of(known(FIRST, null), known(SECOND, null)), traffic);

        List<String> samples = rendered(shown, 1, List.of(known(SECOND, null), known(FIRST, null)), traffic);

        assertThat(samples)
                .contains(
                        "destination_requests_total{partition=\"default\",set=\"1\",uri=\"sip:10.0.0.1\"} 100.0",
                        "destination_requests_total{partition=\"default\",set=\"1\",uri=\"other\"} 30.0");
    }

    @Test
    void whatIsDefinedNoLongerIsReportedUntilItWasNotUsedForAnHour() {
        CardinalityLimit shown = new CardinalityLimit(1);
        String first = "destination_requests_total{partition=\"default\",set=\"1\",uri=\"sip:10.0.0.1\"} ";
        String other = "destination_requests_total{partition=\"default\",set=\"1\",uri=\"other\"} 30.0";
        List<DestinationTraffic> traffic = List.of(quiet(FIRST, 100), quiet(SECOND, 30));
        rendered(shown, 0, List.of(known(FIRST, null), known(SECOND, null)), traffic);

        assertThat(rendered(shown, HOUR - 1, List.of(), traffic)).contains(first + "100.0", other);
        // The sum keeps its counts.
        assertThat(rendered(shown, HOUR, List.of(), traffic)).contains(other).noneMatch(line -> line.startsWith(first));

        List<DestinationTraffic> again = List.of(quiet(FIRST, 101), quiet(SECOND, 30));
        assertThat(rendered(shown, HOUR * 2, List.of(), again)).contains(first + "101.0", other);
        assertThat(rendered(shown, HOUR * 3, List.of(known(FIRST, null)), again))
                .contains(first + "101.0", other);
    }

    @Test
    void whatHasOpenCallsIsReportedHoweverOld() {
        CardinalityLimit shown = new CardinalityLimit(1);
        for (int hour = 0; hour < 3; hour++) {
            assertThat(rendered(shown, hour * HOUR, List.of(), List.of(traffic(FIRST, 100))))
                    .anyMatch(line -> line.startsWith("destination_open_calls{"));
        }
    }

    @Test
    void aSumKeepsThePingsOfWhatIsDefinedNoLonger() {
        CardinalityLimit shown = new CardinalityLimit(0);
        List<DestinationsSnapshot.KnownDestination> both =
                List.of(known(FIRST, DestinationState.ACTIVE), known(SECOND, DestinationState.ACTIVE));
        for (DestinationsSnapshot.KnownDestination one : both) {
            probes.counting((ping, pauses, then) -> then.accept(new PingResult(PingResult.PingOutcome.SILENT, 0, 0)))
                    .ping(new Ping(one.definition().destination(), "OPTIONS", "sip:a@b", 70, null, 1000), 0, end -> {});
        }
        String sum = "destination_probes_total{partition=\"default\",result=\"silent\",set=\"1\",uri=\"other\"} 2.0";
        assertThat(rendered(shown, 0, both, List.of())).contains(sum);

        probes.retain(List.of(FIRST.id()), shown::forget);

        assertThat(rendered(shown, 1, both.subList(0, 1), List.of())).contains(sum);
    }

    @Test
    void aValueWithQuotesBreaksNothing() {
        List<String> samples = rendered(10, List.of(), List.of(traffic(destination(1, "sip:\"a\\b\n\"@h", null), 5)));

        assertThat(samples)
                .contains("destination_requests_total{partition=\"default\",set=\"1\","
                        + "uri=\"sip:\\\"a\\\\b\\n\\\"@h\"} 5.0");
    }

    @Test
    void pingsAreReportedByTheirEnds() {
        Ping ping = new Ping(FIRST, "OPTIONS", "sip:a@b", 70, null, 1000);
        List<PingResult> seen = new ArrayList<>();
        probes.counting((one, pauses, then) -> then.accept(new PingResult(PingResult.PingOutcome.REPLIED, 200, 5)))
                .ping(ping, 0, seen::add);
        probes.counting((one, pauses, then) -> then.accept(new PingResult(PingResult.PingOutcome.SILENT, 0, 0)))
                .ping(ping, 0, seen::add);

        List<String> samples = rendered(10, List.of(known(FIRST, DestinationState.ACTIVE)), List.of());

        assertThat(seen).hasSize(2);
        String of = "destination_probes_total{partition=\"default\",result=\"%s\",set=\"1\",uri=\"sip:10.0.0.1\"} %s";
        assertThat(samples)
                .contains(
                        of.formatted("replied", "1.0"), of.formatted("silent", "1.0"), of.formatted("not_sent", "0.0"));
    }

    @Test
    void pingsOfWhatIsDefinedNoLongerAreForgotten() {
        probes.counting((one, pauses, then) -> then.accept(new PingResult(PingResult.PingOutcome.SILENT, 0, 0)))
                .ping(new Ping(FIRST, "OPTIONS", "sip:a@b", 70, null, 1000), 0, result -> {});

        List<String> forgotten = new ArrayList<>();
        probes.retain(
                List.of(SECOND.id()), (id, counts) -> forgotten.add(id + counts.get(PingResult.PingOutcome.SILENT)));

        assertThat(forgotten).containsExactly(FIRST.id() + 1);
        assertThat(probes.count(FIRST.id(), PingResult.PingOutcome.SILENT)).isZero();
    }

    @Test
    void theNodeTellsOfItself() {
        List<ClusterMember> members = List.of(
                new ClusterMember("a", 1, "Up", true, true, true),
                new ClusterMember("b", 2, "Up", false, false, false),
                new ClusterMember("c", 3, "Joining", true, false, false));
        PemFile file = new PemFile("cluster.tls", NodeCertificates.of("127.0.0.1") + "/node.pem");
        CertificateInUse certificate =
                new CertificateInUse(file, file.certificates().get(0));
        Handshakes handshakes = new Handshakes();
        handshakes.tls().completed(TlsHandshakes.Side.SERVER);
        handshakes.tls().failed(TlsHandshakes.Side.CLIENT, TlsFailure.EXPIRED, 0, () -> "to a gateway");
        handshakes.webSockets().completed();
        handshakes.webSockets().failed(WebSocketFailure.WRONG_ORIGIN, 0, () -> "from a page");
        ProxyHeaders proxyHeaders = handshakes.proxyHeaders();
        proxyHeaders.accepted(true);
        proxyHeaders.failed(ProxyHeaderFailure.UNLISTED, 0, () -> "from a stranger");
        ScrapeData.NodeData node = new ScrapeData.NodeData(
                LaneCounter::ordinal,
                SendFailure::ordinal,
                Limit::ordinal,
                handshakes,
                12,
                2,
                members,
                1,
                Map.of("trunks", new SourceState("t.list", "a", 5, 2, "line 1")),
                true,
                false,
                Map.of("load", 3),
                List.of(certificate),
                Map.of("tls.server_domains.a", true, "management.tls", false),
                new OverloadState(OverloadState.Mode.DROPPING, 60),
                new ScrapeData.MaintenanceData(
                        true,
                        Map.of("a", new NodeMaintenance(5, Map.of()), "gone", new NodeMaintenance(5, Map.of())),
                        4,
                        3));

        List<String> samples = rendered(
                new ScrapeData(DestinationsSnapshot.of(7, List.of()), List.of(), shares, List.of(), probes, node), 10);

        assertThat(samples)
                .contains(
                        "figure_values{figure=\"load\"} 3.0",
                        "maintenance 1.0",
                        "overload 2.0",
                        "overload_shed_percent 60.0",
                        "cluster_members{state=\"maintenance\"} 1.0",
                        "open_calls 4.0",
                        "ringing_calls 3.0",
                        "messages_received_total{kind=\"request\"} 0.0",
                        "messages_received_total{kind=\"response\"} 1.0",
                        "forwarded_total 2.0",
                        "overloads_total " + (double) LaneCounter.OVERLOADS.ordinal(),
                        "send_failures_total{cause=\"too_large\"} " + (double) SendFailure.TOO_LARGE.ordinal(),
                        "tls_handshakes_total{peer=\"client\",result=\"completed\"} 1.0",
                        "tls_handshakes_total{peer=\"server\",result=\"expired\"} 1.0",
                        "certificate_expiry_timestamp_seconds{file=\""
                                + certificate.file().path()
                                + "\",setting=\"cluster.tls\"} "
                                + (double) certificate.end().getEpochSecond(),
                        "certificate_refused{block=\"tls.server_domains.a\"} 1.0",
                        "certificate_refused{block=\"management.tls\"} 0.0",
                        "websocket_handshakes_total{result=\"completed\"} 1.0",
                        "websocket_handshakes_total{result=\"wrong_origin\"} 1.0",
                        "websocket_handshakes_total{result=\"ping_timeout\"} 0.0",
                        "proxy_headers_total{result=\"client\"} 1.0",
                        "proxy_headers_total{result=\"own\"} 0.0",
                        "proxy_headers_total{result=\"unlisted\"} 1.0",
                        "transactions_pending 12.0",
                        "lanes 2.0",
                        "definitions_revision 7.0",
                        "definitions_differing_nodes 1.0",
                        "source_refused{partition=\"trunks\"} 1.0",
                        "source_refusals_total{partition=\"trunks\"} 2.0",
                        "ready 0.0",
                        "cluster_member 1.0",
                        "cluster_members{state=\"up\"} 1.0",
                        "cluster_members{state=\"unreachable\"} 1.0");
    }
}
