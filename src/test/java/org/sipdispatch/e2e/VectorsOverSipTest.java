package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipResponse;

/**
 * Compares the picks of a running OpenSIPS 2.4.9 with those of a running node. Each pick arrives as the Contacts of a
 * 302, and equals the earlier response of {@code POST /dispatcher/pick}.
 */
class VectorsOverSipTest {
    private static final Path VECTORS = Path.of("src/test/resources/vectors");
    private static final Pattern HOST_PORT = Pattern.compile("(?:[^@:]*@)?(\\[[^]]*\\]|[^:;>]*):(\\d+)");
    private static final String EMPTY_SEQUENCE_REQUEST = """
            INVITE sip:anybody@dispatcher SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.1:5999;branch=z9hG4bKx;rport
            From: <sip:a@example.org>;tag=1
            To: <sip:anybody@dispatcher>
            Call-ID: sequence
            CSeq: 1 INVITE
            Content-Length: 0

            """.replace("\n", "\r\n");

    private static final int PORT = Ports.next();
    private static final int MANAGEMENT = Ports.next();
    private static TestUserAgent caller;
    private static NodeProcess node;
    private static PickClient oracle;

    private final List<String> differing = new ArrayList<>();
    private final Map<String, String> attrs = new HashMap<>();
    private int requests;

    /** The sequences have a partition of their own, since their round robins begin at the beginning. */
    @BeforeAll
    static void open() {
        caller = TestUserAgent.udp();
        oracle = new PickClient(MANAGEMENT, caller.hostPort());
        node = NodeProcess.start("""
                sockets { main = "udp:127.0.0.1:%d" }
                management { port = %d, max-requests-per-second = 0 }
                partitions { default { db_url = "file:$list" }, sequences { } }
                hash_pvar = "$fU@$ci"
                relay.unknown-dialog = dispatch
                relay-defaults { mode = redirect }
                rules = [ { select { set = "$hdr(X-Set)", alg = "$hdr(X-Alg)", flags = "$hdr(X-Flags)" } } ]
                """.formatted(PORT, MANAGEMENT), list());
    }

    @AfterAll
    static void close() {
        caller.close();
        node.close();
    }

    @Test
    void allPicksOfOpensipsAreReportedAndComeBackAsContacts() {
        List<String> lines = lines("opensips-2.4.9-picks.jsonl");
        rows().forEach(cell -> attrs.put(hostPort(cell[2]), cell[7]));
        List<String> wrong = new ArrayList<>();

        for (String line : lines) {
            Config vector = ConfigFactory.parseString(line);
            List<?> picks = vector.getString("kind").equals("sequence") ? sequence(vector) : picks(vector);
            if (!picks.equals(vector.getAnyRefList("picks"))) {
                wrong.add(line + " but got " + picks);
            }
        }

        assertThat(lines).hasSize(875);
        assertThat(wrong).isEmpty();
        assertThat(differing).isEmpty();
    }

    private List<List<String>> sequence(Config vector) {
        List<List<String>> picks = new ArrayList<>();
        for (int i = 0; i < vector.getAnyRefList("picks").size(); i++) {
            picks.add(ask(EMPTY_SEQUENCE_REQUEST, "sequences:" + vector.getString("set"), vector));
        }
        return picks;
    }

    private List<String> picks(Config vector) {
        return ask(vector.getString("request"), vector.getString("set"), vector);
    }

    /** The request as it stands, except for a branch of its own and the headers that the rule reads. */
    private List<String> ask(String request, String set, Config vector) {
        String branch = "z9hG4bKvector" + requests++;
        String sent = request.replaceFirst("branch=[^;\r]*", "branch=" + branch)
                .replaceFirst(
                        "\r\n",
                        "\r\nX-Set: " + set + "\r\nX-Alg: " + vector.getString("alg") + "\r\nX-Flags: "
                                + vector.getString("flags") + "\r\n");
        List<String> explained = explain(sent);
        caller.send(NodeProcess.at(PORT), sent);
        Received answer = caller.take(
                "final response",
                one -> one.sip() instanceof SipResponse response
                        && !response.isProvisional()
                        && branch.equals(response.topVia().parameterText("branch")));
        acknowledge(sent, answer.sip());
        List<String> contacts = contacts((SipResponse) answer.sip());
        if (!explained.equals(contacts)) {
            differing.add(sent + " was told " + explained + " but got " + contacts);
        }
        return contacts;
    }

    private List<String> explain(String request) {
        return oracle.ask(request).candidates().stream()
                .map(VectorsOverSipTest::hostPort)
                .map(attrs::get)
                .toList();
    }

    /** So that an INVITE's answer is not repeated. */
    private static void acknowledge(String sent, SipMessage answer) {
        if (sent.startsWith("INVITE ")) {
            String ack = sent.replaceFirst("^INVITE", "ACK").replaceFirst("(?m)(?i)^(cseq.*)INVITE", "$1ACK");
            String to = Matcher.quoteReplacement("To: " + answer.text(HeaderName.TO) + "\r\n");
            caller.send(NodeProcess.at(PORT), ack.replaceFirst("(?im)^(to|t)\\s*:.*\r\n", to));
        }
    }

    private List<String> contacts(SipResponse answer) {
        if (answer.status() == 500) {
            return Collections.emptyList();
        }
        assertThat(answer.status()).isEqualTo(302);
        return SipText.values(answer, HeaderName.CONTACT).stream()
                .map(VectorsOverSipTest::hostPort)
                .map(attrs::get)
                .toList();
    }

    private static String hostPort(String uri) {
        Matcher found = HOST_PORT.matcher(uri.replaceFirst("^<?sips?:", "").replaceFirst("^.*@", ""));
        assertThat(found.lookingAt()).as(uri).isTrue();
        return found.group(1) + ":" + found.group(2);
    }

    private static String list() {
        StringBuilder list = new StringBuilder();
        for (String[] cell : rows()) {
            String flags = cell[4].equals("0") ? "0" : cell[4].equals("1") ? "1" : "9";
            list.append(String.join(" ", cell[1], cell[2], flags, cell[6], "weight=" + cell[5] + ";name=" + cell[7]))
                    .append('\n');
        }
        return list.toString();
    }

    private static List<String[]> rows() {
        return lines("sets.csv").stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .toList();
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(VECTORS.resolve(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
