package org.sipdispatch.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.TortureMessages;
import org.sipdispatch.sip.TortureMessages.Verdict;

/**
 * Sends the torture messages to a running node, each as one datagram. Responses go to the port in the message's Via, so
 * each message is sent from that port, of a loopback address that is unlikely to be in use.
 */
class TortureOverSipTest {
    private static final Pattern TOP_VIA =
            Pattern.compile("(?im)^v(?:ia)?[ \t]*:((?:[^,\r\n]|\r\n[ \t])*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SENT_BY =
            Pattern.compile("SIP\\s*/\\s*[\\d.]+\\s*/\\s*\\S+\\s+(?:\\[[^]]*\\]|[^:;,\\s]+)(?::(\\d+))?");
    private static final Pattern MAX_FORWARDS = Pattern.compile("(?im)^(max-forwards\\s*:\\s*)(\\d+)");
    private static final Pattern CONTENT_LENGTH = Pattern.compile("(?im)^(?:l|content-length)\\s*:\\s*(\\d+)");

    private static final int STATELESS = Ports.next();
    private static final int STATEFUL = Ports.next();
    private static String source;
    private static TestUserAgent destination;
    private static NodeProcess withoutMemory;
    private static NodeProcess withTransactions;

    static List<Verdict> verdicts() {
        return TortureMessages.verdicts();
    }

    @BeforeAll
    static void open() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        source = "127." + random.nextInt(2, 254) + "." + random.nextInt(2, 254) + "." + random.nextInt(2, 254);
        try {
            TestUserAgent.udp(new InetSocketAddress(source, 5060)).close();
        } catch (UncheckedIOException e) {
            Assumptions.abort("no loopback address but 127.0.0.1: " + e.getMessage());
        }
        destination = TestUserAgent.udp();
        withoutMemory = begin(STATELESS, "stateless");
        withTransactions = begin(STATEFUL, "stateful");
        withoutMemory.awaitListening();
        withTransactions.awaitListening();
    }

    private static NodeProcess begin(int port, String mode) {
        return NodeProcess.begin(List.of(), """
                sockets { main = "udp:127.0.0.1:%d" }
                partitions { default { db_url = "file:$list" } }
                relay { preloaded-route = dispatch, unknown-dialog = dispatch }
                rules = [
                  { when { ruri = "^sip:marker@" }, reply { code = 404, reason = Marker } }
                  { select { set = 1 }, relay { mode = %s } }
                ]
                """.formatted(port, mode), "1 sip:127.0.0.1:" + destination.port());
    }

    @AfterAll
    static void close() {
        if (withTransactions != null) {
            destination.close();
            withoutMemory.close();
            withTransactions.close();
        }
    }

    @ParameterizedTest
    @MethodSource("verdicts")
    void aNodeWithoutMemoryDoesAsTheTableSays(Verdict verdict) {
        assertVerdict(verdict, new String(verdict.bytes(), ISO_8859_1), STATELESS);
    }

    /** Some messages have the same branch and would match as retransmissions of each other. */
    @ParameterizedTest
    @MethodSource("verdicts")
    void aNodeWithTransactionsDoesAsTheTableSays(Verdict verdict) {
        String text = new String(verdict.bytes(), ISO_8859_1);

        assertVerdict(verdict, withNewBranch(text), STATEFUL);
    }

    private static void assertVerdict(Verdict verdict, String sent, int port) {
        try (TestUserAgent sender = TestUserAgent.udp(new InetSocketAddress(source, viaPort(sent)))) {
            sender.send(NodeProcess.at(port), sent);
            if (verdict.proxied().equals("forward")) {
                assertForwarded(sender, sent, port);
            } else if (verdict.proxied().equals("drop")) {
                assertDropped(sender, sent, port);
            } else {
                String code = verdict.proxied().substring("reply ".length());
                Received reply = sender.take("reply", any -> true);
                assertThat(reply.toString()).startsWith("SIP/2.0 " + code + " ");
                assertDropped(sender, sent, port);
            }
        }
    }

    private static void assertForwarded(TestUserAgent sender, String sent, int port) {
        Received arrived = destination.take("message", one -> one.toString().startsWith(firstLine(sent)));
        assertThat(withoutWhatAProxyOwns(arrived, sent, port)).isEqualTo(comparable(sent));

        SipRequest request = (SipRequest) arrived.sip();
        destination.send(arrived.from(), SipText.response(request, 200, "destination"));
        Received answer = sender.take("200", one -> one.toString().startsWith("SIP/2.0 200 "));
        assertThat(answer.from()).isEqualTo(NodeProcess.at(port));
    }

