package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.destination.Ping;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.proxy.Explanation;
import org.sipdispatch.proxy.NewRequests;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipResponse;

/**
 * A running node explains where a request would be sent, then receives it: the cases of OpenSIPS, and some of our own.
 */
@Timeout(120)
class ExplainedTrafficTest {
    private static final Path VECTORS = Path.of("src/test/resources/vectors");
    private static final Pattern HOST_PORT = Pattern.compile("<sips?:(?:[^@>]*@)?(\\[[^]]*]|[^:;>]*):(\\d+)");
    private static final String EMPTY_REQUEST = """
            INVITE sip:anybody@dispatcher SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bKx;rport
            From: <sip:a@example.org>;tag=1
            To: <sip:anybody@dispatcher>
            Call-ID: sequence
            CSeq: 1 INVITE
            Content-Length: 0

            """.replace("\n", "\r\n");

    private final InetSocketAddress main = Ports.freeAddress("127.0.0.1");
    private final Map<String, String> names = new HashMap<>();
    private TestNode node;
    private DatagramSocket caller;
    private int requests;

    @BeforeEach
    void open() throws IOException {
        node = TestNode.start(TestNode.sockets("main", TestNode.udp(main)) + """
                transport.lanes = 2
                hash_pvar = "$fU@$ci"
                relay.unknown-dialog = dispatch
                relay-defaults { mode = redirect }
                rules = [ { select { set = "$hdr(X-Set)", alg = "$hdr(X-Alg)", flags = "$hdr(X-Flags)" } } ]
                """);
        node.replaceAll(Stream.of("default", "sequences")
                .flatMap(partition -> views(partition).stream())
                .toList());
        caller = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
        caller.setSoTimeout(10_000);
    }

    @AfterEach
    void close() {
        caller.close();
        node.close();
    }

    /** For each case the explanation lists the candidates in their order, and so does the actual response after it. */
    @Test
    void allPicksOfOpensipsAreExplainedAsTheyAreMade() {
        List<String> lines = lines("opensips-2.4.9-picks.jsonl");
        List<String> wrong = new ArrayList<>();

        for (String line : lines) {
            Config vector = ConfigFactory.parseString(line);
            boolean sequence = vector.getString("kind").equals("sequence");
            List<?> picks = vector.getAnyRefList("picks");
            for (Object expected : sequence ? picks : List.of(picks)) {
                String request = request(vector, sequence);
                List<String> explained = names(explained(request));
                if (!explained.equals(expected) || !names(explained(request)).equals(explained)) {
                    wrong.add(line + " but told " + explained);
                }
                List<String> real = send(request);
                if (!real.equals(explained)) {
                    wrong.add(line + " was told " + explained + " but got " + real);
                }
            }
        }

        assertThat(lines).hasSize(875);
        assertThat(wrong).isEmpty();
        assertThat(node.count(LaneCounter.FAULTS)).isZero();
    }

    private String request(Config vector, boolean sequence) {
        String set = vector.getString("set");
        return sequence
                ? request(EMPTY_REQUEST, "sequences:" + set, vector.getString("alg"), vector.getString("flags"))
                : request(vector.getString("request"), set, vector.getString("alg"), vector.getString("flags"));
    }

    private String request(String text, String set, String algorithm, String flags) {
        String branch = "z9hG4bKvector" + requests++;
        return text.replaceFirst("branch=[^;\r]*", "branch=" + branch)
                .replaceFirst(
                        "\r\n", "\r\nX-Set: " + set + "\r\nX-Alg: " + algorithm + "\r\nX-Flags: " + flags + "\r\n");
    }

    /** Unusable members, weights, several sets, one of them twice: only real requests move the round-robin state. */
    @Test
    void theRoundRobinsStandWhereTheyStoodHoweverOftenOneAsks() {
        String[] sets = {"1", "2", "3", "5", "5,2", "2,2,5", "8", "9,10"};
        String[] algorithms = {"4", "smooth-round-robin", "5", "8", "0", "rendezvous"};
        String[] flags = {"", "F", "FD", "D", "FM2", "FUD", "FS"};
        for (int i = 0; i < 400; i++) {
            String request = request(
                    EMPTY_REQUEST.replace("Call-ID: sequence", "Call-ID: " + i % 7),
                    sets[i % sets.length],
                    algorithms[i / 3 % algorithms.length],
                    flags[i / 5 % flags.length]);
            List<String> explained = names(explained(request));
            for (int again = i % 3; again > 0; again--) {
                assertThat(names(explained(request))).isEqualTo(explained);
            }

            assertThat(send(request)).as(request).isEqualTo(explained);
        }
    }

    @Test
    void onlyWhatIsSentIsCounted() {
        long before = total();

        for (int i = 0; i < 50; i++) {
            explained(request(EMPTY_REQUEST.replace("sequence", "c" + i), "1", "4", "F"));
        }

        assertThat(total()).isEqualTo(before);
        assertThat(node.traffic().pending()).isZero();
    }

    private long total() {
        return Arrays.stream(LaneCounter.values()).mapToLong(node::count).sum();
    }

