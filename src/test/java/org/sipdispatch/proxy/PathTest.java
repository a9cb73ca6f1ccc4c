package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.OTHER;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.SendFailure;

/** Path (RFC 3327): which REGISTERs get one, and where the requests go that come along it. */
class PathTest {
    private static final String CLIENT = "203.0.113.7:40000";
    private static final Flow FROM_CLIENT = new Flow(MAIN, address(CLIENT), Flow.NO_CONNECTION);
    private static final Flow FROM_REGISTRAR = new Flow(MAIN, address("10.0.0.1:5060"), Flow.NO_CONNECTION);

    private final LaneFixture fixture = always();

    private static LaneFixture always(String... settings) {
        return LaneFixture.stateful("relay-defaults.path = yes\n" + String.join("\n", settings));
    }

    /** A REGISTER of a client with a private address, which asks for responses to its source port. */
    private static String register(String... headers) {
        return request("REGISTER", headers).replace("192.0.2.1:5060;", "192.168.1.5:5060;rport;");
    }

    private static String path(LaneFixture node, Flow from) {
        node.arrives(register(), from);
        String path = node.lastOf("REGISTER").line("Path").replace("Path: ", "");
        node.sent();
        return path;
    }

    private static String along(String path, String method, String... headers) {
        return callsClient(request(method, headers), path);
    }

    private static String callsClient(String request, String path) {
        return request.replace("sip:bob@example.com SIP", "sip:alice@192.168.1.5:5060 SIP")
                .replace("192.0.2.1:5060", "10.0.0.1:5060")
                .replace("\r\nMax-Forwards", "\r\nRoute: " + path + "\r\nMax-Forwards");
    }

