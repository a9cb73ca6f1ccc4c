package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;
import static org.sipdispatch.proxy.LaneFixture.response;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.Flow;

/** Forwarding without transactions (RFC 3261 section 16.11). */
class StatelessTest {
    private final LaneFixture fixture = LaneFixture.stateless();

    @Test
    void anInviteIsForwardedWithoutTryingAndWithoutTransaction() {
        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("INVITE to d1");
        assertThat(fixture.transactions()).isZero();
        assertThat(fixture.sentDuring(10_000)).isEmpty();
    }

    @Test
    void theBranchIsTheSameForAllMessagesOfATransaction() {
        fixture.callerSends(invite());
        String branch = fixture.last().line("Via");

        fixture.callerSends(invite());
        assertThat(fixture.last().line("Via")).isEqualTo(branch);
        fixture.callerSends(request("CANCEL"));
        assertThat(fixture.last().line("Via")).isEqualTo(branch);
        fixture.callerSends(request("ACK").replace("To: <sip:bob@example.com>", "To: <sip:bob@example.com>;tag=d1"));
        assertThat(fixture.last().line("Via")).isEqualTo(branch);
        assertThat(fixture.sent()).containsExactly("INVITE to d1", "INVITE to d1", "CANCEL to d1", "ACK to d1");
    }

    @Test
    void theBranchIsTheSameOnAnotherNodeWithTheSameSecret() {
        LaneFixture twin = LaneFixture.stateless();

        fixture.callerSends(invite());
        twin.callerSends(request("CANCEL"));

        assertThat(twin.last().line("Via")).isEqualTo(fixture.last().line("Via"));
    }

    @Test
    void theBranchDiffersForAnotherTransaction() {
        fixture.callerSends(invite());
        String branch = fixture.last().line("Via");

        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc2"));

        assertThat(fixture.last().line("Via")).isNotEqualTo(branch);
    }

    @Test
    void theDestinationStaysWhenTheSetsAnswerChanges() {
        fixture.callerSends(invite());
        fixture.set(1, "sip:10.0.0.2");

        fixture.callerSends(invite());
        fixture.callerSends(request("CANCEL"));
        fixture.callerSends(request("ACK"));
        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc2"));

        assertThat(fixture.sent())
                .containsExactly("INVITE to d1", "INVITE to d1", "CANCEL to d1", "ACK to d1", "INVITE to d2");
    }

    @Test
    void whileTheSetIsAskedARepeatedRequestIsNotAskedForAgain() {
        fixture.setsAreSlow();
        fixture.callerSends(invite());
        fixture.callerSends(invite());

        fixture.setsAnswer();

        assertThat(fixture.asked).hasSize(1);
        assertThat(fixture.sent()).containsExactly("INVITE to d1");
    }

    @Test
    void aRefusalIsRememberedToo() {
        fixture.set(1);
        fixture.callerSends(invite());
        String tag = fixture.last().line("To");
        fixture.set(1, "sip:10.0.0.1");

        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("500 to caller", "500 to caller");
        assertThat(fixture.last().line("To")).isEqualTo(tag);
    }

    @Test
    void theNextCandidateIsTakenWhereTheFirstCannotBeSentTo() {
        fixture.refuses("10.0.0.1:5060");

        fixture.callerSends(invite());
        fixture.accepts("10.0.0.1:5060");
        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("INVITE to d2", "INVITE to d2");
    }

    @Test
    void aThousandDestinationsThatRefuseAreTriedOneByOne() {
        fixture.set(1, IntStream.range(0, 1000).mapToObj(i -> "sip:10.9.9.9").toArray(String[]::new));
        fixture.refuses("10.9.9.9:5060");

        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("500 to caller");
    }

    @Test
    void namesAreResolvedBeforeForwarding() {
        fixture.host("gw.example.net", "10.0.0.3:5060").set(1, "sip:gw.example.net");
        fixture.namesAreSlow();
        fixture.callerSends(invite());
        assertThat(fixture.sent()).isEmpty();

        fixture.namesAreFound();

        assertThat(fixture.sent()).containsExactly("INVITE to d3");
    }

    @Test
    void responsesGoTheWayTheViaBelowSays() {
        fixture.callerSends(invite());
        fixture.sent();

        fixture.destinationAnswers(180);
        fixture.destinationAnswers(200);

        assertThat(fixture.sent()).containsExactly("180 to caller", "200 to caller");
        assertThat(fixture.last().lines("Via")).hasSize(1);
    }