    @Test
    void aNodeThatStopsSaysSo() {
        node.traffic().setNewRequests(NewRequests.REFUSED_AT_STOP);

        Explanation explained = explained(request(EMPTY_REQUEST, "1", "4", "F"));

        assertThat(explained.outcome()).isEqualTo("reply");
        assertThat(explained.replyCode()).isEqualTo(503);
        assertThat(explained.replyReason()).isEqualTo("Shutting Down");
    }

    /** The lane waits until the test releases it. */
    @Test
    void aLaneExplainsOneAfterTheOtherAndFewMayWait() {
        CountDownLatch held = new CountDownLatch(1);
        // A send to these destinations fails at once, on the lane of the id; among so many each lane has some.
        for (int i = 0; i < 64; i++) {
            Destination one = new Destination("default", i, "sip:127.0.0.1:1;transport=tcp", null, 1, 0, "", "");
            node.traffic().ping(new Ping(one, "OPTIONS", "sip:a@b", 70, null, 1), 0, result -> awaits(held));
        }

        List<CompletableFuture<Explanation>> answers = Stream.generate(() -> node.traffic()
                        .explain(SipText.bytes(request(EMPTY_REQUEST, "1", "4", "F")), main, null)
                        .toCompletableFuture())
                .limit(12)
                .toList();

        assertThat(answers.stream().filter(CompletableFuture::isCompletedExceptionally))
                .hasSize(3)
                .allSatisfy(answer -> assertThatThrownBy(answer::join)
                        .hasRootCauseInstanceOf(RejectedExecutionException.class)
                        .hasMessageContaining("busy"));
        held.countDown();
        answers.subList(0, 9)
                .forEach(answer -> assertThat(answer.join().outcome()).isEqualTo("dispatch"));
    }

    private static void awaits(CountDownLatch held) {
        try {
            // A time limit, so that the lane ends even if the test fails before.
            held.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whatCannotBeAskedIsABadSetting() {
        byte[] request = SipText.bytes(EMPTY_REQUEST);

        assertThatThrownBy(() -> explained(request, main, "west"))
                .hasMessage("socket: west (expected: one of main)")
                .isInstanceOf(SettingException.class);
        assertThatThrownBy(() -> explained(new byte[0], main, "main"))
                .hasMessageStartingWith("message: no start line (expected: ");
        assertThatThrownBy(() -> explained(request, null, "main")).hasMessageStartingWith("source: null (expected: ");
        assertThat(node.count(LaneCounter.FAULTS)).isZero();
    }

    private Explanation explained(String request) {
        return explained(SipText.bytes(request), (InetSocketAddress) caller.getLocalSocketAddress(), null);
    }

    private Explanation explained(byte[] message, InetSocketAddress source, String socket) {
        try {
            return node.traffic()
                    .explain(message, source, socket)
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    private static List<String> names(Explanation explanation) {
        return explanation.candidates().stream().map(Destination::attrs).toList();
    }

    /** The candidates in the Contacts of the response. */
    private List<String> send(String request) {
        try {
            byte[] bytes = SipText.bytes(request);
            caller.send(new DatagramPacket(bytes, bytes.length, main));
            SipResponse answer;
            do {
                DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
                caller.receive(packet);
                answer = (SipResponse) SipText.parsed(packet.getData(), packet.getLength());
            } while (!request.contains(answer.topVia().parameterText("branch") + ";"));
            acknowledge(request, answer);
            return SipText.values(answer, HeaderName.CONTACT).stream()
                    .map(this::name)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prevents retransmissions of the response to an INVITE. */
    private void acknowledge(String request, SipResponse answer) throws IOException {
        if (request.startsWith("INVITE ")) {
            String ack = request.replaceFirst("^INVITE", "ACK").replaceFirst("(?m)(?i)^(cseq.*)INVITE", "$1ACK");
            String to = Matcher.quoteReplacement("To: " + answer.text(HeaderName.TO) + "\r\n");
            byte[] bytes = SipText.bytes(ack.replaceFirst("(?im)^(to|t)\\s*:.*\r\n", to));
            caller.send(new DatagramPacket(bytes, bytes.length, main));
        }
    }

    private String name(String contact) {
        Matcher found = HOST_PORT.matcher(contact);
        assertThat(found.find()).as(contact).isTrue();
        return names.get(found.group(1) + ":" + found.group(2));
    }

    private List<SetView> views(String partition) {
        Map<Integer, List<SetView.SetMember>> rows = new TreeMap<>();
        for (String line : lines("sets.csv").subList(1, lines("sets.csv").size())) {
            String[] cell = line.split(",");
            int set = Integer.parseInt(cell[1]);
            int weight = Integer.parseInt(cell[5]);
            int priority = Integer.parseInt(cell[6]);
            Destination one = new Destination(partition, set, cell[2], null, weight, priority, cell[7], cell[8]);
            names.put(cell[2].replaceFirst("^sip:([^@]*@)?", "").replaceFirst(";.*", ""), cell[7]);
            rows.computeIfAbsent(set, id -> new ArrayList<>()).add(new SetView.SetMember(one, cell[4].equals("0")));
        }
        return rows.entrySet().stream()
                .map(entry -> SetView.of(new SetId(partition, entry.getKey()), entry.getValue()))
                .toList();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(VECTORS.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
