package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.Flow;

/** A lane of a node in maintenance. */
class MaintenanceTest {
    private static final NewRequests REFUSED = NewRequests.inMaintenance(Duration.ofSeconds(10), List.of());
    private static final Flow FROM_CALLER = new Flow(MAIN, address("192.0.2.1:5060"), Flow.NO_CONNECTION);
    private static final Flow OVER_TCP = new Flow(STREAM, address("192.0.2.1:5060"), 7);

    private final LaneFixture fixture = LaneFixture.stateful();

    private static NewRequests redirected(List<List<PeerSocket>> others) {
        return NewRequests.inMaintenance(Duration.ofSeconds(10), others);
    }

    private static PeerSocket socket(String name, String literal) {
        return PeerSocket.parse(name, literal);
    }

    private static String another(String message, int number) {
        return message.replace("z9hG4bKc1", "z9hG4bKnew" + number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "SUBSCRIBE", "REGISTER", "MESSAGE"})
    void newRequestsAreRefusedAndCounted(String method) {
        fixture.treatsNewRequests(REFUSED);

        fixture.callerSends(request(method));

        assertThat(fixture.sent()).containsExactly("503 to caller");
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Maintenance");
        assertThat(fixture.last().line("Retry-After")).isEqualTo("Retry-After: 10");
        assertThat(fixture.transactions()).isZero();
        assertThat(fixture.counters.get(LaneCounter.REFUSED_IN_MAINTENANCE)).isEqualTo(1);
        assertThat(fixture.counters.get(LaneCounter.REFUSED)).isZero();
    }

    @Test
    void optionsToThisProxyAreAnswered503EvenIfCallsAreRedirected() {
        String options = request("OPTIONS").replace("sip:bob@example.com SIP", "sip:192.0.2.10 SIP");
        fixture.treatsNewRequests(redirected(List.of(List.of(socket("main", "udp:10.0.0.2:5060")))));

        fixture.callerSends(options);

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Maintenance");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void whatIsUnderWayGoesOn(String mode) {
        LaneFixture one = LaneFixture.stateful("relay-defaults.mode = " + mode);
        one.callerSends(invite());
        one.destinationAnswers(180);
        one.treatsNewRequests(REFUSED);
        one.sent();

        one.callerSends(invite());
        one.callerSends(request("CANCEL"));
        one.answers(one.lastOf("INVITE"), 487);

        assertThat(one.sent()).doesNotContain("503 to caller").contains("CANCEL to d1", "487 to caller");
    }

    @Test
    void requestsOfDialogsAndFailoverGoOn() {
        fixture.callerSends(invite());
        fixture.treatsNewRequests(REFUSED);
        fixture.destinationAnswers(500);
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.callerSends(inDialog("ACK"));
        fixture.callerSends(inDialog("BYE"));

        assertThat(fixture.sent()).containsExactly("ACK to d2", "BYE to d2");
    }

    @Test
    void afterMaintenanceNewRequestsAreDispatched() {
        fixture.treatsNewRequests(REFUSED);
        fixture.treatsNewRequests(NewRequests.DISPATCHED);

        fixture.callerSends(invite());

        assertThat(fixture.last()).hasToString("INVITE to d1");
    }

    @Test
    void nothingEndsAStop() {
        fixture.treatsNewRequests(NewRequests.REFUSED_AT_STOP);
        fixture.treatsNewRequests(NewRequests.DISPATCHED);

        fixture.callerSends(invite());

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Shutting Down");
    }

    @Test
    void aRedirectNamesASocketLikeTheOneWhereTheRequestArrived() {
        fixture.treatsNewRequests(redirected(List.of(
                List.of(
                        socket("b", "udp:10.0.0.2:5070"),
                        socket(MAIN.name(), "udp:10.0.0.2:5060"),
                        socket("c", "tcp:10.0.0.2:5062")),
                List.of(socket("c", "tcp:10.0.0.3:5062")))));

        fixture.arrives(invite(), FROM_CALLER);

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 302 Moved Temporarily");
        assertThat(fixture.last().lines("Contact")).containsExactly("Contact: <sip:bob@10.0.0.2:5060>;q=1.000");
        assertThat(fixture.counters.get(LaneCounter.REFUSED_IN_MAINTENANCE)).isEqualTo(1);
    }

    @Test
    void aRedirectOverTcpNamesTcp() {
        fixture.treatsNewRequests(
                redirected(List.of(List.of(socket("b", "udp:10.0.0.2:5060"), socket("c", "tcp:[2001:db8::2]:5062")))));

        fixture.arrives(invite().replace("SIP/2.0/UDP", "SIP/2.0/TCP"), OVER_TCP);

        assertThat(fixture.last().lines("Contact"))
                .containsExactly("Contact: <sip:bob@[2001:db8::2]:5062;transport=tcp>;q=1.000");
    }

    @Test
    void eachOfTheOtherNodesIsFirstForSomeRequests() {
        fixture.treatsNewRequests(redirected(
                List.of(List.of(socket("a", "udp:10.0.0.2:5060")), List.of(socket("a", "udp:10.0.0.3:5060")))));
        List<LaneFixture.Sent> replies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            fixture.arrives(another(invite(), i), FROM_CALLER);
            replies.add(fixture.last());
        }

        assertThat(replies).allSatisfy(one -> assertThat(one.lines("Contact")).hasSize(2));
        assertThat(replies.stream().map(one -> one.lines("Contact").get(0)).distinct())
                .containsExactlyInAnyOrder(
                        "Contact: <sip:bob@10.0.0.2:5060>;q=1.000", "Contact: <sip:bob@10.0.0.3:5060>;q=1.000");
    }

    @Test
    void withoutASocketOfThatProtocolElsewhereTheRequestIsRefused() {
        fixture.treatsNewRequests(redirected(List.of(List.of(socket("c", "tcp:10.0.0.2:5060")))));

        fixture.arrives(invite(), FROM_CALLER);

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Maintenance");
    }

    @Test
    void aSecureRequestIsNotRedirectedToAnInsecureSocket() {
        fixture.treatsNewRequests(redirected(List.of(List.of(socket("b", "udp:10.0.0.2:5060")))));

        fixture.arrives(invite().replace("INVITE sip:", "INVITE sips:"), FROM_CALLER);

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Maintenance");
    }

    @Test
    void requestsAlongAPathGoOnBecauseOnlyThisNodeReachesTheClient() {
        LaneFixture node = LaneFixture.stateful("relay-defaults.path = yes");
        String register = request("REGISTER").replace("192.0.2.1:5060;", "192.168.1.5:5060;rport;");
        node.arrives(register, new Flow(MAIN, address("203.0.113.7:40000"), Flow.NO_CONNECTION));
        String path = node.lastOf("REGISTER").line("Path").replace("Path: ", "");
        String toClient = request("INVITE")
                .replace("sip:bob@example.com SIP", "sip:alice@192.168.1.5:5060 SIP")
                .replace("192.0.2.1:5060", "10.0.0.1:5060")
                .replace("\r\nMax-Forwards", "\r\nRoute: " + path + "\r\nMax-Forwards");
        node.treatsNewRequests(REFUSED);

        node.arrives(toClient, new Flow(MAIN, address("10.0.0.1:5060"), Flow.NO_CONNECTION));

        assertThat(node.last()).hasToString("INVITE to 203.0.113.7:40000");
    }
}
