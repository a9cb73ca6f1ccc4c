package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.AnsweringAgent;
import org.sipdispatch.agents.CallingAgent;
import org.sipdispatch.agents.ConnectionFlood;
import org.sipdispatch.agents.InviteFlood;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpCallingAgent;
import org.sipdispatch.agents.TcpPeer;

/**
 * One address takes as much of a real node as it can get, while calls from another address continue. The tests with the
 * tag long use the default limits: {@code mvn test -Dtest=OneSourceTest -Dgroups=long -Dexcluded.groups=}.
 */
@Timeout(300)
class OneSourceTest {
    private static final String HOST = "127.0.0.1";
    private static final String ATTACKER = "127.0.0.9";
    private static final int CALLS_PER_SECOND = 100;
    /** How many calls have to be placed beside or after an attack. */
    private static final int CALLS = 250;

    private static final int BODY = 60_000;

    private final InetSocketAddress at = Ports.freeAddress(HOST);
    private final int management = Ports.next();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private NodeProcess node;

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        // An attack leaves ringing calls, for which the test does not wait.
        if (node != null) {
            node.kill();
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        open.add(one);
        return one;
    }

    /** The attacker's requests go to a separate set. */
    private void start(List<String> options, String settings, String callee, String attacked) throws IOException {
        Path list = Files.createTempFile(Files.createDirectories(Path.of("target", "e2e")), "one", ".list");
        Files.writeString(list, "1 " + callee + "\n2 " + attacked + "\n");
        List<String> all = new ArrayList<>(NodeArchive.options());
        all.addAll(options);
        node = NodeProcess.begin(
                all, """
                sip-dispatcher {
                  sockets { u = "udp:%1$s", t = "tcp:%1$s" }
                  management.port = %2$d
                  partitions.default.db_url = "file:%3$s"
                  rules = [
                    { when { source = "%4$s" }, select { set = 2, flags = F } }
                    { select { set = 1, flags = F } }
                  ]
                  %5$s
                }
                """.formatted(SipText.hostPort(at), management, list.toAbsolutePath(), ATTACKER, settings));
        node.awaitListening();
    }

    private String get(String path) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long limitHits(String limit) {
        Matcher line = Pattern.compile("(?m)^sip_dispatcher_limit_hits_total\\{limit=\"" + limit + "\"} (\\d+)")
                .matcher(get("/metrics"));
        return line.find() ? Long.parseLong(line.group(1)) : -1;
    }

    private long linesOf(String text) {
        return node.log().lines().filter(line -> line.contains(text)).count();
    }

    private static String uri(InetSocketAddress address) {
        return "sip:" + SipText.hostPort(address);
    }

    private void largeInvites(List<String> options, String settings, int many, Duration within) throws Exception {
        AnsweringAgent callee = opened(AnsweringAgent.start(HOST, "callee"));
        InviteFlood.Bell bell = opened(new InviteFlood.Bell(HOST));
        start(options, settings, uri(callee.address()), uri(bell.address()));
        CallingAgent caller = opened(CallingAgent.start(HOST, at, CALLS_PER_SECOND));
        InviteFlood flood = opened(new InviteFlood(ATTACKER, at, BODY));

        flood.send(many, within);
        int placed = caller.placed();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> caller.placed() >= placed + CALLS);
        caller.finish();
        flood.count();

