package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.ack;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.Flow;

/** Requests that are refused by the checks (RFC 3261 section 16.3), and requests for this proxy itself. */
class ChecksTest {
    private final LaneFixture fixture = LaneFixture.stateful();

    @Test
    void maxForwardsIsCountedDown() {
        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.last().lines("Max-Forwards")).containsExactly("Max-Forwards: 69");
    }

    @Test
    void maxForwardsIsInsertedWhereItIsAbsent() {
        fixture.callerSends(request("MESSAGE").replace("Max-Forwards: 70\r\n", ""));

        assertThat(fixture.last().lines("Max-Forwards")).containsExactly("Max-Forwards: 70");
    }

    @Test
    void maxForwardsZeroIsTooManyHops() {
        fixture.callerSends(request("MESSAGE").replace("Max-Forwards: 70", "Max-Forwards: 0"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 483 Too Many Hops");
    }

    @Test
    void anAckWithMaxForwardsZeroIsDropped() {
        fixture.callerSends(request("ACK").replace("Max-Forwards: 70", "Max-Forwards: 0"));

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void proxyRequireIsRefusedWithAllItsNames() {
        fixture.callerSends(request("MESSAGE", "Proxy-Require: foo, bar", "Proxy-Require: baz"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 420 Bad Extension");
        assertThat(fixture.last().lines("Unsupported")).containsExactly("Unsupported: foo, bar", "Unsupported: baz");
    }

    @Test
    void requireIsTheDestinationsMatter() {
        fixture.callerSends(request("MESSAGE", "Require: foo"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1");
    }

    @Test
    void proxyRequireInACancelIsIgnored() {
        fixture.callerSends(request("CANCEL", "Proxy-Require: foo"));

        assertThat(fixture.sent()).containsExactly("CANCEL to d1");
    }

    @Test
    void anotherSchemeIsRefused() {
        fixture.callerSends(request("MESSAGE").replace("sip:bob@example.com SIP", "http:bob@example.com SIP"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 416 Unsupported URI Scheme");
    }

    @Test
    void aSipsUriIsDispatchedWithoutTls() {
        fixture.callerSends(request("MESSAGE").replace("sip:bob@example.com SIP", "sips:bob@example.com SIP"));

        assertThat(fixture.last().startLine()).isEqualTo("MESSAGE sips:bob@example.com SIP/2.0");
    }

    @Test
    void aTelephoneNumberIsDispatched() {
        fixture.callerSends(request("MESSAGE").replace("sip:bob@example.com SIP", "tel:+49301234 SIP"));

        assertThat(fixture.last().startLine()).isEqualTo("MESSAGE tel:+49301234 SIP/2.0");
    }

    @Test
    void aRequestThatComesBackUnchangedIsALoop() {
        fixture.callerSends(request("MESSAGE"));
        String forwarded = fixture.last().text();
        fixture.sent();

        fixture.arrives(forwarded, new Flow(LaneFixture.MAIN, LaneFixture.address("10.0.0.1:5060"), 0));

        assertThat(fixture.sent()).containsExactly("482 to d1");
        assertThat(fixture.counters.get(LaneCounter.LOOPS)).isEqualTo(1);
    }

    @Test
    void aLoopIsSeenBehindOtherVias() {
        fixture.callerSends(request("MESSAGE"));
        String forwarded = fixture.last()
                .text()
                .replaceFirst(
                        "Via:", "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx,SIP/2.0/UDP h;branch=z9hG4bKy\r\nVia:");
        fixture.sent();

        fixture.arrives(forwarded, new Flow(LaneFixture.MAIN, LaneFixture.address("10.0.0.1:5060"), 0));

        assertThat(fixture.sent()).containsExactly("482 to d1");
    }

    @Test
    void aRequestThatComesBackForAnotherUriIsASpiral() {
        fixture.callerSends(request("MESSAGE"));
        String forwarded = fixture.last()
                .text()
                .replace("MESSAGE sip:bob@", "MESSAGE sip:carol@")
                .replaceFirst("Via:", "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKx\r\nVia:");
        fixture.sent();

        fixture.arrives(forwarded, new Flow(LaneFixture.MAIN, LaneFixture.address("10.0.0.1:5060"), 0));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1");
    }

    @Test
    void aMalformedViaFurtherDownIsRefused() {
        fixture.callerSends(request("MESSAGE", "Via: nonsense"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 400 Bad Via");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sip:192.0.2.10", "sip:192.0.2.10:5060", "sip:sip.example.net", "sip:192.0.2.10;transport=tcp"})
    void optionsToThisProxyAreAnsweredHere(String uri) {
        fixture.callerSends(request("OPTIONS").replace("OPTIONS sip:bob@example.com", "OPTIONS " + uri));

        assertThat(fixture.sent()).containsExactly("200 to caller");
        assertThat(fixture.last().line("Accept")).isEqualTo("Accept: */*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip:bob@192.0.2.10", "sip:192.0.2.10:5070", "sip:example.net"})
    void optionsToAnyoneElseAreDispatched(String uri) {
        fixture.callerSends(request("OPTIONS").replace("OPTIONS sip:bob@example.com", "OPTIONS " + uri));

        assertThat(fixture.sent()).containsExactly("OPTIONS to d1");
    }

    @Test
    void aRequestThatNoRuleIsForIsAnsweredAsConfigured() {
        LaneFixture strict = LaneFixture.stateful("rules = [ { when.method = BYE, select.set = 1 } ]");

        strict.callerSends(request("MESSAGE"));

        assertThat(strict.last().startLine()).isEqualTo("SIP/2.0 404 No Rule For This Request");
    }

    @Test
    void aRuleMayAnswerItself() {
        LaneFixture closed = LaneFixture.stateful("rules = [ { reply { code = 603, reason = \"Go Away\" } } ]");

        closed.callerSends(request("MESSAGE"));

        assertThat(closed.last().startLine()).isEqualTo("SIP/2.0 603 Go Away");
    }

    @Test
    void aMethodThatARuleRefusesIsAnsweredWithTheOthers() {
        LaneFixture closed =
                LaneFixture.stateful("rules = [ { when.method = MESSAGE, reply.code = 405 }, { select.set = 1 } ]");

        closed.callerSends(request("MESSAGE"));

        assertThat(closed.last().startLine()).isEqualTo("SIP/2.0 405 Method Not Allowed");
        assertThat(closed.last().line("Allow"))
                .isEqualTo("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, REGISTER, PRACK, UPDATE, INFO, SUBSCRIBE, NOTIFY,"
                        + " PUBLISH, REFER");
    }

    @Test
    void allowListsTheMethodsThatTheRulesTakeInTheSameRequest() {
        LaneFixture closed = LaneFixture.stateful("""
                rules = [
                  { when { method = "INVITE,BYE", source = "203.0.113.0/24" }, select.set = 1 }
                  { when { method = "REGISTER" }, reply.code = 403 }
                  { when { method = "INVITE,OPTIONS,FOO", source = "192.0.2.0/24" }, select.set = 1 }
                  { when { method = "INVITE,NOTIFY" }, reply.code = 405 }
                  { when { method = "NOTIFY,INFO" }, select.set = 1 }
                ]
                no-match { code = 405, reason = "No" }
                """);

        closed.callerSends(request("MESSAGE"));

        assertThat(closed.last().line("Allow")).isEqualTo("Allow: INVITE, ACK, CANCEL, OPTIONS, REGISTER, INFO");
    }

    @Test
    void rulesThatTakeNoMethodHaveAnEmptyAllow() {
        LaneFixture closed = LaneFixture.stateful("rules = [ { reply.code = 405 } ]");

        closed.callerSends(request("MESSAGE"));

        assertThat(closed.last().line("Allow").strip()).isEqualTo("Allow:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"From", "To", "Call-ID"})
    void aRequestWithoutAMandatoryHeaderIsAnsweredWithTheHeadersThatItHas(String missing) {
        fixture.callerSends(request("OPTIONS").replaceFirst("(?m)^" + missing + ": .*\r\n", ""));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 400 Missing " + missing);
        assertThat(fixture.last().lines(missing)).isEmpty();
        assertThat(fixture.last().line("CSeq")).endsWith("OPTIONS");
        assertThat(fixture.counters.get(LaneCounter.PARSE_FAILURES)).isEqualTo(1);
    }

    @Test
    void aRequestOfAnOldSenderWithoutCallIdIsAnswered() {
        fixture.callerSends(
                request("OPTIONS").replaceFirst("(?m)^Call-ID: .*\r\n", "").replaceFirst(";branch=[^;\r]*", ""));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 400 Missing Call-ID");
    }

    @Test
    void theSameRequestIsAlwaysAnsweredWithTheSameTag() {
        String refused = invite("Proxy-Require: foo");
        fixture.callerSends(refused);
        String first = fixture.last().line("To");

        fixture.callerSends(refused);

        assertThat(fixture.last().line("To")).isEqualTo(first).contains(";tag=");
    }

    @Test
    void theAckOfAnAnswerThatWasMadeHereEndsHere() {
        fixture.callerSends(invite("Proxy-Require: foo"));
        String ack = ack(fixture.last());
        fixture.sent();

        fixture.callerSends(ack);

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void theAckOfAnAnswerToAMalformedInviteEndsHere() {
        fixture.callerSends(invite().replace("Max-Forwards: 70", "Max-Forwards: many"));
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 400 Bad Max-Forwards");
        String ack = ack(fixture.last());
        fixture.sent();

        fixture.callerSends(ack);

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void theAckOfAnAnswerToATooLargeInviteEndsHere() {
        fixture.arrivesTooLarge(invite().replace("Content-Length: 0", "Content-Length: 100000"));
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 513 Message Too Large");
        String ack = ack(fixture.last());
        fixture.sent();

        fixture.callerSends(ack);

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void anAckWithAnotherTagIsForwarded() {
        fixture.callerSends(LaneFixture.inDialog("ACK").replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP"));

        assertThat(fixture.sent()).containsExactly("ACK to d1");
    }

    @Test
    void garbageIsCountedAndNotAnswered() {
        fixture.callerSends("hello\r\n\r\n");

        assertThat(fixture.sent()).isEmpty();
        assertThat(fixture.counters.get(LaneCounter.PARSE_FAILURES)).isEqualTo(1);
    }

    @Test
    void completedTransactionsAreEvictedWhenSpaceIsNeeded() {
        LaneFixture small = LaneFixture.stateful("relay.max-transactions = 100");
        for (int i = 0; i < 100; i++) {
            small.callerSends(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKn" + i));
            if (i < 15) {
                small.destinationAnswers(200);
            }
        }
        small.sent();

        small.callerSends(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKn100"));
        small.callerSends(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKn101"));
        assertThat(small.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d1");

        small.callerSends(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKn102"));
        assertThat(small.sent()).containsExactly("503 to caller");
        assertThat(small.last().line("Retry-After")).isEqualTo("Retry-After: 10");
        assertThat(small.transactions()).isEqualTo(100);
    }

    @Test
    void largeRequestsUseMoreOfTheQuota() {
        LaneFixture small = LaneFixture.stateful("relay.transaction-memory = 1MiB");
        String body = "x".repeat(62_000);
        for (int i = 0; i < 8; i++) {
            small.callerSends(request("MESSAGE")
                    .replace("z9hG4bKc1", "z9hG4bKn" + i)
                    .replace("Content-Length: 0\r\n\r\n", "Content-Length: 62000\r\n\r\n" + body));
        }
        small.sent();

        small.callerSends(request("MESSAGE")
                .replace("z9hG4bKc1", "z9hG4bKn9")
                .replace("Content-Length: 0\r\n\r\n", "Content-Length: 62000\r\n\r\n" + body));

        assertThat(small.sent()).containsExactly("503 to caller");
    }

    @Test
    void aTransactionThatWasLetGoStopsItsTimers() {
        LaneFixture small = LaneFixture.stateful("relay.max-transactions = 100").set(1, "sip:10.0.0.1");
        small.callerSends(invite());
        small.destinationAnswers(486);
        for (int i = 0; i < 100; i++) {
            small.callerSends(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKn" + i));
            small.destinationAnswers(200);
        }

        assertThat(small.sentDuring(4_980)).doesNotContain("500 486 to caller");
    }

    @Test
    void anInviteWithAsManyHeaderLinesAsMayBeCanBeCancelledAndEnds() {
        String many = "a:b\r\n".repeat(993).strip();
        LaneFixture one = LaneFixture.stateful().set(1, "sip:10.0.0.1");
        one.callerSends(invite(many));
        one.destinationAnswers(180);
        one.sent();

        one.callerSends(request("CANCEL"));

        assertThat(one.sent()).contains("CANCEL to d1");
        one.destinationAnswers(486);
        assertThat(one.sent()).contains("ACK to d1");
    }

    @Test
    void aTransactionEndsByItselfWhateverHappens() {
        LaneFixture slow = LaneFixture.stateful().set(1, "sip:10.0.0.1");
        slow.setsAreSlow();
        slow.callerSends(invite());

        slow.passes(40_000);

        assertThat(slow.transactions()).isZero();
        assertThat(slow.sent()).contains("408 to caller");
    }

    @Test
    void optionsToUsAreAnsweredWithoutHopsLeft() {
        fixture.callerSends(request("OPTIONS")
                .replace("sip:bob@example.com SIP", "sip:192.0.2.10 SIP")
                .replace("Max-Forwards: 70", "Max-Forwards: 0"));

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void optionsToUsDoNotFollowARouteWithoutHopsLeft() {
        fixture.callerSends(LaneFixture.invite());
        fixture.destinationAnswers(200);
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route", "Route");

        fixture.callerSends(LaneFixture.inDialog("OPTIONS", route)
                .replace("sip:bob@example.com SIP", "sip:192.0.2.10 SIP")
                .replace("Max-Forwards: 70", "Max-Forwards: 0"));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 483 Too Many Hops");
    }

    @Test
    void anotherNodeWithTheSameSecretIsNoLoop() {
        fixture.callerSends(request("MESSAGE"));
        String ours = fixture.last().text();

        fixture.callerSends(ours.replace("UDP 192.0.2.10:5060", "UDP 192.0.2.20:5060"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1", "MESSAGE to d1");
    }
}
