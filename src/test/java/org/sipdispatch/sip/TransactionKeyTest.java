package org.sipdispatch.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.sip.TestMessages.CALL_ID;
import static org.sipdispatch.sip.TestMessages.FROM;
import static org.sipdispatch.sip.TestMessages.TO;
import static org.sipdispatch.sip.TestMessages.VIA;
import static org.sipdispatch.sip.TestMessages.failure;
import static org.sipdispatch.sip.TestMessages.request;
import static org.sipdispatch.sip.TestMessages.response;
import static org.sipdispatch.sip.TestMessages.text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionKeyTest {
    private static final String OURS = "Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKsdx";
    private static final String OLD_VIA = "Via: SIP/2.0/UDP 192.0.2.1:5062";

    private final TransactionKey keys = new TransactionKey(SipHash.of("secret"));

    private static SipRequest of(String method, String via, String from, String callId, String cseq) {
        return request(text(method + " sip:bob@example.com SIP/2.0", via, from, TO, callId, "CSeq: " + cseq));
    }

    private static SipRequest of(String method, String via) {
        return of(method, via, FROM, CALL_ID, "1 " + method);
    }

    private long key(String method, String via) {
        return keys.of(of(method, via));
    }

    @ParameterizedTest
    @ValueSource(strings = {VIA, OLD_VIA, OLD_VIA + ";branch=1", OLD_VIA + ";branch=z9hG4bK"})
    void inviteItsCancelAndItsAckShareAKey(String via) {
        long invite = key("INVITE", via);

        assertThat(key("ACK", via)).isEqualTo(invite);
        assertThat(key("CANCEL", via)).isEqualTo(invite);
        assertThat(key("BYE", via)).isNotEqualTo(invite);
        assertThat(key("OPTIONS", via)).isNotEqualTo(invite).isNotEqualTo(key("BYE", via));
    }

    @Test
    void theToTagOfTheAckDoesNotMatter() {
        SipRequest ack = request(text("ACK sip:b@h SIP/2.0", VIA, FROM, TO + ";tag=b2", CALL_ID, "CSeq: 1 ACK"));

        assertThat(keys.of(ack)).isEqualTo(key("INVITE", VIA));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                VIA,
                VIA + ";rport=5062;received=192.0.2.1",
                "v: SIP/2.0/udp 192.0.2.1:5062;received=10.0.0.1;rport=9 ; branch = z9hG4bKabc",
            })
    void theReplysSecondViaGivesTheKeyOfTheRequest(String second) {
        SipResponse reply =
                response(text("SIP/2.0 180 Ringing", OURS, second, FROM, TO + ";tag=b", CALL_ID, "CSeq: 1 INVITE"));
        int header = reply.next(HeaderName.VIA, reply.first(HeaderName.VIA) + 1);
        Via below = Via.parse(reply.bytes(), reply.valueStart(header), reply.valueEnd(header));

        assertThat(keys.of(reply, below)).isEqualTo(key("INVITE", VIA));
    }

    @ParameterizedTest
    @ValueSource(strings = {VIA, OLD_VIA, OLD_VIA + ";branch=z9hG4bK"})
    void aSecondViaBehindACommaGivesTheKeyToo(String second) {
        String list = OURS + " ,\r\n " + second.substring("Via: ".length());
        SipResponse reply = response(text("SIP/2.0 200 OK", list, FROM, TO + ";tag=b", CALL_ID, "CSeq: 1 INVITE"));
        Via top = reply.topVia();
        Via below = Via.parse(reply.bytes(), top.end() + 1, reply.valueEnd(reply.first(HeaderName.VIA)));

        assertThat(keys.of(reply, below)).isEqualTo(key("INVITE", second));
    }

    @Test
    void branchAndSentByTellTransactionsApart() {
        assertThat(new long[] {
                    key("INVITE", VIA),
                    key("INVITE", VIA + "d"),
                    key("INVITE", "Via: SIP/2.0/UDP 192.0.2.1:5063;branch=z9hG4bKabc"),
                    key("INVITE", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKabc"),
                    key("INVITE", "Via: SIP/2.0/UDP 192.0.2.2:5062;branch=z9hG4bKabc"),
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void withAUniqueBranchTheRestDoesNotMatter() {
        SipRequest other = of("INVITE", VIA, "From: <sip:x@h>;tag=z", "Call-ID: other", "7 INVITE");

        assertThat(keys.of(other)).isEqualTo(key("INVITE", VIA));
    }

    @ParameterizedTest
    @ValueSource(strings = {OLD_VIA, OLD_VIA + ";branch=1", OLD_VIA + ";branch=z9hG4bK"})
    void oldSendersAreDistinguishedByCallIdNumberAndTag(String via) {
        assertThat(new long[] {
                    key("INVITE", via),
                    keys.of(of("INVITE", via, FROM, "Call-ID: other", "1 INVITE")),
                    keys.of(of("INVITE", via, FROM, CALL_ID, "2 INVITE")),
                    keys.of(of("INVITE", via, FROM, CALL_ID, "65537 INVITE")),
                    keys.of(of("INVITE", via, FROM + "x", CALL_ID, "1 INVITE")),
                    keys.of(of("INVITE", via, "From: <sip:alice@example.com>", CALL_ID, "1 INVITE")),
                })
                .doesNotHaveDuplicates();
    }

    @Test
    void refusedRequestsHaveKeysForTheirAnswers() {
        SipRequest badFrom = failure(text("OPTIONS sip:b@h SIP/2.0", OLD_VIA, "From: <", "To: <", CALL_ID, "CSeq: 1"))
                .request();
        SipRequest noMethod = failure(text("OPTIONS sip:b@h SIP/2.0", VIA, FROM, TO, CALL_ID, "CSeq: 1"))
                .request();

        assertThat(keys.of(badFrom)).isNotEqualTo(keys.of(noMethod));
        assertThat(keys.loopHash(badFrom)).isNotEqualTo(keys.loopHash(noMethod));
    }

    @Test
    void anotherSecretGivesOtherKeys() {
        TransactionKey others = new TransactionKey(SipHash.of("Secret"));

        assertThat(others.of(of("INVITE", VIA))).isNotEqualTo(key("INVITE", VIA));
        assertThat(new TransactionKey(SipHash.of("secret")).of(of("INVITE", VIA)))
                .isEqualTo(key("INVITE", VIA));
    }

    @Test
    void aLoopHasTheSameHashAndASpiralNot() {
        String start = "INVITE sip:bob@example.com SIP/2.0";
        String spiral = "INVITE sip:bob@192.0.2.8 SIP/2.0";
        String cseq = "CSeq: 1 INVITE";
        long hash = keys.loopHash(request(text(start, VIA, FROM, TO, CALL_ID, cseq)));

        assertThat(keys.loopHash(request(text(start, OURS, VIA, "Max-Forwards: 9", FROM, TO, CALL_ID, cseq))))
                .isEqualTo(hash);
        assertThat(keys.loopHash(request(text(spiral, VIA, FROM, TO, CALL_ID, cseq))))
                .isNotEqualTo(hash);
        assertThat(keys.loopHash(request(text(start, VIA, "Route: <sip:r;lr>", FROM, TO, CALL_ID, cseq))))
                .isNotEqualTo(hash);
    }

    @Test
    void anAckHasTheLoopHashOfItsInvite() {
        String start = " sip:bob@example.com SIP/2.0";
        long hash = keys.loopHash(request(text("INVITE" + start, VIA, FROM, TO, CALL_ID, "CSeq: 1 INVITE")));

        assertThat(keys.loopHash(request(text("ACK" + start, VIA, FROM, TO + ";tag=b", CALL_ID, "CSeq: 1 ACK"))))
                .isEqualTo(hash);
    }

    @Test
    void aReplyTagIsTheSameForTheSameKeyOnly() {
        assertThat(keys.replyTag(7)).isEqualTo(keys.replyTag(7)).isNotEqualTo(keys.replyTag(8));
        assertThat(keys.replyTag(1L << 60)).isNotEqualTo(keys.replyTag(0));
    }

    @Test
    void allMessagesOfACallHaveItsKey() {
        long call = keys.callKey(of("INVITE", VIA));

        assertThat(keys.callKey(of("BYE", OLD_VIA))).isEqualTo(call);
        assertThat(keys.callKey(of("BYE", VIA, FROM, "Call-ID: other", "1 BYE")))
                .isNotEqualTo(call);
    }

    private long callKey(String firstLine, String method, String from, String to) {
        String text =
                text(firstLine, VIA, "From: <sip:x@h>" + from, "To: <sip:y@h>" + to, CALL_ID, "CSeq: 1 " + method);
        return keys.callKey(firstLine.startsWith("SIP") ? response(text) : request(text));
    }

    @Test
    void aCallHasOneKeyInBothDirectionsAndEachBranchOfAForkItsOwn() {
        long answered = callKey("SIP/2.0 200 OK", "INVITE", ";tag=a", ";tag=b");

        assertThat(callKey("BYE sip:b@h SIP/2.0", "BYE", ";tag=a", ";tag=b")).isEqualTo(answered);
        assertThat(callKey("BYE sip:a@h SIP/2.0", "BYE", ";tag=b", ";tag=a")).isEqualTo(answered);
        assertThat(callKey("SIP/2.0 200 OK", "INVITE", ";tag=a", ";tag=c")).isNotEqualTo(answered);
        assertThat(callKey("SIP/2.0 200 OK", "INVITE", "", "")).isNotEqualTo(answered);
    }

    @Test
    void aSealIsBoundToTheCallIdTheTagAndTheMoment() {
        SipRequest invite = of("INVITE", VIA);
        long seal = keys.routeToken(invite, invite.from(), 1_700_000_000);

        SipRequest bye = of("BYE", OLD_VIA);
        assertThat(keys.routeToken(bye, bye.from(), 1_700_000_000)).isEqualTo(seal);
        assertThat(keys.routeToken(bye, bye.to(), 1_700_000_000)).isNotEqualTo(seal);
        assertThat(keys.routeToken(bye, bye.from(), 1_700_000_001)).isNotEqualTo(seal);
        SipRequest other = of("BYE", VIA, FROM, "Call-ID: other", "1 BYE");
        assertThat(keys.routeToken(other, other.from(), 1_700_000_000)).isNotEqualTo(seal);
    }
}
