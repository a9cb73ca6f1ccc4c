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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.transaction.Flow;

/** Route and Record-Route: RFC 3261 sections 16.4 and 16.6, RFC 5658. */
class RouteTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    @Test
    void anInviteIsRecordRouted() {
        fixture.callerSends(invite());

        assertThat(fixture.last().lines("Record-Route"))
                .singleElement()
                .asString()
                .matches("Record-Route: " + "<sip:192.0.2.10:5060;lr;k=[A-Za-z0-9_-]{17}>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MESSAGE", "OPTIONS", "REGISTER"})
    void aRequestThatFormsNoDialogIsNotRecordRouted(String method) {
        fixture.callerSends(request(method));

        assertThat(fixture.last().lines("Record-Route")).isEmpty();
    }

    @Test
    void recordRouteCanBeSwitchedOff() {
        LaneFixture off = LaneFixture.stateful("relay-defaults.record-route = off");

        off.callerSends(invite());

        assertThat(off.lastOf("INVITE").lines("Record-Route")).isEmpty();
    }

    @Test
    void recordRouteIsDoubledWhereTheSocketsDiffer() {
        fixture.set(1, "sip:10.0.0.1@@other");

        fixture.callerSends(invite());

        LaneFixture.Sent sent = fixture.lastOf("INVITE");
        assertThat(sent.socket()).isSameAs(OTHER);
        assertThat(sent.lines("Record-Route")).hasSize(2);
        assertThat(sent.lines("Record-Route").get(0)).contains("198.51.100.10");
        assertThat(sent.lines("Record-Route").get(1)).contains("192.0.2.10");
        assertThat(sent.line("Via")).contains("198.51.100.10");
    }

    @Test
    void recordRouteIsDoubledWhereTheTransportsDiffer() {
        fixture.set(1, "sip:10.0.0.1;transport=tcp");

        fixture.callerSends(invite());

        LaneFixture.Sent sent = fixture.lastOf("INVITE");
        assertThat(sent.socket()).isSameAs(STREAM);
        assertThat(sent.lines("Record-Route").get(0)).contains(";transport=tcp;lr");
        assertThat(sent.lines("Record-Route").get(1)).doesNotContain("transport");
    }

    @Test
    void ownRoutesBehindWhichNothingIsLeftAreTakenOut() {
        fixture.callerSends(invite("Route: <sip:192.0.2.10;lr>"));

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1");
        assertThat(fixture.last().lines("Route")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:10.7.7.7;lr>",
                "Route: <sip:192.0.2.10;lr;k=SEAL>\r\nRoute: <sip:10.7.7.7;lr>",
                "Route: <sip:192.0.2.10;lr;k=SEAL>,<sip:198.51.100.10;lr;k=SEAL>,<sip:10.7.7.7;lr>",
                "Route: <sip:192.0.2.10;lr;k=SEAL>,<sip:198.51.100.10;lr;k=SEAL>\r\nRoute: <sip:10.7.7.7;lr>",
                "Route: <sip:192.0.2.10;lr;k=SEAL>\r\nRoute: <sip:198.51.100.10;lr;k=SEAL> , <sip:10.7.7.7;lr>",
                "Route: <sip:192.0.2.10;lr;k=SEAL>\r\nRoute: <sip:198.51.100.10;lr;k=SEAL>\r\nRoute: <sip:10.7.7.7;lr>"
            })
    void sealedRequestsOfADialogFollowTheirRoute(String route) {
        fixture.callerSends(inDialog("BYE", sealed(route).split("\r\n")));

        assertThat(fixture.last()).hasToString("BYE to 10.7.7.7:5060");
        assertThat(fixture.last().lines("Route")).containsExactly("Route: <sip:10.7.7.7;lr>");
        assertThat(fixture.last().startLine()).isEqualTo("BYE sip:bob@example.com SIP/2.0");
        assertThat(fixture.transactions()).isZero();
    }

    @Test
    void theCancelOfAnInviteThatFollowedItsRouteFollowsItWithTheSameBranch() {
        String route = sealed("Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:10.7.7.7;lr>");
        fixture.callerSends(inDialog("INVITE", route).replace("dialogINVITE", "again"));
        String branch = fixture.last().line("Via");

        fixture.callerSends(inDialog("CANCEL", route).replace("dialogCANCEL", "again"));

        assertThat(fixture.sent()).containsExactly("INVITE to 10.7.7.7:5060", "CANCEL to 10.7.7.7:5060");
        assertThat(fixture.last().line("Via")).isEqualTo(branch);
    }

    @Test
    void furtherRoutesStay() {
        fixture.callerSends(
                inDialog("BYE", sealed("Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:10.7.7.7;lr>, <sip:10.7.7.8;lr>")));

        assertThat(fixture.last()).hasToString("BYE to 10.7.7.7:5060");
        assertThat(fixture.last().lines("Route")).containsExactly("Route: <sip:10.7.7.7;lr>, <sip:10.7.7.8;lr>");
    }

    @Test
    void behindTheLastRouteARequestGoesToItsUri() {
        fixture.callerSends(inDialog("BYE", sealed("Route: <sip:192.0.2.10;lr;k=SEAL>"))
                .replace("BYE sip:bob@example.com", "BYE sip:bob@10.8.8.8:5070"));

        assertThat(fixture.last()).hasToString("BYE to 10.8.8.8:5070");
        assertThat(fixture.last().lines("Route")).isEmpty();
    }

    @Test
    void aDialogsRequestLeavesByTheSocketOfOurLastRoute() {
        fixture.callerSends(inDialog(
                "BYE", sealed("Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:198.51.100.10;lr;k=SEAL>, <sip:10.7.7.7;lr>")));

        assertThat(fixture.last().socket()).isSameAs(OTHER);
    }

    @Test
    void theRouteSetOfTheCalleeLeadsBack() {
        fixture.set(1, "sip:10.0.0.1@@other");
        fixture.callerSends(invite());
        List<String> recorded = fixture.lastOf("INVITE").lines("Record-Route");
        String[] routes =
                recorded.stream().map(line -> line.replace("Record-", "")).toArray(String[]::new);

        fixture.arrives(
                inDialog("BYE", routes).replace("BYE sip:bob@example.com", "BYE sip:alice@192.0.2.1"),
                new Flow(OTHER, address("10.0.0.1:5060"), 0));

        assertThat(fixture.last()).hasToString("BYE to caller");
        assertThat(fixture.last().socket()).isSameAs(MAIN);
        assertThat(fixture.last().lines("Route")).isEmpty();
    }

    @Test
    void aForgedSealIsAPreloadedRoute() {
        fixture.callerSends(inDialog("BYE", "Route: <sip:192.0.2.10;lr;k=AAAAAAAAAAA>, <sip:10.7.7.7;lr>"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 403 Preloaded Route Denied");
    }

    @Test
    void theSealOfAnotherCallIsAPreloadedRoute() {
        fixture.callerSends(inDialog("BYE", sealed("Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:10.7.7.7;lr>"))
                .replace("c1@192.0.2.1", "c2@192.0.2.1"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 403 Preloaded Route Denied");
    }

    @Test
    void aSealedRouteOfANewRequestIsPreloadedToo() {
        fixture.callerSends(request("MESSAGE", sealed("Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:10.7.7.7;lr>")));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 403 Preloaded Route Denied");
    }

    @Test
    void aPreloadedRouteMayBeFollowed() {
        LaneFixture open = LaneFixture.stateful("relay.preloaded-route = follow");

        open.callerSends(request("MESSAGE", "Route: <sip:192.0.2.10;lr>, <sip:10.7.7.7;lr>"));

        assertThat(open.last()).hasToString("MESSAGE to 10.7.7.7:5060");
    }

    @Test
    void aRequestWithAPreloadedRouteMayBeDispatched() {
        LaneFixture lenient = LaneFixture.stateful("relay.preloaded-route = dispatch");

        lenient.callerSends(request("MESSAGE", "Route: <sip:192.0.2.10;lr>, <sip:10.7.7.7;lr>"));

        assertThat(lenient.last()).hasToString("MESSAGE to d1");
        assertThat(lenient.last().lines("Route")).containsExactly("Route: <sip:10.7.7.7;lr>");
    }

    @Test
    void flagSRefusesARequestWithAPreloadedRoute() {
        LaneFixture lenient = LaneFixture.stateful(
                "relay.preloaded-route = dispatch, rules = [ { select { set = 1, flags = FS } } ]");

        lenient.callerSends(request("MESSAGE", "Route: <sip:10.7.7.7;lr>"));
        lenient.callerSends(request("OPTIONS"));

        assertThat(lenient.sent()).containsExactly("500 to caller", "OPTIONS to d1");
    }

    @Test
    void aMalformedRouteIsRefused() {
        fixture.callerSends(request("MESSAGE", "Route: <<>>"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 400 Bad Route");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:10.7.7.7>",
                "Route: <sip:192.0.2.10;lr;k=SEAL>\r\nRoute: <sip:10.7.7.7>",
                "Route: <sip:192.0.2.10;lr;k=SEAL>,<sip:198.51.100.10;lr;k=SEAL>\r\nRoute: <sip:10.7.7.7>"
            })
    void aStrictRouterAsTheNextHopFindsItselfInTheUri(String route) {
        fixture.callerSends(inDialog("BYE", sealed(route).split("\r\n")));

        assertThat(fixture.last()).hasToString("BYE to 10.7.7.7:5060");
        assertThat(fixture.last().startLine()).isEqualTo("BYE sip:10.7.7.7 SIP/2.0");
        assertThat(fixture.last().lines("Route")).containsExactly("Route: <sip:bob@example.com>");
        assertThat(fixture.last().lines("Content-Length")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:10.7.7.7>, <sip:10.7.7.8;lr>",
                "Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:10.7.7.7>\r\nRoute: <sip:10.7.7.8;lr>",
                "Route: <sip:192.0.2.10;lr;k=SEAL>\r\nRoute: <sip:10.7.7.7>, <sip:10.7.7.8;lr>"
            })
    void routesBehindAStrictRouterStayBeforeTheUri(String route) {
        fixture.callerSends(inDialog("BYE", sealed(route).split("\r\n")));

        assertThat(fixture.last().startLine()).isEqualTo("BYE sip:10.7.7.7 SIP/2.0");
        assertThat(fixture.last().lines("Route"))
                .containsExactly("Route: <sip:10.7.7.8;lr>", "Route: <sip:bob@example.com>");
    }

    @Test
    void aStrictRouterBeforeUsLeavesTheUriInTheLastRoute() {
        fixture.callerSends(inDialog(
                        "BYE",
                        sealed("Route: <sip:10.7.7.7;lr>, <sip:bob@10.8.8.8>").split("\r\n"))
                .replace("BYE sip:bob@example.com", sealed("BYE sip:192.0.2.10:5060;lr;k=SEAL")));

        assertThat(fixture.last()).hasToString("BYE to 10.7.7.7:5060");
        assertThat(fixture.last().startLine()).isEqualTo("BYE sip:bob@10.8.8.8 SIP/2.0");
        assertThat(fixture.last().lines("Route")).containsExactly("Route: <sip:10.7.7.7;lr>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Route: <sip:bob@10.8.8.8>", "Route: <sip:198.51.100.10;lr;k=SEAL>, <sip:bob@10.8.8.8>"})
    void aStrictRouterBeforeUsMayHaveLeftOnlyUs(String route) {
        fixture.callerSends(inDialog("BYE", sealed(route))
                .replace("BYE sip:bob@example.com", sealed("BYE sip:192.0.2.10:5060;lr;k=SEAL")));

        assertThat(fixture.last()).hasToString("BYE to 10.8.8.8:5060");
        assertThat(fixture.last().startLine()).isEqualTo("BYE sip:bob@10.8.8.8 SIP/2.0");
        assertThat(fixture.last().lines("Route")).isEmpty();
    }

    @Test
    void aRouteThatLeadsNowhereIsAnswered() {
        fixture.callerSends(inDialog("BYE", sealed("Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:nowhere.example.net;lr>")));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 Next Hop Has No Address");
    }

    @Test
    void domainModePutsTheDestinationIntoTheUri() {
        LaneFixture domain =
                LaneFixture.stateful("relay-defaults.rewrite = domain").set(1, "sip:ping@10.0.0.1:5060;transport=udp");

        domain.callerSends(request("MESSAGE")
                .replace("sip:bob@example.com SIP", "sip:bob:pw@example.com:5099;user=phone;maddr=10.9.9.9;x=1 SIP"));

        assertThat(domain.last().startLine())
                .isEqualTo("MESSAGE sip:bob:pw@10.0.0.1:5060;transport=udp;user=phone;x=1 SIP/2.0");
    }

    @Test
    void eachAttemptPutsItsDestinationIntoTheUri() {
        LaneFixture domain =
                LaneFixture.stateful("relay-defaults.rewrite = domain").set(1, "sip:10.0.0.1:5060;x=1", "sip:10.0.0.2");

        domain.callerSends(request("MESSAGE"));
        domain.destinationAnswers(500);

        assertThat(domain.lastOf("MESSAGE").startLine()).isEqualTo("MESSAGE sip:bob@10.0.0.2 SIP/2.0");
    }

    @Test
    void aPreloadedStrictRouterIsLeftToTheSelectedDestination() {
        LaneFixture domain = LaneFixture.stateful("relay-defaults.rewrite = domain, relay.preloaded-route = dispatch");

        domain.callerSends(request("MESSAGE", "Route: <sip:10.7.7.7>"));

        assertThat(domain.last().startLine()).isEqualTo("MESSAGE sip:bob@10.0.0.1 SIP/2.0");
        assertThat(domain.last().lines("Route")).containsExactly("Route: <sip:10.7.7.7>");
    }

    @Test
    void aRequestOnTcpLeavesWithContentLength() {
        fixture.set(1, "sip:10.0.0.1;transport=tcp");

        fixture.callerSends(request("MESSAGE").replace("Content-Length: 0\r\n\r\n", "\r\nbody"));

        assertThat(fixture.last().line("Content-Length")).isEqualTo("Content-Length: 4");
    }

    @Test
    void aMaddrWithoutAValueGoesWithTheDomain() {
        LaneFixture domain =
                LaneFixture.stateful("relay-defaults.rewrite = domain").set(1, "sip:10.0.0.1");

        domain.callerSends(request("MESSAGE").replace("sip:bob@example.com SIP", "sip:bob@example.com;maddr;x=1 SIP"));

        assertThat(domain.last().startLine()).isEqualTo("MESSAGE sip:bob@10.0.0.1;x=1 SIP/2.0");
    }

    @Test
    void aDialogsRequestThatCameByTcpIsRepeatedOverUdp() {
        String bye = inDialog("BYE", sealed("Route: <sip:192.0.2.10;lr;k=SEAL>, <sip:10.0.0.1;lr>"));

        fixture.callerSendsOnStream(bye.replace("/UDP", "/TCP"), 7);

        assertThat(fixture.sent()).containsExactly("BYE to d1");
        assertThat(fixture.sentDuring(1_600)).containsExactly("500 BYE to d1", "1500 BYE to d1");
        fixture.destinationAnswers(200);
        assertThat(fixture.last().startLine()).startsWith("SIP/2.0 200");
        assertThat(fixture.last().connection()).isEqualTo(7);
    }

    /** Inserts the route token for the fixture's Call-ID, as in our Record-Route. */
    private String sealed(String text) {
        LaneFixture other = LaneFixture.stateful();
        other.callerSends(invite());
        String line = other.lastOf("INVITE").line("Record-Route");
        return text.replace("SEAL", line.substring(line.indexOf("k=") + 2, line.indexOf('>')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sip:10.0.0.1:5060;transport=tcp | ;transport=udp | sip:bob@10.0.0.1:5060;transport=tcp",
                "sip:10.0.0.1:5060 | :5061;user=phone;Transport=tls;maddr=10.9.9.9;x | sip:bob@10.0.0.1:5060;user=phone;x",
                "sip:10.0.0.1:5060;user=ip | ;user=phone;lr | sip:bob@10.0.0.1:5060;user=ip;lr",
            })
    void aNewDomainBringsItsTransportAndNoParameterTwice(String destination, String rest, String expected) {
        LaneFixture domain =
                LaneFixture.stateful("relay-defaults.rewrite = domain").set(1, destination);

        domain.callerSends(
                request("MESSAGE").replace("sip:bob@example.com SIP", "sip:bob@example.com" + rest + " SIP"));

        assertThat(domain.last().startLine()).isEqualTo("MESSAGE " + expected + " SIP/2.0");
    }
}
