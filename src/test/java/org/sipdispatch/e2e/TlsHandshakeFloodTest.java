package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.HandshakeFlood;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TlsCallingAgent;

/** Ten thousand TLS handshakes from many addresses, beside calls over UDP and on open TLS connections. */
@Tag("long")
@Timeout(300)
class TlsHandshakeFloodTest {
    private static final int HANDSHAKES = 10_000;
    private static final int ADDRESSES = 500;
    private static final int CALLS_PER_SECOND = 50;
    private static final int TLS_CONNECTIONS = 5;
    private static final int CALLS_BEFORE = 10 * CALLS_PER_SECOND;
    private static final List<String> LIMITS =
            List.of("handshakes", "handshakes_of_source", "handshake_rate", "handshake_rate_of_source");

    private static final List<String> RESULTS =
            List.of("completed", "handshake_timeout", "closed", "refused_by_peer", "other");

    @TempDir
    Path directory;

    private final TlsNode node = new TlsNode();
    private Certificates certificates;
    private AnsweringAgent callee;

    @BeforeEach
    void start() {
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("node", "DNS:node.example.com", "ca", "", "-days 2");
        callee = AnsweringAgent.start("127.0.0.1", "callee");
        node.start(
                certificates,
                "rules = [ { select { set = 1, alg = 4 } } ]",
                "1 sip:" + SipText.hostPort(callee.address()) + "\n");
    }

    @AfterEach
    void close() {
        callee.close();
        node.close();
    }

    /** {@code perSecond}: how many handshakes begin in a second; 0 for as many as possible, above the limits. */
    @ParameterizedTest
    @ValueSource(ints = {150, 0})
    void noCallFails(int perSecond) throws Exception {
        try (CallingAgent caller = CallingAgent.start("127.0.0.1", node.udp(), CALLS_PER_SECOND);
                TlsCallingAgent tlsCaller = TlsCallingAgent.start(
                        certificates.client("ca", ""), node.tls(), TLS_CONNECTIONS, 2 * TLS_CONNECTIONS);
                HandshakeFlood flood = new HandshakeFlood(certificates.client("ca", ""), node.tls(), ADDRESSES)) {
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> caller.completed() > CALLS_BEFORE);
            long beganNs = System.nanoTime();
            flood.attack(HANDSHAKES, perSecond);
            long endedNs = System.nanoTime();
            // Some may have been refused by the system, before the node has seen them.
            Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> handled() >= HANDSHAKES - flood.refused());
            caller.finish();
            tlsCaller.finish();
            print(perSecond, flood, (endedNs - beganNs) / 1_000_000_000.0);
            System.out.println("figures: calls before: " + durations(caller, 0, beganNs) + "; beside the handshakes: "
                    + durations(caller, beganNs, endedNs) + "; "
                    + caller.failures().size() + " of " + caller.placed()
                    + " failed, " + caller.repeated() + " requests repeated");
            System.out.println("figures: calls on open TLS connections: "
                    + tlsCaller.failures().size() + " of " + tlsCaller.placed() + " failed, "
                    + described(tlsCaller.milliseconds()));
            assertThat(caller.failures()).isEmpty();
            assertThat(caller.completed()).isEqualTo(caller.placed());
            assertThat(tlsCaller.failures()).isEmpty();
            assertThat(tlsCaller.completed()).isEqualTo(tlsCaller.placed());
            if (perSecond > 0) {
                // A pause of this host may bring some above the limits.
                assertThat(flood.completed()).isGreaterThan(HANDSHAKES * 45 / 100);
                assertThat(node.handshakes("client", "handshake_timeout")).isGreaterThan(HANDSHAKES * 45 / 100);
            } else {
                assertThat(refusedByLimits()).isGreaterThan(HANDSHAKES / 2);
            }
        }
    }

    /** The handshakes that the node has ended or refused. Clients that do not wait for it may close in several ways. */
    private long handled() {
        return refusedByLimits()
                + RESULTS.stream()
                        .mapToLong(result -> node.handshakes("client", result))
                        .sum()
                - TLS_CONNECTIONS;
    }

    private long refusedByLimits() {
        return LIMITS.stream().mapToLong(this::refusedBy).sum();
    }

    private long refusedBy(String limit) {
        return node.metric("sip_dispatcher_limit_hits_total{limit=\"" + limit + "\"}");
    }

    private void print(int perSecond, HandshakeFlood flood, double seconds) {
        System.out.printf(
                "figures: %d handshakes in %.1f s (%s): %d completed; at the node %d completed, %d timed out, %d closed, refused by %s%n",
                HANDSHAKES,
                seconds,
                perSecond > 0 ? perSecond + " per second" : "as many as possible",
                flood.completed(),
                node.handshakes("client", "completed"),
                node.handshakes("client", "handshake_timeout"),
                node.handshakes("client", "closed"),
                LIMITS.stream().map(limit -> limit + " " + refusedBy(limit)).toList());
    }

    private static String durations(CallingAgent caller, long fromNs, long toNs) {
        return described(caller.ended().stream()
                .filter(call -> call.beganNs() >= fromNs && call.beganNs() < toNs)
                .map(call -> (call.endedNs() - call.beganNs()) / 1e6)
                .toList());
    }

    private static String described(List<Double> milliseconds) {
        Figures figures = new Figures();
        milliseconds.forEach(figures::add);
        return "%s, 99 of 100 within %.0f ms".formatted(figures, figures.percentile99());
    }
}
