package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.WS;
import static org.sipdispatch.proxy.LaneFixture.WSS;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transaction.SendFailure;

/** Dialogs of callers over WebSocket, which only their own connection reaches (RFC 7118). */
class WebSocketCallersTest {
    private static final String BROWSER = "203.0.113.7:40000";
    private static final Flow FROM_CALLEE = new Flow(MAIN, address("10.0.0.1:5060"), Flow.NO_CONNECTION);

    private final LaneFixture fixture = LaneFixture.stateful();

    private static Flow fromBrowser(ListenSocket socket) {
        return new Flow(socket, address(BROWSER), 64);
    }

    /** As a browser sends it. */
    private static String ofBrowser(String text) {
        return text.replace("SIP/2.0/UDP 192.0.2.1:5060", "SIP/2.0/WS df7jal23ls0d.invalid")
                .replace("sip:alice@192.0.2.1:5060", "sip:alice@df7jal23ls0d.invalid;transport=ws");
    }

    private static String routes(List<String> recordRoutes) {
        return String.join("\r\n", recordRoutes).replace("Record-Route: ", "Route: ");
    }

    /** A request of the callee, which has the answer with the tag d1. */
    private static String ofCallee(String method, String routes) {
        return inDialog(method, routes)
                .replace("From: <sip:alice@example.com>;tag=a1", "From: <sip:bob@example.com>;tag=d1")
                .replace("To: <sip:bob@example.com>;tag=d1", "To: <sip:alice@example.com>;tag=a1")
                .replace("sip:bob@example.com SIP", "sip:alice@df7jal23ls0d.invalid;transport=ws SIP")
                .replace("192.0.2.1:5060", "10.0.0.1:5060");
    }

    private String calls(ListenSocket socket) {
        fixture.arrives(ofBrowser(invite()), fromBrowser(socket));
        String routes = routes(fixture.lastOf("INVITE").lines("Record-Route"));
        fixture.sent();
        return routes;
    }

    @Test
    void theViaAndTheRecordRoutesNameTheTransport() {
        fixture.arrives(ofBrowser(invite()), fromBrowser(WSS));

        LaneFixture.Sent sent = fixture.lastOf("INVITE");
        assertThat(sent.lines("Via").get(1))
                .isEqualTo("Via: SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bKc1;received=203.0.113.7");
        assertThat(sent.lines("Record-Route").get(0))
                .matches("Record-Route: <sip:192\\.0\\.2\\.10:5060;lr;k=.{17};c=.{37}>");
        assertThat(sent.lines("Record-Route").get(1))
                .matches("Record-Route: <sip:192\\.0\\.2\\.10:443;transport=ws;lr;k=.{17};c=.{37}>");
    }

    @Test
    void aSipsRequestIsRecordedAsSips() {
        fixture.arrives(ofBrowser(invite()).replace("INVITE sip:", "INVITE sips:"), fromBrowser(WSS));

        assertThat(fixture.lastOf("INVITE").lines("Record-Route").get(1))
                .startsWith("Record-Route: <sips:192.0.2.10:443;transport=ws;lr;k=");
    }

    @ParameterizedTest
    @EnumSource(names = {"WS", "WSS"})
    void requestsOfTheCalleeGoToTheConnectionOfTheCaller(Protocol protocol) {
        ListenSocket socket = protocol == Protocol.WS ? WS : WSS;
        String routes = calls(socket);

        fixture.arrives(ofCallee("BYE", routes), FROM_CALLEE);

        LaneFixture.Sent bye = fixture.lastOf("BYE");
        assertThat(bye).hasToString("BYE to " + BROWSER);
        assertThat(bye.socket()).isSameAs(socket);
        assertThat(bye.connection()).isEqualTo(64);
        assertThat(bye.line("Via")).startsWith("Via: SIP/2.0/" + protocol + " 192.0.2.10:");
        assertThat(bye.lines("Route")).isEmpty();
        assertThat(fixture.draws).isEmpty();
    }

