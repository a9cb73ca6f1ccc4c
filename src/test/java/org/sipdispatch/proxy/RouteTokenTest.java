package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.OTHER;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.transaction.Flow;

/** What a route token is bound to, where it is found, and which requests get one. */
class RouteTokenTest {
    private final LaneFixture fixture = LaneFixture.stateful("relay.call-longest = 1 minute");

    /** Starts a dialog and returns the Route that leads back through this node. */
    private String route(String method) {
        fixture.callerSends(request(method));
        String recorded = fixture.lastOf(method).line("Record-Route");
        fixture.sent();
        return recorded.replace("Record-Route: ", "");
    }

    private static String inDialogOf(String initiator, String method, String... headers) {
        return inDialog(method, headers)
                .replace("tag=a1", initiator)
                .replace("sip:bob@example.com SIP", "sip:b@10.7.7.7 SIP");
    }

    private void calleeSends(String method, String... headers) {
        String fromCallee = inDialog(method, headers)
                .replace("From: <sip:alice@example.com>;tag=a1", "From: <sip:bob@example.com>;tag=d1")
                .replace("To: <sip:bob@example.com>;tag=d1", "To: <sip:alice@example.com>;tag=a1")
                .replace("sip:bob@example.com SIP", "sip:alice@192.0.2.1 SIP");
        fixture.arrives(fromCallee, new Flow(MAIN, address("10.7.7.7:5060"), 0));
    }

    @Test
    void bothPartiesOfTheDialogMayUseIt() {
        String route = route("INVITE");

        fixture.callerSends(inDialogOf("tag=a1", "BYE", "Route: " + route));
        calleeSends("BYE", "Route: " + route);

        assertThat(fixture.sent()).containsExactly("BYE to 10.7.7.7:5060", "BYE to caller");
    }

    @Test
    void whoIsNotInTheDialogMayNot() {
        String route = route("INVITE");

        fixture.callerSends(inDialogOf("tag=other", "BYE", "Route: " + route));

        assertThat(fixture.sent()).containsExactly("481 to caller");
    }

    @Test
    void itExpires() {
        String route = route("INVITE");
        fixture.passes(59_000);
        fixture.sent();
        fixture.callerSends(inDialogOf("tag=a1", "INFO", "Route: " + route));
        fixture.passes(3_000);
        fixture.callerSends(inDialogOf("tag=a1", "BYE", "Route: " + route));

        assertThat(fixture.sent())
                .contains("INFO to 10.7.7.7:5060", "481 to caller")
                .doesNotContain("BYE to 10.7.7.7:5060");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<sip:192.0.2.10:5060>;lr;k=SEAL",
                "<sip:192.0.2.10:5060;lr>;k=SEAL",
                "<sip:192.0.2.10:5060;lr>;k=\"SEAL\"",
                "<sip:192.0.2.10:5060>;lr;x=\"a;k=b\";k = \"SEAL\"",
                "sip:192.0.2.10:5060;lr;k=SEAL",
                "sip:192.0.2.10:5060;k=SEAL;lr , sip:198.51.100.10;lr;k=SEAL"
            })
    void itIsFoundAmongHeaderParametersAndWithoutBrackets(String written) {
        String route = route("INVITE");
        String seal = route.substring(route.indexOf("k=") + 2, route.indexOf('>'));

        fixture.callerSends(inDialogOf("tag=a1", "INFO", "Route: " + written.replace("SEAL", seal)));

        assertThat(fixture.sent()).containsExactly("INFO to 10.7.7.7:5060");
        assertThat(fixture.last().lines("Route")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip:10.8.8.8;lr", "<sip:10.8.8.8>;lr"})
    void aNextHopWrittenSoIsALooseRouter(String next) {
        String route = route("INVITE");
        String seal = route.substring(route.indexOf("k=") + 2, route.indexOf('>'));

        fixture.callerSends(inDialogOf("tag=a1", "INFO", "Route: <sip:192.0.2.10:5060>;lr;k=" + seal + "," + next));

        assertThat(fixture.sent()).containsExactly("INFO to 10.8.8.8:5060");
        assertThat(fixture.last().startLine()).isEqualTo("INFO sip:b@10.7.7.7 SIP/2.0");
        assertThat(fixture.last().lines("Route")).containsExactly("Route: " + next);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "SUBSCRIBE", "REFER", "NOTIFY", "UPDATE"})
    void whatMakesOrRefreshesADialogGetsAFreshOne(String method) {
        String route = route("SUBSCRIBE");

        calleeSends(method, "Route: " + route);

        LaneFixture.Sent sent = fixture.last();
        assertThat(sent).hasToString(method + " to caller");
        assertThat(sent.lines("Record-Route")).hasSize(1);

        fixture.callerSends(inDialogOf(
                "tag=a1", "INFO", "Route: " + sent.line("Record-Route").replace("Record-Route: ", "")));
        assertThat(fixture.last()).hasToString("INFO to 10.7.7.7:5060");
    }

    @Test
    void aRequestOfADialogIsRecordRoutedForBothItsSockets() {
        fixture.set(1, "sip:10.0.0.1@@other");
        fixture.callerSends(request("SUBSCRIBE"));
        List<String> recorded = fixture.lastOf("SUBSCRIBE").lines("Record-Route");
        String[] routes =
                recorded.stream().map(line -> line.replace("Record-", "")).toArray(String[]::new);

        String notify = inDialog("NOTIFY", routes)
                .replace("From: <sip:alice@example.com>;tag=a1", "From: <sip:bob@example.com>;tag=d1")
                .replace("To: <sip:bob@example.com>;tag=d1", "To: <sip:alice@example.com>;tag=a1")
                .replace("sip:bob@example.com SIP", "sip:alice@192.0.2.1 SIP");
        fixture.arrives(notify, new Flow(OTHER, address("10.0.0.1:5060"), 0));

        assertThat(fixture.last().lines("Record-Route")).hasSize(2);
        assertThat(fixture.last().lines("Record-Route").get(0)).contains("192.0.2.10");
        assertThat(fixture.last().lines("Record-Route").get(1)).contains("198.51.100.10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BYE", "INFO", "ACK", "MESSAGE"})
    void otherRequestsOfADialogGetNone(String method) {
        calleeSends(method, "Route: " + route("INVITE"));

        assertThat(fixture.last()).hasToString(method + " to caller");
        assertThat(fixture.last().lines("Record-Route")).isEmpty();
    }

    @Test
    void aNewRequestWithoutATagOfItsSenderIsSealedToo() {
        fixture.callerSends(invite().replace(";tag=a1", ""));

        assertThat(fixture.lastOf("INVITE").lines("Record-Route")).hasSize(1);
    }
}
