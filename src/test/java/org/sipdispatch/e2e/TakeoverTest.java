package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.database.SeverableLink;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.sip.SipRequest;

/**
 * Two nodes share one SIP address. Calls start on the node that has it; then that node is killed, the address moves,
 * and the other node handles the existing calls.
 */
class TakeoverTest {
    private static final int SIP = 5060;
    private static final String OUTSIDE = "sip:somebody@dispatcher";

    /** The forwarding mode, by the user in the request URI. */
    private enum Mode {
        STATEFUL,
        STATELESS
    }

    /** The outcome of a call after the takeover. */
    private enum Outcome {
        ANSWERED,
        CANCELLED,
        REPEATED,
        REPEATED_RINGING
    }

    /** A call that started on the first node, and its destination. */
    private record Begun(Call call, TestUserAgent at, TestUserAgent other, Received invite) {}

    private static SharedAddress network;
    private static SeverableLink database;
    private static NodeProcess first;
    private static NodeProcess second;
    private static TestUserAgent caller;
    private static TestUserAgent left;
    private static TestUserAgent right;
    private static final List<List<List<Begun>>> CALLS = new ArrayList<>();
    private static final int IN_A_ROW = 10;
    private static final List<Begun> FAILED_OVER = new ArrayList<>();

    @BeforeAll
    static void takeOver() throws IOException {
        network = SharedAddress.open();
        caller = TestUserAgent.udp(network.localAddress(0));
        left = TestUserAgent.udp(network.localAddress(0));
        right = TestUserAgent.udp(network.localAddress(0));
        String url = EmbeddedPostgres.jdbcUrl("takeover");
        database = new SeverableLink(network.localAddress(0).getAddress(), EmbeddedPostgres.port());
        String far = url.replace(
                "//localhost:" + EmbeddedPostgres.port(), "//" + network.localAddress() + ":" + database.port());
        first = begin(0, far);
        second = begin(1, far);
        first.awaitListening();
        second.awaitListening();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(100))
                .atMost(Duration.ofSeconds(40))
                .until(() -> members(0) == 2 && members(1) == 2);
        awaitStatus();
        for (Mode mode : Mode.values()) {
            List<List<Begun>> ofMode = new ArrayList<>();
            CALLS.add(ofMode);
            for (Outcome outcome : Outcome.values()) {
                ofMode.add(List.of(begun(mode, outcome), begun(mode, outcome), begun(mode, outcome)));
            }
        }
        FAILED_OVER.add(failedOver());
        FAILED_OVER.add(failedOver());
        awaitStatus();
        long beganMs = System.nanoTime() / 1_000_000;
        first.kill();
        network.move();
        System.out.println("figures: takeover: " + (CALLS.size() * Outcome.values().length * 3 + FAILED_OVER.size())
                + " calls under way, killed and moved within " + (System.nanoTime() / 1_000_000 - beganMs) + " ms");
    }

    private static NodeProcess begin(int host, String url) {
        String list =
                """
                1 sip:%1$s:%2$d 0 0
                1 sip:%1$s:%3$d 0 0
                2 sip:%1$s:%4$d 0 9
                2 sip:%1$s:%3$d 0 1
                """.formatted(network.localAddress(), left.port(), right.port(), Ports.free(network.localAddress()));
        String config = """
                sockets { main = "udp:%1$s:5060", own = "udp:%2$s:5060" }
                relay.secret = "of both nodes"
                cluster { host = "%2$s", port = 2552, seed-nodes = [ "%3$s:2552", "%4$s:2552" ]
                %6$s }
                management { host = "%2$s", port = 8558, max-requests-per-second = 0 }
                management.tokens = [ { name = test, token = token-of-the-tests, role = read } ]
                partitions.default.db_url = "file:$list"
                journal.db_url = "%5$s"
                relay-defaults { fr_timeout = 60s }
                rules = [
                  { when { ruri = "^sip:stateless@" }, select { set = 1, alg = 4 }, relay { mode = stateless } }
                  { when { ruri = "^sip:stateful@" }, select { set = 1, alg = 4, flags = F } }
                  { when { ruri = "^sip:next@" }, select { set = 2, alg = 8, flags = F }
                    relay { failover = "408", fr_timeout = 1s } }
                  { select { set = 1, alg = 4 } }
                ]
                """.formatted(
                        network.shared(),
                        network.address(host),
                        network.address(0),
                        network.address(1),
                        url,
                        NodeCertificates.settings(network.address(host)));
        return NodeProcess.begin(network.on(host), config, list);
    }

    private static int members(int host) {
        URI members = URI.create("http://" + network.address(host) + ":8558/cluster/members");
        try {
            URLConnection connection = members.toURL().openConnection();
            connection.setRequestProperty("Authorization", "Bearer token-of-the-tests");
            return (int) new ObjectMapper()
                    .readTree(connection.getInputStream()).path("members").findValuesAsText("status").stream()
                            .filter("Up"::equals)
                            .count();
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Waits until the second node knows of a call on the first one, so of all earlier calls. These calls go to sockets
     * that the nodes do not share, since a node cannot send from an address that it does not have.
     */
    private static void awaitStatus() {
        InetSocketAddress own = new InetSocketAddress(network.address(0), SIP);
        InetSocketAddress around = new InetSocketAddress(network.address(1), SIP);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofSeconds(20))
                .until(() -> {
                    // A single call may go to the same destination by chance.
                    boolean all = true;
                    for (int i = 0; i < IN_A_ROW && all; i++) {
                        all = isKnown(own, around);
                    }
                    return all;
                });
    }

    private static boolean isKnown(InetSocketAddress own, InetSocketAddress around) {
        Begun begun = ringing(begun(OUTSIDE, own));
        begun.at().drop(Messages.request("INVITE", begun.call().callId()));
        begun.call().repeatAt(around);
        return arrived(begun.call()) && begun.call().seenAt(begun.other(), "INVITE") == 0;
    }

    /** Waits until the INVITE of a call has arrived at any destination. */
    private static boolean arrived(Call call) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> call.seenAt(left, "INVITE") + call.seenAt(right, "INVITE") > 0);
        return true;
    }

    private static TestUserAgent where(Call call) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(10))
                .until(() -> call.seenAt(left, "INVITE") + call.seenAt(right, "INVITE") > 0);
        return call.seenAt(left, "INVITE") > 0 ? left : right;
    }

    private static Begun ringing(Begun begun) {
        Call.answer(begun.at(), begun.invite(), 180);
        begun.call().response(180);
        return begun;
    }

    private static Begun begun(String uri, InetSocketAddress node) {
        Call call = Call.to(uri, caller, node);
        TestUserAgent at = where(call);
        return new Begun(call, at, at == left ? right : left, call.at(at, "INVITE"));
    }

    private static Begun begun(Mode mode, Outcome outcome) {
        Begun begun = begun("sip:" + mode.name().toLowerCase(Locale.ROOT) + "@dispatcher", shared());
        return outcome == Outcome.REPEATED ? begun : ringing(begun);
    }

    private static Begun failedOver() {
        return begun("sip:next@dispatcher", shared());
    }

    private static InetSocketAddress shared() {
        return new InetSocketAddress(network.shared(), SIP);
    }

    private static List<Begun> calls(Mode mode, Outcome outcome) {
        return CALLS.get(mode.ordinal()).get(outcome.ordinal());
    }

    @AfterAll
    static void close() {
        for (NodeProcess node : new NodeProcess[] {first, second}) {
            if (node != null) {
                node.kill();
            }
        }
        for (TestUserAgent agent : new TestUserAgent[] {caller, left, right}) {
            if (agent != null) {
                agent.close();
            }
        }
        if (database != null) {
            database.close();
        }
        if (network != null) {
            network.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theAnswerReachesTheCallerAndTheCallGoesOnWithTheSameDestination(Mode mode) {
        for (Begun begun : calls(mode, Outcome.ANSWERED)) {
            Call.answer(begun.at(), begun.invite(), 200);

            isTakenAndHungUp(begun);
        }
    }

    private static void isTakenAndHungUp(Begun begun) {
        Dialog dialog = begun.call().callerSide(begun.call().response(200));
        dialog.send("ACK", 1);
        begun.call().at(begun.at(), "ACK");
        dialog.hangUpWith(begun.at());
        assertThat(begun.call().seenAt(begun.other(), "INVITE")).isZero();
        assertThat(begun.call().seenAt(begun.other(), "ACK")).isZero();
        assertThat(begun.call().seenAt(begun.other(), "BYE")).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aCancelReachesTheDestinationThatRingsAndItsRefusalTheCaller(Mode mode) {
        for (Begun begun : calls(mode, Outcome.CANCELLED)) {
            begun.call().cancel();

            Received cancel = begun.call().at(begun.at(), "CANCEL");
            assertThat(branch(cancel)).isEqualTo(branch(begun.invite()));
            begun.at().send(cancel.from(), SipText.response((SipRequest) cancel.sip(), 200, "cancelled"));
            begun.call().response(200, "CANCEL");
            Call.answer(begun.at(), begun.invite(), 487);
            begun.call().endsWith(487);
            Received ack = begun.call().at(begun.at(), "ACK");
            assertThat(branch(ack)).isEqualTo(branch(begun.invite()));
            assertThat(begun.call().seenAt(begun.other(), "INVITE")).isZero();
            assertThat(begun.call().seenAt(begun.other(), "CANCEL")).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRepeatedInviteGoesWhereTheFirstOneWent(Mode mode) {
        for (Begun begun : calls(mode, Outcome.REPEATED)) {
            isNotForked(begun);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInviteThatIsRepeatedWhileItRingsGoesWhereTheFirstOneWent(Mode mode) {
        for (Begun begun : calls(mode, Outcome.REPEATED_RINGING)) {
            isNotForked(begun);
        }
    }

    @Test
    void aRepeatedInviteGoesToTheDestinationOfTheLastAttempt() {
        for (Begun begun : FAILED_OVER) {
            isNotForked(begun);
        }
    }

    private static void isNotForked(Begun begun) {
        begun.at().drop(Messages.request("INVITE", begun.call().callId()));

        begun.call().repeat();

        Received again = begun.call().at(begun.at(), "INVITE");
        assertThat(branch(again)).isEqualTo(branch(begun.invite()));
        assertThat(((SipRequest) again.sip()).requestUri().toString())
                .isEqualTo(((SipRequest) begun.invite().sip()).requestUri().toString());
        Call.answer(begun.at(), again, 200);
        isTakenAndHungUp(begun);
    }

    private static String branch(Received message) {
        return message.sip().topVia().parameterText("branch");
    }
}
