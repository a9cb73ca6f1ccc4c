package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Ports;

/** Compares a node's metrics with the counts of SIPp, and checks them with the tool of Prometheus. */
class MetricsTest {
    private static final int CALLS = 300;

    private static final int PORT = Ports.next();
    private static final int MANAGEMENT = Ports.next();
    private static Sipp answering;
    private static Sipp refusing;
    private static NodeProcess node;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        String list = "2 sip:127.0.0.1:5099 0 0 maxcalls=50;maxcps=20;pstn=9\n";
        if (Sipp.isPresent()) {
            answering = Sipp.callee("udp");
            refusing = Sipp.refusingCallee("udp");
            list += "1 sip:127.0.0.1:%d%n1 sip:127.0.0.1:%d%n".formatted(answering.port(), refusing.port());
        }
        node = NodeProcess.start("""
                sockets { main = "udp:127.0.0.1:%d" }
                management.port = %d
                partitions { default { db_url = "file:$list" } }
                limits.sources = [ { name = acme, from = ["192.0.2.0/24"], max-calls = 100, max-cps = 10 } ]
                rules = [
                  { when { method = [MESSAGE] }, select { set = 2, resources = [pstn] } }
                  { select { set = 1, alg = 4, flags = F } }
                ]
                """.formatted(PORT, MANAGEMENT), list);
    }

    @AfterAll
    static void close() {
        Stream.of(answering, refusing).filter(one -> one != null).forEach(Sipp::close);
        node.close();
    }

    private HttpResponse<String> scrape(String accept) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + MANAGEMENT + "/metrics"))
                    .header("Accept", accept)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The metrics of one destination, by name and by the other labels. */
    private Map<String, Long> figures(Sipp callee) {
        String own = "uri=\"sip:127.0.0.1:" + callee.port() + "\"";
        return scrape("*/*")
                .body()
                .lines()
                .filter(line -> line.contains(own) && !line.contains("_seconds_sum"))
                .map(line -> line.replace("sip_dispatcher_destination_", "")
                        .replace("partition=\"default\"", "")
                        .replace("set=\"1\"", "")
                        .replace(own, "")
                        .replaceAll("[,\"]", "")
                        .replace("{}", ""))
                .collect(Collectors.toMap(line -> line.substring(0, line.lastIndexOf(' ')), line ->
                        (long) Double.parseDouble(line.substring(line.lastIndexOf(' ')))));
    }

    @Test
    void theCountsAreThoseOfTheUserAgents() {
        Sipp.assumePresent();
        try (Sipp caller = Sipp.caller("udp", "service", PORT, CALLS, 100)) {
            assertThat(caller.failedCalls()).isZero();
        }
        Awaitility.await().until(() -> figures(answering).get("open_calls") == 0);

        Map<String, Long> good = figures(answering);
        Map<String, Long> bad = figures(refusing);

        assertThat(good.get("requests_total"))
                .isEqualTo(answering.invitesReceived())
                .isEqualTo(CALLS);
        assertThat(good.get("replies_total{class=1xx}")).isEqualTo(answering.counted("1_180_Sent"));
        assertThat(good.get("replies_total{class=2xx}")).isEqualTo(answering.counted("2_200_Sent"));
        assertThat(good.get("first_hits_total")).isEqualTo(CALLS / 2);
        assertThat(good.get("response_seconds_count")).isEqualTo(CALLS);
        assertThat(good).containsEntry("state{state=active}", 1L).containsEntry("takes_traffic", 1L);
        assertThat(bad.get("requests_total"))
                .isEqualTo(refusing.invitesReceived())
                .isEqualTo(CALLS / 2);
        assertThat(bad.get("replies_total{class=5xx}")).isEqualTo(refusing.counted("1_503_Sent"));
        assertThat(bad.get("failovers_total")).isEqualTo(CALLS / 2);
        assertThat(bad).containsEntry("replies_total{class=2xx}", 0L).containsEntry("silent_total", 0L);
    }

    @Test
    void prometheusFindsNoFault() throws Exception {
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(dir -> Files.isExecutable(Path.of(dir, "promtool"))),
                "no program promtool on the PATH");
        HttpResponse<String> text = scrape("text/plain");
        Path page = Files.writeString(Files.createTempFile(Path.of("target", "e2e"), "metrics", ".txt"), text.body());
        Process check = new ProcessBuilder("promtool", "check", "metrics")
                .redirectInput(page.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(check.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(check.exitValue()).isZero();
        assertThat(text.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4;"));
        assertThat(text.body())
                .contains("sip_dispatcher_ready 1.0", "jvm_memory_used_bytes")
                .contains(
                        "sip_dispatcher_destination_limit_max_calls{", "sip_dispatcher_destination_capacity_max_calls{")
                .contains("sip_dispatcher_source_limit_max_cps{");
    }

    @Test
    void openMetricsIsServedWhereItIsAskedFor() {
        HttpResponse<String> page = scrape("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");

        assertThat(page.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
        assertThat(page.body()).endsWith("# EOF\n");
    }
}