    @Test
    void responsesGoToReceivedAndRport() {
        fixture.callerSends(invite().replace("192.0.2.1:5060;branch", "10.99.99.99:5099;rport;branch"));
        fixture.sent();

        fixture.destinationAnswers(200);

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void viasInOneLineAreTakenApart() {
        fixture.callerSends(invite());
        LaneFixture.Sent sent = fixture.last();
        String[] vias = sent.lines("Via").toArray(String[]::new);
        String joined = response(sent.message(), 200)
                .replace(vias[0] + "\r\n" + vias[1], vias[0] + ", " + vias[1].replace("Via: ", ""));
        fixture.sent();

        fixture.arrives(joined, new Flow(MAIN, sent.to(), 0));

        assertThat(fixture.sent()).containsExactly("200 to caller");
        assertThat(fixture.last().lines("Via")).containsExactly(vias[1]);
    }

    @Test
    void aResponseWithAMadeUpBranchIsDropped() {
        fixture.callerSends(invite());
        LaneFixture.Sent sent = fixture.last();
        String via = sent.line("Via");
        String forged = via.replaceFirst("(z9hG4bKsd....).....", "$1AAAAA");
        fixture.sent();

        fixture.arrives(response(sent.message(), 200).replace(via, forged), new Flow(MAIN, sent.to(), 0));

        assertThat(fixture.sent()).isEmpty();
        assertThat(fixture.counters.get(LaneCounter.FOREIGN_RESPONSES)).isEqualTo(1);
    }

    @Test
    void aResponseWithAChangedViaBelowIsDropped() {
        fixture.callerSends(invite());
        LaneFixture.Sent sent = fixture.last();
        fixture.sent();

        fixture.arrives(
                response(sent.message(), 200).replace("192.0.2.1:5060", "192.0.2.66:5060"),
                new Flow(MAIN, sent.to(), 0));

        assertThat(fixture.sent()).isEmpty();
        assertThat(fixture.counters.get(LaneCounter.FOREIGN_RESPONSES)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "z9hG4bKsdAA, z9hG4bKsdAB", // another socket
        "';r=', ';i=64;r='", // a connection
        "'branch=z9hG4bKc1', 'branch=z9hG4bKc1;received=203.0.113.99'", // another address
        "'branch=z9hG4bKc1', 'branch=z9hG4bKc1;rport=9999'" // another port
    })
    void aResponseThatWouldGoBackAnotherWayIsDropped(String part, String forged) {
        fixture.callerSends(invite());
        LaneFixture.Sent sent = fixture.last();
        fixture.sent();

        fixture.arrives(response(sent.message(), 200).replace(part, forged), new Flow(MAIN, sent.to(), 0));

        assertThat(fixture.sent()).isEmpty();
        assertThat(fixture.counters.get(LaneCounter.FOREIGN_RESPONSES)).isEqualTo(1);
    }

    @Test
    void aResponseWithoutAViaBelowIsDropped() {
        fixture.callerSends(invite());
        LaneFixture.Sent sent = fixture.last();
        fixture.sent();

        fixture.arrives(
                response(sent.message(), 200).replace(sent.lines("Via").get(1) + "\r\n", ""),
                new Flow(MAIN, sent.to(), 0));

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void aResponseWhoseBranchIsNotOursIsDropped() {
        fixture.arrives(
                "SIP/2.0 200 OK\r\n"
                        + request("INVITE").substring(request("INVITE").indexOf("Via:")),
                new Flow(MAIN, address("10.0.0.1:5060"), 0));

        assertThat(fixture.sent()).isEmpty();
        assertThat(fixture.counters.get(LaneCounter.FOREIGN_RESPONSES)).isEqualTo(1);
    }

    @Test
    void theConnectionIsRememberedInTheVia() {
        fixture.callerSendsOnStream(invite().replace("/UDP", "/TCP"), 0x2a);
        assertThat(fixture.last().line("Via")).contains(";i=42;");

        fixture.destinationAnswers(200);

        assertThat(fixture.last().connection()).isEqualTo(0x2a);
        assertThat(fixture.last().socket()).isSameAs(STREAM);
    }

    @Test
    void aRequestOfADialogWithoutRouteGoesToTheDestinationThatTookIt() {
        fixture.callerSends(invite());
        fixture.set(1, "sip:10.0.0.2");

        fixture.callerSends(inDialog("BYE"));

        assertThat(fixture.sent()).containsExactly("INVITE to d1", "BYE to d1");
    }
}
