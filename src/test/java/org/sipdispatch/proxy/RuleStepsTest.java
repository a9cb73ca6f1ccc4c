package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.sipdispatch.transaction.Flow;

/** What the functions of OpenSIPS' module do, as conditions and actions of rules. */
class RuleStepsTest {
    private static final String DIRECTIONS =
            "rules = [ { when.in-set = 1, select.set = 2 }, { when.in-set = 2, select.set = 1 } ]";
    private static final String HEADERS = "rules = [ { select { set = 1, flags = F }, headers {"
            + " X-Attrs = \"$ds(attrs)\", X-Dst = \"$ds(uri) in $ds(set) $ds(description)\" } } ]";

    /** The sender of all requests is 192.0.2.1. */
    private static LaneFixture directions(String... members) {
        return LaneFixture.stateful(DIRECTIONS).set(1, members).set(2, "sip:10.0.0.2");
    }

    @Test
    void theSenderDecidesTheDirection() {
        LaneFixture fixture = directions("sip:192.0.2.1:7000");

        fixture.callerSends(request("MESSAGE"));
        fixture.arrives(request("MESSAGE").replace("c1", "c2"), new Flow(MAIN, address("10.0.0.2:5060"), 0));
        fixture.arrives(request("MESSAGE").replace("c1", "c3"), new Flow(MAIN, address("10.0.0.7:5060"), 0));

        assertThat(fixture.sent())
                .containsExactly("MESSAGE to d2", "MESSAGE to 192.0.2.1:7000", "404 to 10.0.0.7:5060");
    }

    @Test
    void anyAddressOfANameIsTheSenders() {
        LaneFixture fixture =
                directions("sip:gw.example.net").host("gw.example.net", "192.0.2.77:5060", "192.0.2.1:5060");

        fixture.callerSends(request("MESSAGE"));
        fixture.passes(40);
        fixture.callerSends(request("MESSAGE").replace("c1", "c2"));

        assertThat(fixture.sent())
                .as("names are resolved in the background, and no request waits for them")
                .containsExactly("404 to caller", "MESSAGE to d2");
    }

    @Test
    void thePortOfANameIsThatOfItsRecord() {
        LaneFixture fixture = LaneFixture.stateful("rules = [ { when.in-set { set = 1, port = on }, select.set = 2 } ]")
                .set(1, "sip:gw.example.net")
                .set(2, "sip:10.0.0.2")
                .host("gw.example.net", "192.0.2.1:5080")
                .passes(40);

        fixture.callerSends(request("MESSAGE"));
        fixture.arrives(request("MESSAGE").replace("c1", "c2"), new Flow(MAIN, address("192.0.2.1:5080"), 0));

        assertThat(fixture.sent()).containsExactly("404 to caller", "MESSAGE to d2");
    }

    @Test
    void aNameThatIsNoLongerDefinedIsNobody() {
        LaneFixture fixture = directions("sip:gw.example.net").host("gw.example.net", "192.0.2.1:5060");
        fixture.passes(40);
        fixture.set(1, "sip:192.0.2.9");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("404 to caller");
    }

    @Test
    void eachAttemptHasTheHeaderFieldsOfItsDestination() {
        LaneFixture fixture = LaneFixture.stateful(HEADERS).attrs(1, "eu", "us", "");

        fixture.callerSends(invite());
        assertThat(fixture.last().line("X-Attrs")).isEqualTo("X-Attrs: eu");
        assertThat(fixture.last().line("X-Dst")).isEqualTo("X-Dst: sip:10.0.0.1 in 1 to eu");
        fixture.destinationAnswers(500);

        assertThat(fixture.last().line("X-Attrs")).isEqualTo("X-Attrs: us");
        assertThat(fixture.last().line("X-Dst")).isEqualTo("X-Dst: sip:10.0.0.2 in 1 to us");
    }

    @Test
    void aSenderCannotForgeAHeaderFieldOfTheRule() {
        LaneFixture fixture = LaneFixture.stateful(HEADERS).attrs(1, "", "us", "");

        fixture.callerSends(invite("x-ATTRS: forged", "X-Attrs2: kept", "X-Attrs: forged\r\n too"));

        assertThat(fixture.lastOf("INVITE").text()).doesNotContain("forged").contains("X-Attrs2: kept");
    }

    @Test
    void anAttributeCannotBeginAnotherHeaderField() {
        LaneFixture fixture = LaneFixture.stateful(HEADERS).attrs(1, "a\r\nRoute: <sip:10.9.9.9;lr>", "us", "");

        fixture.callerSends(invite());

        assertThat(fixture.lastOf("INVITE").lines("Route")).isEmpty();
        assertThat(fixture.last().line("X-Attrs")).isEqualTo("X-Attrs: a  Route: <sip:10.9.9.9;lr>");
    }

    @Test
    void aStatelessRetransmissionHasTheSameHeaderFields() {
        LaneFixture fixture = LaneFixture.stateless(HEADERS).attrs(1, "é", "us", "");

        fixture.callerSends(request("MESSAGE"));
        String first = fixture.last().text();
        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d1");
        assertThat(fixture.last().text()).isEqualTo(first).contains("X-Attrs: é\r\n");
    }

    @Test
    void requestsOfADialogGetNoHeaderFields() {
        LaneFixture fixture = LaneFixture.stateful(HEADERS).attrs(1, "eu", "us", "");
        fixture.callerSends(invite());
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route", "Route");
        fixture.destinationAnswers(200);

        fixture.callerSends(
                LaneFixture.inDialog("BYE", route).replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP"));

        assertThat(fixture.last()).hasToString("BYE to d1");
        assertThat(fixture.last().lines("X-Attrs")).isEmpty();
    }

    @Test
    void aReplySaysWhenToTryAgainIfTheRuleDoes() {
        LaneFixture fixture = LaneFixture.stateful("rules = [ { when.method = INVITE, reply { code = 503,"
                + " retry-after = 2 minutes } }, { when.method = MESSAGE, reply.code = 503 },"
                + " { select { set = 1, unusable { code = 503, retry-after = 5s } } } ]");
        fixture.set(1);

        fixture.callerSends(invite());
        assertThat(fixture.last().lines("Retry-After")).containsExactly("Retry-After: 120");
        fixture.callerSends(request("MESSAGE"));
        assertThat(fixture.last().lines("Retry-After")).isEmpty();
        fixture.callerSends(request("SUBSCRIBE"));
        assertThat(fixture.last().lines("Retry-After")).containsExactly("Retry-After: 5");
    }
}
