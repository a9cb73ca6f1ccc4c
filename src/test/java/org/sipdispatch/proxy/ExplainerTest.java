package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipdispatch.proxy.LaneFixture.ack;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.proxy.Explanation.OfMember;
import org.sipdispatch.proxy.Explanation.OfSet;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.transaction.Flow;

/** Explanations: where a request would go, and why. */
class ExplainerTest {
    private static final String TURNS =
            "by the current position of this lane's round robin; another request of this lane to this set"
                    + " advances it";

    private final LaneFixture fixture = LaneFixture.stateful();

    private static LaneFixture ruled(String select) {
        return LaneFixture.stateful("rules = [ { select { " + select + " } } ]");
    }

    private static OfSet only(Explanation explanation) {
        assertThat(explanation.sets()).hasSize(1);
        return explanation.sets().get(0);
    }

    @Test
    void aDispatchedRequestIsReportedWithRuleModeAndCandidates() {
        Explanation explained = fixture.explained(invite());

        assertThat(explained.outcome()).isEqualTo("dispatch");
        assertThat(explained.rule()).isEqualTo("rules[0]");
        assertThat(explained.mode()).isEqualTo("stateful");
        assertThat(explained.replyCode()).isZero();
        assertThat(explained.replyReason()).isNull();
        assertThat(explained.candidates())
                .extracting(Destination::uri)
                .containsExactlyInAnyOrder("sip:10.0.0.1", "sip:10.0.0.2", "sip:10.0.0.3");
        String first = explained.candidates().get(0).uri().replace("sip:", "");
        assertThat(explained.reason()).isEqualTo("first to udp:" + first + ":5060 from socket main");
    }

    @Test
    void aSetIsReportedWithWhatWasHashed() {
        OfSet explained =
                only(ruled("set = 1, alg = 1, flags = \"FU\", max_results = 2").explained(invite()));

        assertThat(explained.set()).hasToString("default:1");
        assertThat(explained.algorithm()).isEqualTo("1");
        assertThat(explained.algorithmName()).isEqualTo("from-uri");
        assertThat(explained.flags()).isEqualTo("FUM2");
        assertThat(explained.key()).isEqualTo("alice");
        assertThat(explained.hash()).isEqualTo(1834153949L);
        assertThat(explained.note()).isEmpty();
        assertThat(explained.candidates()).containsExactly(2, 0);
        assertThat(explained.members()).extracting(OfMember::rank).containsExactly(2, 0, 1);
        assertThat(explained.members()).extracting(OfMember::usable).containsOnly(true);
        assertThat(explained.members())
                .extracting(OfMember::why)
                .containsExactly(
                        "next one in the ring",
                        "beyond max_results or flag M: 2 at most",
                        "first: hash 1834153949 mod 3 (sum of weights) = 2");
    }