    @Test
    void requestsOfTheCallerDoNotComeBackToIt() {
        String routes = calls(WS);

        fixture.arrives(
                ofBrowser(inDialog("INFO", routes)).replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP"),
                fromBrowser(WS));

        assertThat(fixture.lastOf("INFO")).hasToString("INFO to d1");
    }

    @Test
    void aNewOfferOfEitherPartyKeepsTheFlow() {
        String routes = calls(WS);

        fixture.arrives(ofCallee("UPDATE", routes), FROM_CALLEE);
        String again = routes(fixture.lastOf("UPDATE").lines("Record-Route"));
        fixture.arrives(ofCallee("BYE", again), FROM_CALLEE);

        assertThat(again).contains(";c=");
        assertThat(fixture.lastOf("BYE")).hasToString("BYE to " + BROWSER);
    }

    @Test
    void afterTheConnectionIsClosedTheAnswerIs430() {
        String routes = calls(WS);
        fixture.arrives(ofCallee("BYE", routes), FROM_CALLEE);

        fixture.couldNotSend(fixture.lastOf("BYE"), SendFailure.FLOW_FAILED);

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 430 Flow Failed");
    }

    @Test
    void theTokenLeadsNoOtherRequestToTheCaller() {
        String routes = calls(WS);

        fixture.arrives(
                ofCallee("INFO", routes).replace("c1@192.0.2.1", "another").replace("tag=a1", "tag=x"), FROM_CALLEE);
        fixture.arrives(
                ofCallee("INFO", routes.replaceAll(";k=[^;>]*", ""))
                        .replace("c1@10.0.0.1", "another")
                        .replace("z9hG4bK", "z9hG4bKx"),
                FROM_CALLEE);

        assertThat(fixture.sent()).noneMatch(sent -> sent.contains(BROWSER));
    }

    @Test
    void callersOverTcpAreReachedByTheirContactAsBefore() {
        fixture.arrives(invite(), new Flow(STREAM, address(BROWSER), 64));

        assertThat(fixture.lastOf("INVITE").lines("Record-Route")).hasSize(2).noneMatch(line -> line.contains(";c="));
    }

    @Test
    void aNodeWithTheSameSecretUsesTheTokenAndAnotherDoesNot() {
        String routes = calls(WS);
        LaneFixture same = LaneFixture.stateful();
        LaneFixture other = LaneFixture.stateful("relay.secret = \"another secret\"");

        same.arrives(ofCallee("BYE", routes), FROM_CALLEE);
        other.arrives(ofCallee("BYE", routes), FROM_CALLEE);

        assertThat(same.sent()).contains("BYE to " + BROWSER);
        assertThat(other.sent()).noneMatch(sent -> sent.contains(BROWSER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sip:192.0.2.99:80;transport=ws", "sips:192.0.2.99;transport=ws", "sip:a.invalid;transport=ws"})
    void aWebSocketUriWithoutAFlowLeadsNowhere(String uri) {
        LaneFixture following = LaneFixture.stateful("relay.preloaded-route = follow");

        following.callerSends(request("OPTIONS", "Route: <" + uri + ";lr>"));

        assertThat(following.last().startLine()).isEqualTo("SIP/2.0 430 Flow Failed");
        assertThat(following.draws).isEmpty();
    }

    @Test
    void aResponseWithoutContentLengthGetsOneForAStream() {
        fixture.arrives(invite().replace("SIP/2.0/UDP", "SIP/2.0/TCP"), new Flow(STREAM, address(BROWSER), 64));
        LaneFixture.Sent invite = fixture.lastOf("INVITE");
        String vias = String.join("\r\n", invite.lines("Via"));

        fixture.arrives(
                "SIP/2.0 200 OK\r\n" + vias + "\r\nFrom: <sip:alice@example.com>;tag=a1\r\n"
                        + "To: <sip:bob@example.com>;tag=d1\r\nCall-ID: "
                        + invite.line("Call-ID").substring(9)
                        + "\r\nCSeq: 1 INVITE\r\n\r\nbody",
                FROM_CALLEE);

        assertThat(fixture.last().line("Content-Length")).isEqualTo("Content-Length: 4");
    }
}
