package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.SendFailure;

/** Requests above relay.udp-mtu: RFC 3261 section 18.1.1. */
class LargeRequestsTest {
    private static final String FILLER = "X-Filler: " + "x".repeat(1_000);

    private final LaneFixture fixture = LaneFixture.stateful("relay.udp-mtu = 1300");

    private static String another(String request, int number) {
        return request.replace("z9hG4bKc1", "z9hG4bKc1-" + number);
    }

    @Test
    void byDefaultAnySizeUsesUdp() {
        LaneFixture byDefault = LaneFixture.stateful();

        byDefault.callerSends(invite("X-Filler: " + "x".repeat(10_000)));

        assertThat(byDefault.lastOf("INVITE").socket()).isSameAs(MAIN);
    }

    @Test
    void theSizeIsThatOfTheMessageAsSent() {
        LaneFixture byDefault = LaneFixture.stateful();
        byDefault.callerSends(invite(FILLER));
        int size = byDefault.lastOf("INVITE").text().length();
        LaneFixture enough = LaneFixture.stateful("relay.udp-mtu = " + size);
        LaneFixture tooLittle = LaneFixture.stateful("relay.udp-mtu = " + (size - 1));

        enough.callerSends(invite(FILLER));
        tooLittle.callerSends(invite(FILLER));

        assertThat(enough.lastOf("INVITE").socket()).isSameAs(MAIN);
        assertThat(tooLittle.lastOf("INVITE").socket()).isSameAs(STREAM);
    }

    @Test
    void aLargeOneGoesOverTcpWithItsViaAndRecordRoutes() {
        fixture.callerSends(invite(FILLER));

        LaneFixture.Sent sent = fixture.lastOf("INVITE");
        assertThat(sent).hasToString("INVITE to d1");
        assertThat(sent.socket()).isSameAs(STREAM);
        assertThat(sent.line("Via")).startsWith("Via: SIP/2.0/TCP 192.0.2.10:5060;");
        assertThat(sent.lines("Record-Route").get(0)).contains(";transport=tcp;lr");
        assertThat(sent.lines("Record-Route")).hasSize(2);
    }

    @Test
    void aRefusalLeadsBackToUdpAndIsNoFailureOfTheDestination() {
        fixture.callerSends(invite(FILLER));
        fixture.sent();

        fixture.isUnreachable(STREAM, "10.0.0.1:5060");

        LaneFixture.Sent sent = fixture.lastOf("INVITE");
        assertThat(fixture.sent()).containsExactly("INVITE to d1");
        assertThat(sent.socket()).isSameAs(MAIN);
        assertThat(sent.line("Via")).startsWith("Via: SIP/2.0/UDP 192.0.2.10:5060;");
        assertThat(fixture.counters.get(LaneCounter.UNREACHABLE)).isZero();
        fixture.answers(sent, 200);
        fixture.passes(2_000);
        assertThat(fixture.observations).noneMatch(one -> one.failed() > 0);
    }

    @Test
    void aMessageThatCouldNotBeSentLeadsBackToUdpToo() {
        fixture.callerSends(invite(FILLER));

        fixture.couldNotSend(fixture.lastOf("INVITE"), SendFailure.UNREACHABLE);

        assertThat(fixture.lastOf("INVITE").socket()).isSameAs(MAIN);
        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d1", "INVITE to d1");
    }

    @Test
    void whatRefusedTcpGetsUdpForAMinute() {
        fixture.callerSends(invite(FILLER));
        fixture.couldNotSend(fixture.lastOf("INVITE"), SendFailure.UNREACHABLE);
        fixture.answers(fixture.lastOf("INVITE"), 486);

        fixture.passes(59_000);
        fixture.callerSends(another(invite(FILLER), 2));
        assertThat(fixture.lastOf("INVITE").socket()).isSameAs(MAIN);
        fixture.answers(fixture.lastOf("INVITE"), 486);
        fixture.passes(2_000);
        fixture.callerSends(another(invite(FILLER), 3));

        assertThat(fixture.lastOf("INVITE").socket()).isSameAs(STREAM);
    }

    @Test
    void whatIsRefusedOverBothFailsOver() {
        fixture.refuses("10.0.0.1:5060");

        fixture.callerSends(invite(FILLER));

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d2");
        assertThat(fixture.last().socket()).isSameAs(STREAM);
    }

    @Test
    void silenceOverTcpIsAFailureAsOverUdp() {
        fixture.callerSends(invite(FILLER));
        fixture.sent();

        fixture.passes(5_100);

        assertThat(fixture.sent()).containsExactly("INVITE to d2");
    }

    @Test
    void aStatelessOneLeadsBackToUdpWithTheSameBranch() {
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300");
        stateless.callerSends(invite(FILLER));
        LaneFixture.Sent large = stateless.lastOf("INVITE");
        assertThat(large.socket()).isSameAs(STREAM);

        stateless.couldNotSend(large, SendFailure.UNREACHABLE);

        LaneFixture.Sent again = stateless.last();
        assertThat(stateless.sent()).containsExactly("INVITE to d1", "INVITE to d1");
        assertThat(again.socket()).isSameAs(MAIN);
        assertThat(again.line("Via")).isEqualTo(large.line("Via").replace("/TCP", "/UDP"));
    }

    @Test
    void aLargeRequestOfADialogLeadsBackToUdp() {
        fixture.callerSends(invite());
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-", "");
        String info = inDialog("INFO", route, FILLER).replace("sip:bob@example.com SIP", "sip:b@10.7.7.7 SIP");

        fixture.callerSends(info);
        assertThat(fixture.last()).hasToString("INFO to 10.7.7.7:5060");
        assertThat(fixture.last().socket()).isSameAs(STREAM);
        fixture.couldNotSend(fixture.last(), SendFailure.UNREACHABLE);

        assertThat(fixture.last()).hasToString("INFO to 10.7.7.7:5060");
        assertThat(fixture.last().socket()).isSameAs(MAIN);
    }

    @Test
    void aRequestOfADialogThatStaysSmallHasNoTransaction() {
        fixture.callerSends(invite());
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-", "");
        fixture.answers(fixture.lastOf("INVITE"), 200);
        int before = fixture.transactions();

        fixture.callerSends(inDialog("INFO", route, "X-Filler: " + "x".repeat(500)));

        assertThat(fixture.transactions()).isEqualTo(before);
    }

    @Test
    void aManagementPortGetsNothingOverTcp() {
        fixture.guards("10.0.0.1:5060");

        fixture.callerSends(request("MESSAGE", FILLER));

        assertThat(fixture.last().socket()).isSameAs(MAIN);
    }
}