    @ParameterizedTest
    @CsvSource({
        "0, c1@192.0.2.1",
        "1, aliceexample.com",
        "2, bobexample.com",
        "3, bobexample.com",
        "rendezvous, c1@192.0.2.1",
        "7, x-alice",
    })
    void theTextThatWasHashedIsReported(String algorithm, String key) {
        String pvar = algorithm.equals("7") ? ", hash_pvar = \"x-$fU\"" : "";

        OfSet explained = only(ruled("set = 1, alg = " + algorithm + pvar).explained(invite()));

        assertThat(explained.key()).isEqualTo(key);
        assertThat(explained.hash()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "8", "smooth-round-robin", "6"})
    void whatHashesNothingHasNoKey(String algorithm) {
        OfSet explained = only(ruled("set = 1, alg = " + algorithm).explained(invite()));

        assertThat(explained.key()).isNull();
        assertThat(explained.algorithm()).isEqualTo(algorithm);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "smooth-round-robin"})
    void aRoundRobinIsReportedAsItStandsNow(String algorithm) {
        assertThat(only(ruled("set = 1, alg = " + algorithm).explained(invite()))
                        .note())
                .isEqualTo(TURNS);
    }

    @Test
    void eachRandomRequestDrawsAnew() {
        OfSet explained = only(ruled("set = 1, alg = 6").explained(invite()));

        assertThat(explained.note()).isEqualTo("one random draw; each request draws again");
        assertThat(explained.members())
                .extracting(OfMember::why)
                .anyMatch(why -> why.startsWith("first: random number "));
    }

    @Test
    void withoutCredentialsTheRoundRobinStandsIn() {
        OfSet explained = only(ruled("set = 1, alg = 5").explained(invite()));

        assertThat(explained.note()).isEqualTo("no credentials: round robin instead; " + TURNS);
        assertThat(explained.algorithm()).isEqualTo("5");
        assertThat(explained.key()).isNull();
        assertThat(explained.hash()).isZero();
        assertThat(explained.members().get(0).why())
                .isEqualTo("first: round robin is at this destination, 0 of 1 taken");
    }

    @Test
    void anEmptyHashTextSelectsNothing() {
        Explanation explained = ruled("set = 1, alg = 7, hash_pvar = \" \"").explained(invite());

        assertThat(only(explained).note()).isEqualTo("hash_pvar is empty: nothing is selected");
        assertThat(only(explained).members()).extracting(OfMember::why).containsOnly("the set is not queried");
        assertThat(explained.replyCode()).isEqualTo(500);
    }

    @Test
    void flagSAndARouteSelectNothing() {
        LaneFixture dispatching = LaneFixture.stateful(
                "relay.preloaded-route = dispatch", "rules = [ { select { set = 1, flags = S } } ]");

        Explanation explained = dispatching.explained(invite("Route: <sip:10.9.9.9;lr>"));

        assertThat(only(explained).note()).isEqualTo("flag S is set and the request has a Route: nothing is selected");
        assertThat(explained.outcome()).isEqualTo("reply");
    }

    @Test
    void aSetThatIsNotThereIsReported() {
        Explanation explained = ruled("set = \"9,1\", flags = F").explained(invite());

        assertThat(explained.sets()).extracting(OfSet::note).containsExactly("there is no such set", "");
        assertThat(explained.sets().get(0).members()).isEmpty();
        assertThat(explained.candidates()).hasSize(3);
        assertThat(explained.outcome()).isEqualTo("dispatch");
    }

    @Test
    void aSetThatIsNamedTwiceMovesInBetween() {
        Explanation explained = ruled("set = \"1,1\", alg = 4").explained(invite());

        assertThat(explained.sets()).extracting(OfSet::candidates).containsExactly(List.of(1), List.of(0));
        assertThat(explained.candidates()).extracting(Destination::uri).containsExactly("sip:10.0.0.2");
    }

    @Test
    void anEmptySetIsAnsweredAsTheRuleSays() {
        LaneFixture empty =
                ruled("set = 1, unusable { code = 480, reason = Away }").set(1);

        Explanation explained = empty.explained(invite());

        assertThat(explained.outcome()).isEqualTo("reply");
        assertThat(explained.replyCode()).isEqualTo(480);
        assertThat(explained.replyReason()).isEqualTo("Away");
        assertThat(explained.reason()).isEqualTo("no destination is usable");
        assertThat(explained.sets()).hasSize(1);
    }

    @Test
    void variablesThatMakeNoSenseAreReported() {
        Explanation explained = ruled("set = \"$hdr(X-Set)\"").explained(invite());

        assertThat(explained.replyCode()).isEqualTo(500);
        assertThat(explained.rule()).isEqualTo("rules[0]");
        assertThat(explained.reason()).startsWith("rules[0].select.set: <null> (expected: ");
        assertThat(explained.sets()).isEmpty();
    }

    @Test
    void theSourceDecidesTheRule() {
        LaneFixture two = LaneFixture.stateful("rules = ["
                + "{ when.source = \"203.0.113.0/24\", reply { code = 403, reason = \"Not You\" } },"
                + "{ when.socket = other, select { set = 1, alg = 8 }, relay.mode = stateless } ]");

        Explanation refused = two.explained(invite(), new Flow(LaneFixture.MAIN, address("203.0.113.5:5060"), 0));
        Explanation carried = two.explained(invite(), new Flow(LaneFixture.OTHER, address("192.0.2.1:5060"), 0));
        Explanation none = two.explained(invite());

        assertThat(refused.rule()).isEqualTo("rules[0]");
        assertThat(refused.replyCode()).isEqualTo(403);
        assertThat(refused.reason()).isEqualTo("the rule has a reply");
        assertThat(carried.rule()).isEqualTo("rules[1]");
        assertThat(carried.mode()).isEqualTo("stateless");
        assertThat(carried.reason()).isEqualTo("first to udp:10.0.0.1:5060 from socket other");
        assertThat(none.rule()).isNull();
        assertThat(none.reason()).isEqualTo("no rule matched");
        assertThat(none.replyCode()).isEqualTo(404);
    }

    @Test
    void aRedirectIsAnsweredWithTheCandidates() {
        Explanation explained =
                LaneFixture.stateful("relay-defaults.mode = redirect").explained(invite());

        assertThat(explained.outcome()).isEqualTo("dispatch");
        assertThat(explained.mode()).isEqualTo("redirect");
        assertThat(explained.replyCode()).isEqualTo(302);
        assertThat(explained.candidates()).hasSize(3);
    }

    @Test
    void aCandidateWithoutAnAddressIsPassed() {
        LaneFixture priority = ruled("set = 1, alg = 8, flags = F");
        priority.set(1, "sip:nowhere.example.net", "sip:[2001:db8::1]", "sip:10.0.0.3");

        assertThat(priority.explained(invite()).reason())
                .isEqualTo("first to udp:10.0.0.3:5060 from socket main, since no socket of this node reaches an"
                        + " allowed address of the 2 candidates before");
    }

    @Test
    void namesThatAreFoundLaterAreWaitedFor() {
        LaneFixture slow = ruled("set = 1, alg = 8").set(1, "sip:d.example.net").host("d.example.net", "10.0.0.9:5060");
        slow.namesAreSlow();

        List<Explanation> explained = slow.beginsToExplain(invite());
        assertThat(explained).isEmpty();
        slow.namesAreFound();

        assertThat(explained.get(0).reason()).isEqualTo("first to udp:10.0.0.9:5060 from socket main");
    }

    @Test
    void bytesThatAreNoRequestAreABadSetting() {
        assertThatThrownBy(() -> fixture.explained("hello"))
                .isInstanceOf(SettingException.class)
                .hasMessage("message: no start line (expected: a whole SIP request, with the empty line after its"
                        + " header fields)");
        assertThatThrownBy(() ->
                        fixture.explained(invite().replace("INVITE sip:bob@example.com SIP/2.0", "SIP/2.0 200 OK")))
                .hasMessageStartingWith("message: a response (expected: ");
    }

    @Test
    void aRequestThatFollowsItsRouteIsReportedWhereTo() {
        fixture.callerSends(invite());
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route", "Route");
        String bye = inDialog("BYE", route).replace("BYE sip:bob@example.com", "BYE sip:bob@10.0.0.7:5070");

        Explanation explained = fixture.explained(bye);

        assertThat(explained.outcome()).isEqualTo("follow");
        assertThat(explained.reason())
                .isEqualTo("its Request-URI after our Route, sip:bob@10.0.0.7:5070: to udp:10.0.0.7:5070 from socket"
                        + " main");
        assertThat(explained.replyCode()).isZero();
    }

    @Test
    void aRequestOfARememberedDialogIsReportedWhereTo() {
        fixture.callerSends(invite());
        String taken = fixture.last().toString().replaceFirst(".* to d", "10.0.0.");
        fixture.destinationAnswers(200);

        Explanation explained = fixture.explained(inDialog("BYE"));

        assertThat(explained.outcome()).isEqualTo("follow");
        assertThat(explained.reason())
                .isEqualTo("its dialog is remembered: to udp:" + taken + ":5060 from socket main");
    }

    @Test
    void aRepetitionIsReportedAsSuchAndWhatANewOneWouldBe() {
        fixture.callerSends(invite());

        Explanation explained = fixture.explained(invite());

        assertThat(explained.outcome()).isEqualTo("dispatch");
        assertThat(explained.reason())
                .startsWith("an identical request is a retransmission of one that this node remembers");
        assertThat(explained.candidates()).hasSize(3);
    }

    @Test
    void cancelAndAckOfAKnownTransactionAreExplained() {
        fixture.callerSends(invite());
        assertThat(fixture.explained(request("CANCEL")).outcome()).isEqualTo("follow");

        fixture.destinationAnswers(486);

        Explanation explained = fixture.explained(ack(fixture.lastTo("caller")));
        assertThat(explained.outcome()).isEqualTo("own");
        assertThat(explained.reason()).isEqualTo("it acknowledges a response of this node and is not forwarded");
    }

    @Test
    void theAckOfAStatelessInviteGoesAlong() {
        LaneFixture stateless = LaneFixture.stateless();
        stateless.callerSends(invite());

        Explanation explained = stateless.explained(request("CANCEL"));

        assertThat(explained.reason())
                .isEqualTo("it goes to the same next hop as its INVITE, or gets the same response");
    }

    @Test
    void aLostCancelIsCarriedWithoutMemory() {
        assertThat(fixture.explained(request("CANCEL")).mode()).isEqualTo("stateless");
    }

    @Test
    void anAckIsNeverAnswered() {
        Explanation explained = LaneFixture.stateful("rules = [ { reply { code = 403, reason = No } } ]")
                .explained(request("ACK"));

        assertThat(explained.reason()).isEqualTo("the rule has a reply; an ACK is never answered");
    }

    @Test
    void aNodeWithoutRoomRefuses() {
        LaneFixture small = LaneFixture.stateful("relay.max-transactions = 100");
        for (int i = 0; i < 100; i++) {
            small.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKn" + i));
        }

        Explanation explained = small.explained(invite().replace("z9hG4bKc1", "z9hG4bKc2"));

        assertThat(explained.replyCode()).isEqualTo(503);
        assertThat(explained.reason()).isEqualTo("its source address has reached its share of the transactions");
    }

    @Test
    void nothingIsSentRememberedOrCounted() {
        for (String mode : List.of("stateful", "stateless", "redirect")) {
            LaneFixture one = LaneFixture.stateful("relay-defaults.mode = " + mode);
            one.hasPeers();

            for (int i = 0; i < 20; i++) {
                one.explained(invite());
                one.explained(request("OPTIONS").replace("sip:bob@example.com SIP", "sip:192.0.2.10 SIP"));
                one.explained(invite().replace("Max-Forwards: 70", "Max-Forwards: 0"));
            }
            one.passes(1000);

            assertThat(one.sent()).isEmpty();
            assertThat(one.asked).isEmpty();
            assertThat(one.watched).isEmpty();
            assertThat(one.carried).isEmpty();
            assertThat(one.transactions()).isZero();
            assertThat(one.counters.pending()).isZero();
            assertThat(Arrays.stream(LaneCounter.values()).mapToLong(one.counters::get))
                    .containsOnly(0L);
        }
    }
}
