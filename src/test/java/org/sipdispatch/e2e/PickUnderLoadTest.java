package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.Ports;

/**
 * A node with two lanes explains the routing of a request under load, then gets the same request: it arrives where the
 * explanation said. The comparison is exact, because nothing else changes the state it depends on: other requests go to
 * the same sets, but with round robin on the other lane only, which has its own state. {@code -Drounds=200} sets how often
 * each kind of request is compared.
 */
@Tag("long")
@Timeout(600)
class PickUnderLoadTest {
    private static final int CALLS_PER_SECOND = 50;
    private static final int ROUNDS = Integer.getInteger("rounds", 20);
    private static final int PORT = Ports.next();
    private static final int MANAGEMENT = Ports.next();
    private static final int CLOSED = Ports.next();

    /** Requests to these sets; {@code lane} is that of the requests, -1 for any. */
    private record Plan(String sets, String algorithm, String flags, String mode, int lane) {
        /** INVITE and MESSAGE alternately, from one of seven callers. */
        String request(int number) {
            String method = number % 2 == 0 ? "INVITE" : "MESSAGE";
            String from = "sip:caller" + number % 7 + "@example.org";
            return PROBE.request(
                    lane, method, mode, from, "X-Set: " + sets, "X-Alg: " + algorithm, "X-Flags: " + flags);
        }
    }

    private static final List<Plan> PLANS = List.of(
            new Plan("1", "4", "F", "stateful", 0),
            new Plan("2", "smooth-round-robin", "", "stateless", 1),
            new Plan("3", "0", "F", "stateful", -1),
            new Plan("4", "1", "FU", "stateless", -1),
            new Plan("5", "8", "FM2", "stateful", -1),
            new Plan("6", "4", "FD", "stateful", -1),
            new Plan("6,5", "smooth-round-robin", "F", "stateless", -1),
            new Plan("4", "rendezvous", "FD", "stateful", -1),
            new Plan("7", "4", "F", "stateful", -1),
            new Plan("7", "0", "F", "stateful", -1),
            new Plan("8", "0", "F", "stateful", -1));

    private static final PickProbe PROBE = new PickProbe(PORT, MANAGEMENT);
    private static final List<AnsweringAgent> OTHERS = new ArrayList<>();
    private static CallingAgent calls;
    private static BackgroundCallers crowd;
    private static NodeProcess node;

    @BeforeAll
    static void open() {
        OTHERS.add(AnsweringAgent.start("127.0.0.1", "one"));
        OTHERS.add(AnsweringAgent.start("127.0.0.1", "two"));
        node = NodeProcess.start("""
                sockets { main = "udp:127.0.0.1:%d" }
                transport.lanes = %d
                management { port = %d, max-requests-per-second = 0 }
                partitions { default { db_url = "file:$list" } }
                probing { ds_ping_interval = 1s, ping-timeout = 5s, ds_probing_mode = 1, ds_probing_threshold = 1
                  ds_probing_list = "7" }
                rules = [
                  { when { ruri = "^sip:stateless@" }
                    select { set = "$hdr(X-Set)", alg = "$hdr(X-Alg)", flags = "$hdr(X-Flags)" }
                    relay { mode = stateless } }
                  { when { ruri = "^sip:stateful@" }
                    select { set = "$hdr(X-Set)", alg = "$hdr(X-Alg)", flags = "$hdr(X-Flags)" } }
                  { select { set = 90, alg = 4 } }
                ]
                """.formatted(PORT, PickProbe.LANES, MANAGEMENT), list());
        calls = CallingAgent.start("127.0.0.1", NodeProcess.at(PORT), CALLS_PER_SECOND);
        crowd = new BackgroundCallers(
                PORT,
                PROBE,
                List.of(
                        new BackgroundCallers.Habit("1", "4", 1),
                        new BackgroundCallers.Habit("2", "smooth-round-robin", 0),
                        new BackgroundCallers.Habit("3", "0", -1),
                        new BackgroundCallers.Habit("4", "1", -1),
                        new BackgroundCallers.Habit("5", "8", -1)));
    }

    @AfterAll
    static void close() throws IOException {
        calls.close();
        crowd.close();
        OTHERS.forEach(AnsweringAgent::close);
        PROBE.close();
        node.close();
    }

    private static String list() {
        int a = PROBE.agent(0);
        int b = PROBE.agent(1);
        int c = PROBE.agent(2);
        int d = PROBE.agent(3);
        return Stream.of(
                        rows(1, "0 0 weight=3", a, "0 0 weight=1", b, "0 0 weight=2", c),
                        rows(2, "0 0 weight=5", a, "0 0 weight=1", b, "0 0 weight=1", d),
                        rows(3, "0 0 weight=2", a, "0 0 weight=0", b, "0 0 weight=4", c, "0 0 weight=1", d),
                        rows(4, "0", a, "0", b, "1", c, "0", d),
                        rows(5, "0 10", a, "0 30", b, "0 20", c),
                        rows(6, "0", a, "1", b, "0 0 weight=2", c, "0", d),
                        rows(7, "0", PROBE.refusing(), "0", CLOSED, "0", a, "0", b, "0", c),
                        rows(8, "0", CLOSED, "0", PROBE.refusing(), "0", d),
                        rows(
                                90,
                                "0",
                                OTHERS.get(0).address().getPort(),
                                "0",
                                OTHERS.get(1).address().getPort()))
                .reduce("", String::concat);
    }

    private static String rows(int set, Object... flagsAndPorts) {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < flagsAndPorts.length; i += 2) {
            rows.append("%d %s %s%n".formatted(set, uri((int) flagsAndPorts[i + 1]), flagsAndPorts[i]));
        }
        return rows.toString();
    }

    private static String uri(int port) {
        return "sip:127.0.0.1:" + port;
    }

    private static String onlySet(int set) {
        return new Plan(String.valueOf(set), "8", "F", "stateful", -1).request(0);
    }

    @Test
    void everyRequestArrivesWhereItsExplanationSaid() throws InterruptedException {
        String held = uri(PROBE.agent(0));
        String dead = uri(CLOSED);
        PROBE.hold("default:7:" + held);
        await().until(() -> PROBE.explain(onlySet(7)).isOut(held, "Inactive")
                && PROBE.explain(onlySet(7)).isOut(dead, "Probing"));

        for (int i = 0; i < ROUNDS; i++) {
            for (Plan plan : PLANS) {
                PROBE.probe(plan.request(i), CLOSED);
            }
        }

        assertThat(PROBE.wrong()).isEmpty();
        assertThat(PROBE.secondOnes())
                .as("probes that the second candidate took")
                .isGreaterThan(ROUNDS / 2);
        calls.finish();
        assertThat(calls.failures()).isEmpty();
        assertThat(calls.completed()).isGreaterThan(CALLS_PER_SECOND);
        assertThat(crowd.answered()).isGreaterThan(ROUNDS);
    }
}