        System.out.printf(
                "%d INVITEs of %d bytes in %s: %d rang, %d refused; calls beside them: %d completed, %d failed%n",
                flood.sent(),
                BODY,
                within,
                flood.ringing(),
                flood.refused(),
                caller.completed(),
                caller.failures().size());
        node.log().lines().filter(line -> line.contains("WARN")).forEach(System.out::println);
        assertThat(caller.failures()).isEmpty();
        assertThat(flood.ringing()).isPositive();
        assertThat(flood.refused()).isPositive();
        assertThat(limitHits("transaction_share")).isPositive();
        assertThat(linesOf("relay.transaction-memory, max-transactions: "))
                .isBetween(1L, 1 + within.toSeconds() / 5 + 5);
        assertThat(node.log()).contains(ATTACKER);
        assertThat(get("/ready")).contains("\"ready\" : true");
    }

    @Test
    void largeInvitesOfOneAddressFailNoCallOfAnother() throws Exception {
        largeInvites(
                List.of(),
                "relay.transaction-memory = 16MiB, transport.tcp { max-buffered = 16MiB, max-connections = 1000 }",
                300,
                Duration.ofSeconds(3));
    }

    @Test
    @Tag("long")
    void largeInvitesFailNoCallWithTheDefaultLimits() throws Exception {
        largeInvites(List.of("-Xms256m", "-Xmx1g"), "", 4_000, Duration.ofSeconds(9));
    }

    /** All its connections are silent, and it opens more than the limit. */
    private void silentConnections(List<String> options, String settings, int places, int many) throws Exception {
        TcpPeer callee = opened(TcpPeer.answering(HOST, 200));
        start(options, settings, uri(callee.address()) + ";transport=tcp", "sip:127.0.0.1:9");
        ConnectionFlood flood = opened(ConnectionFlood.open(ATTACKER, at, many));
        TcpCallingAgent caller = TcpCallingAgent.start(HOST, at, CALLS_PER_SECOND);

        int placed = caller.placed();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> caller.placed() >= placed + CALLS);
        caller.finish();
        // A gateway restarts: its connections are gone, and the next calls need a new one.
        callee.taken().forEach(TcpPeer.Connection::close);
        TcpCallingAgent later = TcpCallingAgent.start(HOST, at, CALLS_PER_SECOND);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> later.placed() >= 100);
        later.finish();

        System.out.printf(
                "%d silent connections, %d open; calls beside them: %d completed, %d failed%n",
                many, flood.open(), caller.completed(), caller.failures().size());
        node.log().lines().filter(line -> line.contains("WARN")).forEach(System.out::println);
        assertThat(caller.failures()).isEmpty();
        assertThat(later.failures()).isEmpty();
        assertThat(flood.open()).isLessThanOrEqualTo(places);
        assertThat(limitHits("max_connections")).isPositive();
        assertThat(linesOf("transport.tcp.max-connections: ")).isBetween(1L, 12L);
        assertThat(get("/ready")).contains("\"ready\" : true");
    }

    @Test
    void silentConnectionsOfOneAddressFailNoCallOfAnother() throws Exception {
        silentConnections(List.of(), "transport.tcp.max-connections = 200", 200, 250);
    }

    @Test
    @Tag("long")
    void silentConnectionsFailNoCallWithTheDefaultLimits() throws Exception {
        silentConnections(List.of("-Xms256m", "-Xmx1g"), "", 10_000, 11_000);
    }

    @Test
    void fewFileDescriptorsCostNoStackTraces() throws Exception {
        TcpPeer callee = opened(TcpPeer.answering(HOST, 200));
        node = NodeProcess.begin(
                List.of("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh"),
                "sockets { t = \"tcp:%s\" }, partitions.default.db_url = \"file:$list\", rules = [ { select.set = 1 } ]"
                        .formatted(SipText.hostPort(at)),
                "1 " + uri(callee.address()) + ";transport=tcp\n");
        node.awaitListening();
        opened(ConnectionFlood.open(ATTACKER, at, 300));

        TcpCallingAgent caller = TcpCallingAgent.start(HOST, at, 1);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> caller.placed() >= 5);
        caller.finish();

        node.log().lines().filter(line -> line.contains("WARN")).forEach(System.out::println);
        assertThat(caller.failures()).isEmpty();
        assertThat(node.log()).contains("ulimit -n: 200 (expected: ").doesNotContain("\tat ", "ERROR");
        assertThat(node.log()
                        .lines()
                        .filter(line -> !line.contains("heartbeat"))
                        .count())
                .isLessThan(30);
    }

    @Test
    void aNodeThatRefusesThoseWhoHaveLittleIsNotReady() throws Exception {
        start(List.of(), "transport.tcp.max-connections = 20", "sip:127.0.0.1:9", "sip:127.0.0.1:9");
        List<ConnectionFlood> busy = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            busy.add(opened(ConnectionFlood.open("127.0.1." + i, at, 1)));
            busy.get(i - 1).sendOnEach(SipText.bytes("\r\n"));
        }

        int[] next = {1};
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
            busy.forEach(one -> one.sendOnEach(SipText.bytes("\r\n")));
            opened(ConnectionFlood.open("127.0.2." + next[0]++, at, 1));
            return get("/ready").contains("full: transport.tcp.max-connections is reached");
        });
        // Ten seconds after the last refusal the node is ready again.
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> get("/ready").contains("\"ready\" : true"));
    }

    private void limitFileDescriptors(long many) throws Exception {
        int status = new ProcessBuilder("prlimit", "--pid", "" + node.pid(), "--nofile=" + many + ":")
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    @Test
    void withoutFileDescriptorsConnectionsWaitAndTheLogIsShort() throws Exception {
        TcpPeer callee = opened(TcpPeer.answering(HOST, 200));
        start(List.of(), "", uri(callee.address()) + ";transport=tcp", "sip:127.0.0.1:9");
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + node.pid() + "/fd"))) {
            limitFileDescriptors(descriptors.count() + 3);
        }

        opened(ConnectionFlood.open(ATTACKER, at, 20));
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> linesOf("ulimit -n: a connection") > 0);
        limitFileDescriptors(10_000);
        TcpCallingAgent caller = TcpCallingAgent.start(HOST, at, 5);
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> caller.placed() >= 5);
        caller.finish();

        assertThat(caller.failures()).isEmpty();
        assertThat(limitHits("file_descriptors")).isPositive();
        assertThat(node.log()).doesNotContain("\tat ", "ERROR");
        assertThat(linesOf("ulimit -n: a connection")).isLessThan(5);
    }

    @Test
    void aSmallHeapIsNotFilledByLargeRequests() throws Exception {
        InviteFlood.Bell bell = opened(new InviteFlood.Bell(HOST));
        start(List.of("-Xmx64m"), "", uri(bell.address()), uri(bell.address()));
        InviteFlood flood = opened(new InviteFlood(ATTACKER, at, BODY));

        flood.send(3_000, Duration.ofSeconds(5));

        assertThat(node.isAlive()).as(node.log()).isTrue();
        assertThat(get("/ready")).contains("\"ready\" : true");
        assertThat(flood.refused()).isPositive();
        assertThat(node.log()).contains("-Xmx: ").doesNotContain("OutOfMemoryError");
    }
}
