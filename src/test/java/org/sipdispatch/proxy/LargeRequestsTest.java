package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.OTHER;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.observation.LaneCounters;
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
    void aStatelessCancelAndTheAckOfAFailureFollowTheirLargeInvite() {
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300");
        stateless.callerSends(invite(FILLER));
        LaneFixture.Sent large = stateless.lastOf("INVITE");

        stateless.callerSends(request("CANCEL"));
        stateless.callerSends(inDialog("ACK").replace("z9hG4bKdialogACK", "z9hG4bKc1"));

        for (String method : List.of("CANCEL", "ACK")) {
            LaneFixture.Sent small = stateless.lastOf(method);
            assertThat(small).hasToString(method + " to d1");
            assertThat(small.socket()).isSameAs(STREAM);
            assertThat(small.line("Via")).isEqualTo(large.line("Via"));
        }
    }

    @Test
    void aStatelessCancelFollowsItsLargeInviteBackToUdp() {
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300");
        stateless.callerSends(invite(FILLER));
        stateless.couldNotSend(stateless.lastOf("INVITE"), SendFailure.UNREACHABLE);

        stateless.callerSends(request("CANCEL"));

        assertThat(stateless.lastOf("CANCEL").socket()).isSameAs(MAIN);
    }

    @Test
    void aStatelessOneThatWasRetransmittedOnTheWayToTcpLeadsBackToUdpWithoutAnAnswer() {
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300");
        List<LaneFixture.Sent> copies = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stateless.callerSends(invite(FILLER));
            copies.add(stateless.last());
        }
        stateless.sent();

        copies.forEach(copy -> stateless.couldNotSend(copy, SendFailure.UNREACHABLE));

        assertThat(copies).allMatch(copy -> copy.socket() == STREAM);
        assertThat(stateless.sent()).isNotEmpty().containsOnly("INVITE to d1");
        assertThat(stateless.last().socket()).isSameAs(MAIN);
        assertThat(LaneCounters.destinations(List.of(stateless.counters)))
                .isNotEmpty()
                .allMatch(one -> one.unreachable() == 0);
    }

    @Test
    void aStatelessCancelThatWaitsBehindItsLargeInviteFollowsItBackToUdp() {
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300");
        stateless.callerSends(invite(FILLER));
        LaneFixture.Sent invite = stateless.last();
        stateless.callerSends(request("CANCEL"));
        LaneFixture.Sent cancel = stateless.last();
        stateless.sent();

        stateless.couldNotSend(invite, SendFailure.UNREACHABLE);
        stateless.couldNotSend(cancel, SendFailure.UNREACHABLE);

        assertThat(stateless.sent()).containsExactly("INVITE to d1", "CANCEL to d1");
        assertThat(stateless.last().socket()).isSameAs(MAIN);
        assertThat(stateless.last().line("Via"))
                .isEqualTo(stateless.lastOf("INVITE").line("Via"));
    }

    @Test
    void aStatelessOneThatBothRefuseIsAnswered() {
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300");
        stateless.callerSends(invite(FILLER));
        stateless.sent();
        stateless.refuses("10.0.0.1:5060");

        stateless.couldNotSend(stateless.last(), SendFailure.UNREACHABLE);

        assertThat(stateless.sent()).containsExactly("500 to caller");
    }

    @Test
    void aStatelessOneIsRememberedLongerThanAConnectionAttemptLasts() {
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300", "relay.t1 = 50ms");
        stateless.passes(3_100);
        stateless.callerSends(invite(FILLER));
        LaneFixture.Sent invite = stateless.last();
        for (int i = 0; i < 40; i++) {
            stateless.passes(100);
            stateless.callerSends(another(request("MESSAGE", FILLER), i));
        }
        stateless.sent();

        stateless.couldNotSend(invite, SendFailure.UNREACHABLE);

        assertThat(stateless.sent()).containsExactly("INVITE to d1");
        assertThat(stateless.last().socket()).isSameAs(MAIN);
    }

    @Test
    void aStatelessCancelStaysOnTcpWhenAnotherRequestHasBeenRefusedThere() {
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300");
        stateless.callerSends(invite(FILLER));
        String other = another(request("MESSAGE", FILLER), 2);
        stateless.callerSends(other);
        stateless.couldNotSend(stateless.lastOf("MESSAGE"), SendFailure.UNREACHABLE);

        stateless.callerSends(request("CANCEL"));

        assertThat(stateless.lastOf("CANCEL").socket()).isSameAs(STREAM);
    }

    @Test
    void anotherNodeSendsTheCancelOfALargeStatelessInviteOverTcp() {
        LaneFixture first = LaneFixture.stateless("relay.udp-mtu = 1300").hasPeers();
        first.callerSends(invite(FILLER));
        first.passes(100);
        LaneFixture second = LaneFixture.stateless("relay.udp-mtu = 1300").carries(first.carried);

        second.callerSends(request("CANCEL"));

        assertThat(second.lastOf("CANCEL").socket()).isSameAs(STREAM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless"})
    void anotherNodeLeadsARetransmissionOfALargeInviteBackToUdpAndItsCancelToo(String mode) {
        String[] settings = {"relay.udp-mtu = 1300", "relay-defaults.mode = " + mode};
        LaneFixture first = LaneFixture.stateful(settings).hasPeers();
        first.callerSends(invite(FILLER));
        LaneFixture.Sent large = first.lastOf("INVITE");
        first.passes(100);
        LaneFixture second = LaneFixture.stateful(settings).carries(first.carried);
        second.callerSends(invite(FILLER));
        LaneFixture.Sent invite = second.last();
        second.callerSends(request("CANCEL"));
        LaneFixture.Sent cancel = second.last();
        second.sent();
        assertThat(List.of(invite, cancel)).allMatch(one -> one.socket() == STREAM);
        assertThat(invite.text()).isEqualTo(large.text());

        second.couldNotSend(invite, SendFailure.UNREACHABLE);
        second.couldNotSend(cancel, SendFailure.UNREACHABLE);

        assertThat(second.sent()).containsExactly("INVITE to d1", "CANCEL to d1");
        for (String method : List.of("INVITE", "CANCEL")) {
            assertThat(second.lastOf(method).socket()).isSameAs(MAIN);
            assertThat(second.lastOf(method).line("Via"))
                    .isEqualTo(large.line("Via").replace("/TCP", "/UDP"));
        }
    }

    /** The destination's socket is not the one that has the address of the TCP socket. */
    @Test
    void anotherNodeSendsTheCancelByTheSocketThatAStatelessInviteReturnedTo() {
        LaneFixture first = LaneFixture.stateless("relay.udp-mtu = 1300")
                .set(1, "sip:10.0.0.1@@other")
                .hasPeers();
        first.callerSends(invite(FILLER));
        first.couldNotSend(first.last(), SendFailure.UNREACHABLE);
        first.passes(100);
        LaneFixture second = LaneFixture.stateless("relay.udp-mtu = 1300").carries(first.carried);

        second.callerSends(request("CANCEL"));

        assertThat(first.last().socket()).isSameAs(OTHER);
        assertThat(second.last()).hasToString("CANCEL to d1");
        assertThat(second.last().socket()).isSameAs(OTHER);
        assertThat(second.last().line("Via")).isEqualTo(first.last().line("Via"));
    }

    /** As above, but the connection is refused at once when the INVITE is repeated. */
    @Test
    void anotherNodeSendsTheCancelByTheSocketThatARepeatedStatelessInviteReturnedTo() {
        LaneFixture first = LaneFixture.stateless("relay.udp-mtu = 1300")
                .set(1, "sip:10.0.0.1@@other")
                .hasPeers();
        first.callerSends(invite(FILLER));
        first.refuses("10.0.0.1:5060");
        first.callerSends(invite(FILLER));
        first.passes(100);
        LaneFixture second = LaneFixture.stateless("relay.udp-mtu = 1300").carries(first.carried);

        second.callerSends(request("CANCEL"));

        assertThat(second.last()).hasToString("CANCEL to d1");
        assertThat(second.last().socket()).isSameAs(OTHER);
    }

    @Test
    void anotherNodeSendsNothingOverUdpToADestinationOnTcp() {
        LaneFixture first = LaneFixture.stateless("relay.udp-mtu = 1300")
                .set(1, "sip:10.0.0.1;transport=tcp")
                .hasPeers();
        first.callerSends(invite(FILLER));
        first.passes(100);
        LaneFixture second = LaneFixture.stateless("relay.udp-mtu = 1300").carries(first.carried);
        second.callerSends(invite(FILLER));
        second.sent();

        second.couldNotSend(second.last(), SendFailure.UNREACHABLE);

        assertThat(second.sent()).containsExactly("500 to caller");
    }

    @Test
    void onTheWayBackToUdpTheRecordRouteIsThatOfUdp() {
        LaneFixture small = LaneFixture.stateless();
        small.callerSends(invite(FILLER));
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300");
        stateless.callerSends(invite(FILLER));

        stateless.couldNotSend(stateless.last(), SendFailure.UNREACHABLE);

        assertThat(stateless.last().text()).isEqualTo(small.last().text());
    }

    @Test
    void onTheWayBackToAnotherUdpSocketBothRecordRoutesAreThoseOfUdp() {
        LaneFixture small = LaneFixture.stateless().set(1, "sip:10.0.0.1@@other");
        small.callerSends(invite(FILLER));
        assertThat(small.last().lines("Record-Route")).hasSize(2);
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300").set(1, "sip:10.0.0.1@@other");
        stateless.callerSends(invite(FILLER));

        stateless.couldNotSend(stateless.last(), SendFailure.UNREACHABLE);

        assertThat(stateless.last().socket()).isSameAs(small.last().socket());
        assertThat(stateless.last().text()).isEqualTo(small.last().text());
    }

    @Test
    void onTheWayBackToUdpARequestThatCameByTcpGetsBothRecordRoutes() {
        LaneFixture small = LaneFixture.stateless();
        small.callerSendsOnStream(invite(FILLER), 7);
        assertThat(small.last().lines("Record-Route")).hasSize(2);
        LaneFixture stateless = LaneFixture.stateless("relay.udp-mtu = 1300");
        stateless.callerSendsOnStream(invite(FILLER), 7);

        stateless.couldNotSend(stateless.last(), SendFailure.UNREACHABLE);

        assertThat(stateless.last().text()).isEqualTo(small.last().text());
    }

    @Test
    void onTheWayBackToUdpThePathIsThatOfUdp() {
        LaneFixture small = LaneFixture.stateless("relay-defaults.path = yes");
        small.callerSends(request("REGISTER", FILLER));
        LaneFixture stateless = LaneFixture.stateless("relay-defaults.path = yes", "relay.udp-mtu = 1300");
        stateless.callerSends(request("REGISTER", FILLER));
        assertThat(stateless.last().line("Path")).contains(";transport=tcp");

        stateless.couldNotSend(stateless.last(), SendFailure.UNREACHABLE);

        assertThat(stateless.last().text()).isEqualTo(small.last().text());
    }

    @Test
    void aRecordRouteOfTheSenderStaysAsItIs() {
        LaneFixture stateless = LaneFixture.stateless("relay-defaults.record-route = off", "relay.udp-mtu = 1300");
        String foreign = "Record-Route: <sip:192.0.2.77;transport=tcp;lr>";
        stateless.callerSends(invite(foreign, FILLER));

        stateless.couldNotSend(stateless.last(), SendFailure.UNREACHABLE);

        assertThat(stateless.last().lines("Record-Route")).containsExactly(foreign);
    }

    @Test
    void aLargeAckOfASuccessLeadsBackToUdp() {
        fixture.callerSends(invite());
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-", "");
        fixture.answers(fixture.lastOf("INVITE"), 200);
        String ack = inDialog("ACK", route, FILLER).replace("sip:bob@example.com SIP", "sip:b@10.7.7.7 SIP");
        fixture.callerSends(ack);
        assertThat(fixture.last()).hasToString("ACK to 10.7.7.7:5060");
        assertThat(fixture.last().socket()).isSameAs(STREAM);

        fixture.couldNotSend(fixture.last(), SendFailure.UNREACHABLE);

        assertThat(fixture.last()).hasToString("ACK to 10.7.7.7:5060");
        assertThat(fixture.last().socket()).isSameAs(MAIN);
    }

    @Test
    void anAckThatHasToUseTcpIsNotSentOverUdp() {
        fixture.callerSends(invite());
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-", "");
        String ack =
                inDialog("ACK", route, FILLER).replace("sip:bob@example.com SIP", "sip:b@10.7.7.7;transport=tcp SIP");
        fixture.callerSends(ack);
        fixture.sent();

        fixture.couldNotSend(fixture.last(), SendFailure.UNREACHABLE);

        assertThat(fixture.sent()).isEmpty();
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

    @Test
    void aBlacklistedTcpAddressGetsLargeRequestsOverUdp() {
        String[] settings = {
            "relay.udp-mtu = 1300",
            "blacklists { gateways = \"7\" }",
            "relay-defaults { blacklist = [gateways], failover = \"486\" }"
        };
        for (LaneFixture lane : List.of(LaneFixture.stateful(settings), LaneFixture.stateless(settings))) {
            lane.set(7, "sip:10.0.0.1;transport=tcp");

            lane.callerSends(invite(FILLER));

            assertThat(lane.last()).hasToString("INVITE to d1");
            assertThat(lane.last().socket()).isSameAs(MAIN);
        }
    }

    @Test
    void aBlacklistOfAnotherPortDoesNotConcernTheTcpAddress() {
        LaneFixture lane = LaneFixture.stateful(
                "relay.udp-mtu = 1300",
                "blacklists { gateways = \"7\" }",
                "relay-defaults { blacklist = [gateways], failover = \"486\" }");
        lane.set(7, "sip:10.0.0.1:5070;transport=tcp");

        lane.callerSends(invite(FILLER));

        assertThat(lane.last().socket()).isSameAs(STREAM);
    }
}