    @Test
    void byDefaultARegisterGetsNone() {
        LaneFixture byDefault = LaneFixture.stateful();

        byDefault.arrives(register("Supported: path"), FROM_CLIENT);

        assertThat(byDefault.lastOf("REGISTER").lines("Path")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Supported: path", "Supported: gruu, Path ,outbound", "k: path"})
    void aClientThatSupportsItGetsOne(String supported) {
        LaneFixture supporting = LaneFixture.stateful("relay-defaults.path = if-supported");

        supporting.arrives(register(supported), FROM_CLIENT);

        assertThat(supporting.lastOf("REGISTER").lines("Path")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Supported: gruu", "Allow: path", "Supported: pathfinder"})
    void aClientThatDoesNotSupportItGetsNoneUnlessTheRuleSaysAll(String header) {
        LaneFixture supporting = LaneFixture.stateful("relay-defaults.path = if-supported");

        supporting.arrives(register(header), FROM_CLIENT);
        fixture.arrives(register(header), FROM_CLIENT);

        assertThat(supporting.lastOf("REGISTER").lines("Path")).isEmpty();
        assertThat(fixture.lastOf("REGISTER").lines("Path")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "SUBSCRIBE", "MESSAGE"})
    void otherRequestsGetNone(String method) {
        fixture.callerSends(request(method, "Supported: path"));

        assertThat(fixture.lastOf(method).lines("Path")).isEmpty();
    }

    @Test
    void oursComesBeforeThoseOfTheProxiesBelow() {
        fixture.arrives(register("Path: <sip:edge.example.com;lr>"), FROM_CLIENT);

        List<String> paths = fixture.lastOf("REGISTER").lines("Path");
        assertThat(paths.get(0)).matches("Path: <sip:192\\.0\\.2\\.10:5060;lr;f=[A-Za-z0-9_-]{28}>");
        assertThat(paths.get(1)).isEqualTo("Path: <sip:edge.example.com;lr>");
    }

    @Test
    void aStatelessRegisterGetsOneToo() {
        LaneFixture stateless = LaneFixture.stateless("relay-defaults.path = yes");

        assertThat(path(stateless, FROM_CLIENT)).contains(";lr;f=");
    }

    @Test
    void aCallAlongItGoesToTheAddressFromWhichTheRegisterCame() {
        String path = path(fixture, FROM_CLIENT);

        fixture.arrives(along(path, "INVITE"), FROM_REGISTRAR);

        LaneFixture.Sent invite = fixture.lastOf("INVITE");
        assertThat(fixture.sent()).containsExactly("INVITE to " + CLIENT);
        assertThat(invite.startLine()).isEqualTo("INVITE sip:alice@192.168.1.5:5060 SIP/2.0");
        assertThat(invite.lines("Route")).isEmpty();
        assertThat(fixture.transactions()).isEqualTo(1);
    }

    @Test
    void withoutRportItGoesToThePortOfTheVia() {
        fixture.arrives(register().replace(";rport", ""), FROM_CLIENT);
        String path = fixture.lastOf("REGISTER").line("Path").replace("Path: ", "");

        fixture.arrives(along(path, "MESSAGE"), FROM_REGISTRAR);

        assertThat(fixture.last()).hasToString("MESSAGE to 203.0.113.7:5060");
    }

    @Test
    void theRoutesOfTheProxiesBelowStay() {
        String path = path(fixture, FROM_CLIENT);

        fixture.arrives(along(path + ", <sip:edge.example.com;lr>", "MESSAGE"), FROM_REGISTRAR);

        assertThat(fixture.last()).hasToString("MESSAGE to " + CLIENT);
        assertThat(fixture.last().lines("Route")).containsExactly("Route: <sip:edge.example.com;lr>");
    }

    @Test
    void itLeavesByTheSocketThatReceivedTheRegister() {
        fixture.set(1, "sip:10.0.0.1@@main");
        String path = path(fixture, new Flow(OTHER, address(CLIENT), Flow.NO_CONNECTION));

        fixture.arrives(along(path, "INVITE"), FROM_REGISTRAR);

        assertThat(path).contains("192.0.2.10");
        LaneFixture.Sent invite = fixture.lastOf("INVITE");
        assertThat(invite).hasToString("INVITE to " + CLIENT);
        assertThat(invite.socket()).isSameAs(OTHER);
        assertThat(invite.lines("Record-Route")).hasSize(2);
    }

    @Test
    void overTcpItGoesToTheClientsConnection() {
        String path = path(fixture, new Flow(STREAM, address(CLIENT), 64));

        fixture.arrives(along(path, "INVITE"), FROM_REGISTRAR);

        LaneFixture.Sent invite = fixture.lastOf("INVITE");
        assertThat(fixture.sent()).containsExactly("100 to d1", "INVITE to " + CLIENT);
        assertThat(invite.socket()).isSameAs(STREAM);
        assertThat(invite.connection()).isEqualTo(64);
        assertThat(invite.lines("Record-Route")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "MESSAGE"})
    void afterItsConnectionIsClosedTheAnswerIs430(String method) {
        String path = path(fixture, new Flow(STREAM, address(CLIENT), 64));
        fixture.arrives(along(path, method), FROM_REGISTRAR);
        LaneFixture.Sent request = fixture.lastOf(method);
        fixture.sent();

        fixture.couldNotSend(request, SendFailure.FLOW_FAILED);

        assertThat(fixture.sent()).containsExactly("430 to d1");
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 430 Flow Failed");
    }

    @Test
    void theCancelAndTheAckOpenNoConnectionEither() {
        String path = path(fixture, new Flow(STREAM, address(CLIENT), 64));
        fixture.arrives(along(path, "INVITE"), FROM_REGISTRAR);
        fixture.answers(fixture.lastOf("INVITE"), 180);
        fixture.arrives(along(path, "CANCEL"), FROM_REGISTRAR);
        fixture.answers(fixture.lastOf("INVITE"), 487);

        assertThat(fixture.lastOf("CANCEL").connection()).isEqualTo(64);
        assertThat(fixture.lastOf("ACK").connection()).isEqualTo(64);
    }

    @Test
    void theLaterRequestsOfTheDialogGoToTheClientAndBack() {
        String path = path(fixture, FROM_CLIENT);
        fixture.arrives(along(path, "INVITE"), FROM_REGISTRAR);
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route: ", "");
        fixture.sent();

        fixture.arrives(callsClient(inDialog("INFO"), route), FROM_REGISTRAR);
        fixture.arrives(
                inDialog("BYE", "Route: " + route)
                        .replace("From: <sip:alice@example.com>;tag=a1", "From: <sip:bob@example.com>;tag=d1")
                        .replace("To: <sip:bob@example.com>;tag=d1", "To: <sip:alice@example.com>;tag=a1")
                        .replace("sip:bob@example.com SIP", "sip:alice@10.7.7.7 SIP"),
                FROM_CLIENT);

        assertThat(fixture.sent()).containsExactly("INFO to " + CLIENT, "BYE to 10.7.7.7:5060");
    }

    @Test
    void theTokenOfADialogLeadsNoOtherRequestToTheClient() {
        String path = path(fixture, FROM_CLIENT);
        fixture.arrives(along(path, "INVITE"), FROM_REGISTRAR);
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route: ", "");
        fixture.sent();

        fixture.arrives(along(route, "MESSAGE").replace("c1@192.0.2.1", "another"), FROM_REGISTRAR);
        String alone = route.replaceFirst(";k=[^;>]*", "");
        fixture.arrives(
                along(alone, "MESSAGE").replace("c1@192.0.2.1", "another").replace("z9hG4bKc1", "z9hG4bKc2"),
                FROM_REGISTRAR);

        assertThat(alone).contains(";lr;f=");
        assertThat(fixture.sent()).doesNotContain("MESSAGE to " + CLIENT);
    }

    @Test
    void recordRouteOfTheRuleDecidesWhetherTheDialogPassesThisNode() {
        LaneFixture off = always("relay-defaults.record-route = off");
        String path = path(off, FROM_CLIENT);

        off.arrives(along(path, "INVITE"), FROM_REGISTRAR);

        assertThat(off.lastOf("INVITE").lines("Record-Route")).isEmpty();
    }

    @Test
    void aCancelAndTheAckOfARefusalFollowTheInvite() {
        String path = path(fixture, FROM_CLIENT);
        fixture.arrives(along(path, "INVITE"), FROM_REGISTRAR);
        String branch = fixture.lastOf("INVITE").line("Via");

        fixture.arrives(along(path, "CANCEL"), FROM_REGISTRAR);
        assertThat(fixture.last().line("Via")).isEqualTo(branch);
        fixture.arrives(
                along(path, "ACK").replace("To: <sip:bob@example.com>", "To: <sip:bob@example.com>;tag=d1"),
                FROM_REGISTRAR);

        assertThat(fixture.last().line("Via")).isEqualTo(branch);
        assertThat(fixture.sent()).containsExactly("INVITE to " + CLIENT, "CANCEL to " + CLIENT, "ACK to " + CLIENT);
    }

    @Test
    void aNodeWithTheSameSecretAcceptsIt() {
        LaneFixture other = LaneFixture.stateful();

        other.arrives(along(path(fixture, FROM_CLIENT), "INVITE"), FROM_REGISTRAR);

        assertThat(other.sent()).containsExactly("INVITE to " + CLIENT);
    }

    @Test
    void aNodeWithAnotherSecretDispatchesTheRequestByItsRules() {
        LaneFixture other =
                LaneFixture.stateful("relay.secret = \"another secret\"").set(1, "sip:10.0.0.2");

        other.arrives(along(path(fixture, FROM_CLIENT), "MESSAGE"), FROM_REGISTRAR);

        assertThat(other.sent()).containsExactly("MESSAGE to d2");
    }

    @Test
    void aRouteWithAnotherAddressIsNotOurs() {
        String foreign = path(fixture, FROM_CLIENT).replace("192.0.2.10", "192.0.2.99");
        LaneFixture dispatching = always("relay.preloaded-route = dispatch").set(1, "sip:10.0.0.2");

        fixture.arrives(along(foreign, "MESSAGE"), FROM_REGISTRAR);
        dispatching.arrives(along(foreign, "MESSAGE"), FROM_REGISTRAR);

        assertThat(fixture.sent()).containsExactly("403 to d1");
        assertThat(dispatching.sent()).containsExactly("MESSAGE to d2");
        assertThat(dispatching.last().lines("Route")).containsExactly("Route: " + foreign);
    }

    @Test
    void theClientsOwnRequestsDoNotComeBackToIt() {
        String path = path(fixture, FROM_CLIENT);

        fixture.arrives(register("Route: " + path).replace("z9hG4bKc1", "z9hG4bKagain"), FROM_CLIENT);

        assertThat(fixture.last()).hasToString("REGISTER to d1");
    }

    @Test
    void aClientMayUseItAsTheRouteOfItsOwnCalls() {
        String path = path(fixture, FROM_CLIENT);
        fixture.arrives(invite("Route: " + path).replace("192.0.2.1:5060;", "192.168.1.5:5060;rport;"), FROM_CLIENT);
        assertThat(fixture.last()).hasToString("INVITE to d1");
        String route = fixture.last().line("Record-Route").replace("Record-Route: ", "");

        fixture.arrives(
                inDialog("INFO", "Route: " + route).replace("sip:bob@example.com SIP", "sip:b@10.7.7.7 SIP"),
                FROM_CLIENT);

        assertThat(fixture.last()).hasToString("INFO to 10.7.7.7:5060");
    }

    @Test
    void aNodeThatStopsTakesNoNewCallsAlongIt() {
        String path = path(fixture, FROM_CLIENT);
        fixture.refusesNewCalls();

        fixture.arrives(along(path, "INVITE"), FROM_REGISTRAR);

        assertThat(fixture.sent()).containsExactly("503 to d1");
    }

    @Test
    void pickSaysWhereARequestAlongItGoes() {
        String path = path(fixture, FROM_CLIENT);

        Explanation explanation = fixture.explained(along(path, "INVITE"), FROM_REGISTRAR);

        assertThat(explanation.outcome()).isEqualTo("follow");
        assertThat(explanation.reason()).contains("udp:" + CLIENT + " from socket main");
    }
}
