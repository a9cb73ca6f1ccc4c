package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.OTHER;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.Flow;

/** The contents of forwarded messages, and the sockets that send them. */
class ForwardingTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    @Test
    void allThatIsNotOursPassesByteByByte() {
        fixture.callerSends(request("MESSAGE", "x-odd :  two  blanks", "Subject: folded\r\n line", "f-not: from"));

        String expected = request("MESSAGE", "x-odd :  two  blanks", "Subject: folded\r\n line", "f-not: from")
                .replace("Max-Forwards: 70", "Max-Forwards: 69")
                .replaceFirst("\r\n", "\r\n" + fixture.last().line("Via") + "\r\n");
        assertThat(fixture.last().text()).isEqualTo(expected);
    }

    @Test
    void aRouteBehindALoneCarriageReturnReachesNobody() {
        fixture.callerSends(request("MESSAGE", "X-N: a\rRoute: <sip:evil.example.com;lr>"));

        assertThat(fixture.sent()).containsExactly("400 to caller");
    }

    @Test
    void aForcedSocketIsUsed() {
        fixture.set(1, "sip:10.0.0.1@@udp:198.51.100.10:5060");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.last().socket()).isSameAs(OTHER);
    }

    @Test
    void aForcedSocketThatThereIsNotIsLeftAside() {
        fixture.set(1, "sip:10.0.0.1@@gone");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.last().socket()).isSameAs(MAIN);
    }

    @Test
    void theResponseLeavesByTheSocketThatTheRequestCameInOn() {
        fixture.set(1, "sip:10.0.0.1@@other");
        fixture.callerSends(request("MESSAGE"));

        fixture.destinationAnswers(200);

        assertThat(fixture.last().socket()).isSameAs(MAIN);
    }

    @Test
    void theResponseLeavesByTheConnectionThatTheRequestCameInOn() {
        fixture.callerSendsOnStream(invite().replace("/UDP", "/TCP"), 7);

        fixture.destinationAnswers(200);

        assertThat(fixture.last().connection()).isEqualTo(7);
        assertThat(fixture.last().socket()).isSameAs(STREAM);
    }

    @Test
    void aUserAtADestinationIsNotTraffic() {
        fixture.set(1, "sip:ping:secret@10.0.0.1:5070;transport=tcp?Subject=x");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.last()).hasToString("MESSAGE to 10.0.0.1:5070");
        assertThat(fixture.last().startLine()).isEqualTo("MESSAGE sip:bob@example.com SIP/2.0");
        assertThat(fixture.last().socket()).isSameAs(STREAM);
    }

    @Test
    void maddrLeadsToTheAddress() {
        fixture.set(1, "sip:gw.example.net;maddr=10.0.0.2");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d2");
    }

    @Test
    void aDestinationByATransportThatThereIsNotIsPassedOver() {
        fixture.set(1, "sip:10.0.0.1;transport=tls", "sip:[2001:db8::1]", "sip:10.0.0.3");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d3");
    }

    @Test
    void theAckOfA2xxIsForwardedWhateverItsBranch() {
        fixture.callerSends(invite());
        fixture.destinationAnswers(200);
        fixture.sent();

        fixture.callerSends(inDialog("ACK"));
        fixture.callerSends(request("ACK"));

        assertThat(fixture.sent()).containsExactly("ACK to d1", "ACK to d1");
    }

    @Test
    void theBranchOfAForwarded2xxAckIsItsOwn() {
        fixture.callerSends(invite());
        String branch = fixture.lastOf("INVITE").line("Via");
        fixture.destinationAnswers(200);

        fixture.callerSends(inDialog("ACK"));

        assertThat(fixture.lastOf("ACK").line("Via")).isNotEqualTo(branch);
    }

    @Test
    void anAnswerOfAnAttemptThatNeverWasIsIgnored() {
        fixture.callerSends(request("MESSAGE"));
        LaneFixture.Sent sent = fixture.last();
        fixture.sent();
        String via = sent.line("Via");
        int attempt = via.indexOf("z9hG4bKsd") + "z9hG4bKsd".length() + 2;
        String later = via.substring(0, attempt) + "JA" + via.substring(attempt + 2);

        fixture.arrives(LaneFixture.response(sent.message(), 200).replace(via, later), new Flow(MAIN, sent.to(), 0));

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void aResponseWithoutAViaBelowIsNotPassedOn() {
        fixture.callerSends(request("MESSAGE"));
        LaneFixture.Sent sent = fixture.last();
        fixture.sent();

        fixture.arrives(
                LaneFixture.response(sent.message(), 200)
                        .replace(sent.lines("Via").get(1) + "\r\n", ""),
                new Flow(MAIN, sent.to(), 0));

        assertThat(fixture.sent()).isEmpty();
        assertThat(fixture.counters.get(LaneCounter.FOREIGN_RESPONSES)).isEqualTo(1);
    }
}
