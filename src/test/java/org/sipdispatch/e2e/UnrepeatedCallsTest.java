package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.LateAgents;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.UnrepeatedCalls;

/**
 * No datagram is lost when a watch for ICMP opens or closes. The caller sends each request once and destinations answer
 * each request once, so a lost datagram is a lost call. A tracer delays the node's system call {@code connect}.
 */
class UnrepeatedCallsTest {
    private static final int HELD_UP_US = 20_000;
    private static final double NODES_FIRST_REPETITION_MS = 400;

    @Test
    void noneIsLostWhileDestinationsThatAnswerLateAreWatched() throws IOException {
        assumeStrace();
        Path trace = trace();
        // Each call is answered after T1, so each opens a watch and ends it.
        try (LateAgents agents = LateAgents.start(40, 150, 220)) {
            UnrepeatedCalls.Result result =
                    run(agents, heldUp(trace, HELD_UP_US), "relay.t1 = 100ms", new Load(100, 20));

            assertThat(result.refused()).isEmpty();
            assertThat(result.lost()).isEmpty();
        }
        assertThat(Files.readString(trace)).contains("::ffff:127.0.0.1");
    }

    @Test
    void whereThereCanBeNoWatchTheStartSaysSoOnceAndCallsGoOn() {
        List<String> withoutIpv6 = List.of("env", "JAVA_TOOL_OPTIONS=-Djava.net.preferIPv4Stack=true");
        int port = Ports.next();
        try (LateAgents agents = LateAgents.start(1, 0, 0);
                NodeProcess node = begin(agents, withoutIpv6, "", port)) {
            node.awaitListening();

            assertThat(UnrepeatedCalls.place(NodeProcess.at(port), 1, 1).lost()).isEmpty();
            assertThat(node.log()).containsOnlyOnce("transport.icmp-unreachable: none for socket main");
        }
    }

    /**
     * {@code -Dcalls=10000 -Ddestinations=1000 -Drate=200 -Dstarts=5}: the number of calls, of destinations, of calls
     * per second, and of starts of the node.
     */
    @Tag("long")
    @ParameterizedTest(name = "connect is held up by {0} us")
    @ValueSource(ints = {0, HELD_UP_US})
    void noAnswerIsLostAtTheFirstUseOfManyDestinations(int heldUpUs) throws IOException {
        if (heldUpUs > 0) {
            assumeStrace();
        }
        int starts = Integer.getInteger("starts", 5);
        Load load = new Load(Integer.getInteger("calls", 10_000) / starts, Integer.getInteger("rate", 200));
        List<UnrepeatedCalls.Result> results = new ArrayList<>();
        try (LateAgents agents = LateAgents.start(Integer.getInteger("destinations", 1000), 0, 18)) {
            for (int i = 0; i < starts; i++) {
                Path trace = trace();
                results.add(run(agents, heldUpUs == 0 ? List.of() : heldUp(trace, heldUpUs), "", load));
            }
        }
        System.out.printf(
                "figures: connect held up by %d us: %d calls, %d starts: lost %d, refused %d, answered after more than"
                        + " %.0f ms %d, slowest %.1f ms%n",
                heldUpUs,
                results.stream().mapToInt(UnrepeatedCalls.Result::calls).sum(),
                starts,
                results.stream().mapToInt(one -> one.lost().size()).sum(),
                results.stream().mapToInt(one -> one.refused().size()).sum(),
                NODES_FIRST_REPETITION_MS,
                results.stream()
                        .mapToLong(one -> one.above(NODES_FIRST_REPETITION_MS))
                        .sum(),
                results.stream()
                        .mapToDouble(UnrepeatedCalls.Result::slowestMs)
                        .max()
                        .orElse(0));
        assertThat(results).allSatisfy(one -> {
            assertThat(one.lost()).isEmpty();
            assertThat(one.refused()).isEmpty();
            assertThat(one.above(NODES_FIRST_REPETITION_MS)).isZero();
        });
    }

    private record Load(int calls, int perSecond) {}

    private static UnrepeatedCalls.Result run(LateAgents agents, List<String> before, String more, Load load) {
        int port = Ports.next();
        try (NodeProcess node = begin(agents, before, more, port)) {
            node.awaitListening();
            return UnrepeatedCalls.place(NodeProcess.at(port), load.calls, load.perSecond);
        }
    }

    private static NodeProcess begin(LateAgents agents, List<String> before, String more, int port) {
        String list = agents.uris().stream().map(uri -> "1 " + uri).collect(Collectors.joining("\n"));
        return NodeProcess.begin(before, """
                sockets { main = "udp:127.0.0.1:%d" }
                partitions { default { db_url = "file:$list" } }
                rules = [ { select { set = 1, alg = 4, flags = F }, relay { fr_timeout = 60s } } ]
                %s
                """.formatted(port, more), list);
    }

    private static Path trace() throws IOException {
        Path directory = Files.createDirectories(Path.of("target", "e2e").toAbsolutePath());
        return Files.createTempFile(directory, "connect", ".trace");
    }

    /** The tracer is not the node's parent, so that a signal to this process reaches the node. */
    private static List<String> heldUp(Path trace, int microseconds) {
        return List.of(
                "strace",
                "-D",
                "-f",
                "-qq",
                "-o",
                trace.toString(),
                "--seccomp-bpf",
                "-e",
                "trace=connect",
                "-e",
                "inject=connect:delay_enter=" + microseconds);
    }

    private static void assumeStrace() {
        boolean there;
        try {
            Process strace = new ProcessBuilder("strace", "-qq", "-o", "/dev/null", "true").start();
            there = strace.waitFor() == 0;
        } catch (IOException e) {
            there = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            there = false;
        }
        assumeTrue(there, "this machine has no strace, or may not use it");
    }
}
