package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipdispatch.transaction.Flow;
import org.slf4j.LoggerFactory;

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

    private static final String LOGGED = "rules = [ { when { method = INVITE }, select { set = 1, flags = F },"
            + " log = \"$ci by $fU to $ds(uri): $ds(attrs)\" }, { when.method = MESSAGE, select.set = 1,"
            + " relay.mode = stateless, log = \"to $ds(uri)\" }, { reply.code = 403, log = \"no $rm from $si\" } ]";

    /** The lines that rules log meanwhile. */
    private static List<String> logged(Runnable traffic) {
        Logger rules = (Logger) LoggerFactory.getLogger("org.sipdispatch.rules");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        rules.setLevel(Level.INFO);
        rules.addAppender(lines);
        traffic.run();
        rules.setLevel(null);
        rules.detachAppender(lines);
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void eachAttemptIsLoggedWithTheAttributesOfItsDestination() {
        LaneFixture fixture = LaneFixture.stateful(LOGGED).attrs(1, "eu", "us\r\n", "");

        assertThat(logged(() -> {
                    fixture.callerSends(invite());
                    fixture.callerSends(invite());
                    fixture.destinationAnswers(500);
                }))
                .as("a retransmission is no attempt")
                .containsExactly(
                        "rules[0]: c1@192.0.2.1 by alice to sip:10.0.0.1: eu",
                        "rules[0]: c1@192.0.2.1 by alice to sip:10.0.0.2: us??");
    }

    @Test
    void aReplyAndAStatelessRequestAreLogged() {
        LaneFixture fixture = LaneFixture.stateful(LOGGED);

        assertThat(logged(() -> {
                    fixture.callerSends(request("MESSAGE"));
                    fixture.callerSends(request("INFO").replace("c1", "c2"));
                }))
                .containsExactly("rules[1]: to sip:10.0.0.1", "rules[2]: no INFO from 192.0.2.1");
    }

    @Test
    void theExplanationHasWhatTheRuleAdds() {
        LaneFixture fixture = LaneFixture.stateful(
                        HEADERS.replace("flags", "alg = 8, flags").replace(" } } ]", " }, log = \"to $ds(set)\" } ]"))
                .attrs(1, "eu", "us", "");

        Explanation explained = fixture.explained(invite());

        assertThat(explained.additions())
                .isEqualTo(new Explanation.Additions(List.of("X-Attrs: eu", "X-Dst: sip:10.0.0.1 in 1 to eu"), "to 1"));
        assertThat(LaneFixture.stateful().explained(invite()).additions()).isEqualTo(Explanation.Additions.NONE);
    }

    /** The attributes of a set's members that have the sender's address, 192.0.2.1. */
    private static LaneFixture pushing(String more) {
        return LaneFixture.stateful("rules = [ { when { in-set" + more + ", method = INFO },"
                        + " push-attrs = \"max=$hdr(X-Max)\", reply.code = 403 }, { select.set = 2 } ]")
                .set(1, "sip:192.0.2.1:7000", "sip:192.0.2.9", "sip:192.0.2.1")
                .set(2, "sip:10.0.0.2");
    }

    @Test
    void aRulePushesAttributesForTheSender() {
        LaneFixture fixture = pushing(" = 1");

        fixture.callerSends(request("INFO", "X-Max: 30"));
        fixture.callerSends(request("INFO").replace("c1", "c2"));
        fixture.callerSends(request("MESSAGE", "X-Max: 30").replace("c1", "c3"));

        assertThat(fixture.pushed).singleElement().satisfies(pushed -> {
            assertThat(pushed.rule()).isEqualTo("rules[0]");
            assertThat(pushed.ids()).containsExactly("default:1:sip:192.0.2.1:7000", "default:1:sip:192.0.2.1");
            assertThat(pushed.attrs()).isEqualTo("max=30");
        });
        assertThat(fixture.sent()).containsExactly("403 to caller", "403 to caller", "MESSAGE to d2");
    }

    @Test
    void aPushMayBeForThePortOfTheSenderOnly() {
        LaneFixture fixture = pushing(" { set = 1, port = on }");

        fixture.callerSends(request("INFO", "X-Max: 30"));

        assertThat(fixture.pushed.get(0).ids()).containsExactly("default:1:sip:192.0.2.1");
    }

    @Test
    void anExplanationPushesNothing() {
        LaneFixture fixture = pushing(" = 1");

        fixture.explained(request("INFO", "X-Max: 30"));

        assertThat(fixture.pushed).isEmpty();
    }

    @Test
    void theAttributesOfASenderInASetAreNotThoseOfTheVariable() {
        LaneFixture fixture = LaneFixture.stateful(HEADERS.replace("{ select", "{ when.in-set = 2, select"))
                .set(2, "sip:192.0.2.1")
                .attrs(2, "sender")
                .attrs(1, "eu", "us", "");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.last().lines("X-Attrs")).containsExactly("X-Attrs: eu");
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