    /** Nothing arrives before the response to a later request that the node can answer at once. */
    private static void assertDropped(TestUserAgent sender, String sent, int port) {
        String marker = Messages.newBranch();
        sender.send(NodeProcess.at(port), """
                OPTIONS sip:marker@dispatcher SIP/2.0
                Via: SIP/2.0/UDP 127.0.0.1;rport;branch=%1$s
                From: <sip:a@example.org>;tag=1
                To: <sip:marker@dispatcher>
                Call-ID: %1$s
                CSeq: 1 OPTIONS
                Max-Forwards: 70
                Content-Length: 0

                """.formatted(marker).replace("\n", "\r\n"));
        sender.take("marker", Messages.response(404, "OPTIONS", marker));
        assertThat(sender.seen(any -> true)).isEmpty();
        assertThat(destination.seen(one -> one.toString().startsWith(firstLine(sent))))
                .isEmpty();
    }

    private static String withoutWhatAProxyOwns(Received message, String sent, int port) {
        String arrived = message.toString();
        boolean hasToTag = ((SipRequest) message.sip()).hasToTag();
        String own = "127\\.0\\.0\\.1:" + port;
        Matcher added = Pattern.compile(
                        "^([^\r\n]*\r\n)Via: SIP/2\\.0/UDP " + own + ";branch=z9hG4bK[^;\r\n]+;r=[^;\r\n]{11}\r\n"
                                + "(Record-Route: <sip:" + own + ";lr;k=[^>]*>\r\n)?(Max-Forwards: 70\r\n)?")
                .matcher(arrived);
        Matcher before = MAX_FORWARDS.matcher(head(sent));
        boolean counted = before.find();
        assertThat(added.lookingAt()).as(arrived).isTrue();
        assertThat(added.group(3) == null).as("Max-Forwards was there").isEqualTo(counted);
        boolean beginsDialog = sent.matches("(?s)(INVITE|SUBSCRIBE|REFER|NOTIFY) .*") && !hasToTag;
        assertThat(added.group(2) != null).as("Record-Route in %s", arrived).isEqualTo(beginsDialog);
        String rest = added.group(1) + arrived.substring(added.end());
        if (counted) {
            Matcher after = MAX_FORWARDS.matcher(rest);
            assertThat(after.find()).isTrue();
            assertThat(after.group(2)).isEqualTo(String.valueOf(Integer.parseInt(before.group(2)) - 1));
        }
        assertThat(topVia(rest)).contains(";received=" + source);
        return normal(rest);
    }

    /** The sent message up to the end of its body. */
    private static String comparable(String sent) {
        String head = head(sent);
        String body = sent.substring(head.length());
        Matcher length = CONTENT_LENGTH.matcher(head);
        return normal(head + (length.find() ? body.substring(0, Integer.parseInt(length.group(1))) : body));
    }

    private static String head(String message) {
        return message.substring(0, message.indexOf("\r\n\r\n") + 4);
    }

    /** Without the parts that a proxy changes in place: Max-Forwards, and received and rport of the top Via. */
    private static String normal(String message) {
        String counted = MAX_FORWARDS.matcher(message).replaceFirst("$1N");
        String via = topVia(counted)
                .replaceAll(";\\s*received\\s*=\\s*[^;,\\s]+", "")
                .replaceAll(";\\s*rport(\\s*=\\s*\\d*)?", ";rport");
        return counted.replace(topVia(counted), via);
    }

    private static String withNewBranch(String message) {
        String via = topVia(message);
        return message.replace(
                via, via.replaceFirst("(?i)(branch\\s*=\\s*)z9hG4bK[^;,\\s]+", "$1" + Messages.newBranch()));
    }

    private static int viaPort(String message) {
        Matcher sentBy = SENT_BY.matcher(topVia(message));
        return sentBy.find() && sentBy.group(1) != null ? Integer.parseInt(sentBy.group(1)) : 5060;
    }

    private static String topVia(String message) {
        Matcher via = TOP_VIA.matcher(message);
        return via.find() ? via.group(1) : "no Via";
    }

    private static String firstLine(String message) {
        return message.substring(0, message.indexOf("\r\n") + 2);
    }
}
