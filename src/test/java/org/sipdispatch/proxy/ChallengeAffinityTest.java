package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.observation.LaneCounter;

/** Credentials go to the destination that sent the challenge. */
class ChallengeAffinityTest {
    private static final Pattern OPAQUE = Pattern.compile("opaque=\"([^\"]*)\"");
    private static final String CHALLENGE = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"";
    private static final String WITH_OPAQUE = CHALLENGE + ", opaque=\"o1\", qop=\"auth\"";

    private final LaneFixture fixture = LaneFixture.stateful();

    /** The second destination challenges the request, because the first one is overloaded. */
    private static String challengedBySecond(LaneFixture lane, String method, String challenge) {
        lane.callerSends(request(method));
        lane.destinationAnswers(503);
        lane.destinationAnswers(401, challenge);
        LaneFixture.Sent response = lane.lastTo("caller");
        assertThat(response.startLine()).startsWith("SIP/2.0 401");
        lane.sent();
        return response.line("WWW-Authenticate");
    }

    private static String opaque(String challenge) {
        Matcher found = OPAQUE.matcher(challenge);
        assertThat(found.find()).as(challenge).isTrue();
        return found.group(1);
    }

    private static String again(String method, String opaque) {
        String authorization =
                "Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"sip:r\", opaque=\"" + opaque
                        + "\", response=\"d\"";
        return request(method, authorization).replace("z9hG4bKc1", "z9hG4bKc2").replace("CSeq: 1", "CSeq: 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"REGISTER", "INVITE"})
    void credentialsGoToTheChallengerFirstAndThenToTheOthers(String method) {
        String opaque = opaque(challengedBySecond(fixture, method, WITH_OPAQUE));

        fixture.callerSends(again(method, opaque));
        fixture.destinationAnswers(503);
        fixture.destinationAnswers(503);

        List<String> requests =
                fixture.sent().stream().filter(one -> one.startsWith(method)).toList();
        assertThat(requests.get(0)).isEqualTo(method + " to d2");
        assertThat(requests).containsExactlyInAnyOrder(method + " to d1", method + " to d2", method + " to d3");
        assertThat(fixture.counters.get(LaneCounter.TO_CHALLENGERS)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CHALLENGE + ", Digest realm=\"r\", nonce=\"n2\", opaque=\"o2\"",
                WITH_OPAQUE + ", Digest realm=\"r\", nonce=\"n2\""
            })
    void aFieldWithTwoChallengesStaysAsItIs(String challenges) {
        assertThat(challengedBySecond(fixture, "REGISTER", challenges)).isEqualTo(challenges);
    }

    @Test
    void theDestinationGetsItsOwnOpaque() {
        String opaque = opaque(challengedBySecond(fixture, "REGISTER", WITH_OPAQUE));
        assertThat(opaque).hasSize(17).endsWith("o1");

        fixture.callerSends(again("REGISTER", opaque));

        assertThat(fixture.last().line("Authorization"))
                .isEqualTo("Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"sip:r\","
                        + " opaque=\"o1\", response=\"d\"");
    }

    @Test
    void aDestinationWithoutOpaqueGetsNone() {
        String challenge = challengedBySecond(fixture, "REGISTER", CHALLENGE);
        assertThat(challenge).startsWith(CHALLENGE + ", opaque=\"");

        fixture.callerSends(again("REGISTER", opaque(challenge)));

        assertThat(fixture.sent()).containsExactly("REGISTER to d2");
        assertThat(fixture.last().line("Authorization"))
                .isEqualTo("Authorization: Digest username=\"alice\", realm=\"r\", nonce=\"n\", uri=\"sip:r\","
                        + " response=\"d\"");
    }

    @Test
    void anEmptyOpaqueStaysEmpty() {
        String challenge = challengedBySecond(fixture, "REGISTER", CHALLENGE + ",opaque=\"\"");

        fixture.callerSends(again("REGISTER", opaque(challenge)));

        assertThat(fixture.last().line("Authorization")).contains(", opaque=\"\", response=\"d\"");
    }

    @Test
    void anotherNodeWithTheSameSecretFindsTheChallenger() {
        String opaque = opaque(challengedBySecond(fixture, "REGISTER", WITH_OPAQUE));
        LaneFixture other = LaneFixture.stateful();

        other.callerSends(again("REGISTER", opaque));

        assertThat(other.sent()).containsExactly("REGISTER to d2");
    }

    @Test
    void aNodeWithAnotherSecretLeavesTheOpaqueAlone() {
        String opaque = opaque(challengedBySecond(fixture, "REGISTER", WITH_OPAQUE));
        LaneFixture other = LaneFixture.stateful("relay.secret = \"another secret\"");

        other.callerSends(again("REGISTER", opaque));

        assertThat(other.sent()).containsExactly("REGISTER to d1");
        assertThat(other.last().line("Authorization")).contains("opaque=\"" + opaque + "\"");
    }

    @ParameterizedTest
    @CsvSource({"0, x", "1, _", "9, _", "14, _", "16, 2"})
    void aChangedTokenNamesNobody(int place, String letter) {
        String opaque = opaque(challengedBySecond(fixture, "REGISTER", WITH_OPAQUE));
        String changed = opaque.substring(0, place) + letter + opaque.substring(place + 1);

        fixture.callerSends(again("REGISTER", changed.equals(opaque) ? "" : changed));

        assertThat(fixture.sent()).containsExactly("REGISTER to d1");
        assertThat(fixture.counters.get(LaneCounter.TO_CHALLENGERS)).isZero();
    }

    @Test
    void aChallengerThatTakesNoTrafficIsNotTried() {
        String opaque = opaque(challengedBySecond(fixture, "REGISTER", WITH_OPAQUE));
        fixture.takesOut("sip:10.0.0.2");

        fixture.callerSends(again("REGISTER", opaque));

        assertThat(fixture.sent()).containsExactly("REGISTER to d1");
        assertThat(fixture.last().line("Authorization")).contains("opaque=\"o1\"");
    }

    @Test
    void aChallengerOfAnotherSetIsNotTried() {
        LaneFixture two = LaneFixture.stateful(
                "rules = [ { when { method = REGISTER }, select { set = 1, flags = F } }, { select { set = 2 } } ]");
        two.set(2, "sip:10.0.0.3");
        String opaque = opaque(challengedBySecond(two, "REGISTER", WITH_OPAQUE));

        two.callerSends(again("INVITE", opaque));

        assertThat(two.sent()).containsExactly("100 to caller", "INVITE to d3");
    }

    @Test
    void withoutFlagFOnlyTheChallengerIsTried() {
        LaneFixture single = LaneFixture.stateful("rules = [ { select { set = 1 } } ]");
        String opaque = opaque(challengedBySecond(fixture, "REGISTER", WITH_OPAQUE));

        single.callerSends(again("REGISTER", opaque));
        single.destinationAnswers(503);

        assertThat(single.sent()).containsExactly("REGISTER to d2", "500 to caller");
    }

    @Test
    void combinedChallengesNameTheirOwnDestinations() {
        LaneFixture all = LaneFixture.stateful("relay-defaults.failover = \"401\"");
        all.callerSends(request("REGISTER"));
        all.destinationAnswers(401, WITH_OPAQUE);
        all.destinationAnswers(401, CHALLENGE.replace("\"n\"", "\"n2\""));
        all.destinationAnswers(404);
        List<String> challenges = all.lastTo("caller").lines("WWW-Authenticate");
        all.sent();
        assertThat(challenges).hasSize(2);

        all.callerSends(again("REGISTER", opaque(challenges.get(1))));
        assertThat(all.sent()).containsExactly("REGISTER to d2");
        all.callerSends(again("REGISTER", opaque(challenges.get(0))).replace("z9hG4bKc2", "z9hG4bKc3"));
        assertThat(all.sent()).containsExactly("REGISTER to d1");
    }

    @Test
    void aStatelessNodeMarksChallengesToo() {
        LaneFixture stateless = LaneFixture.stateless();
        stateless.refuses("10.0.0.1:5060");
        stateless.callerSends(request("REGISTER"));
        stateless.destinationAnswers(401, WITH_OPAQUE);
        stateless.accepts("10.0.0.1:5060");
        String opaque = opaque(stateless.last().line("WWW-Authenticate"));
        stateless.sent();

        stateless.callerSends(again("REGISTER", opaque));

        assertThat(stateless.sent()).containsExactly("REGISTER to d2");
    }

    @Test
    void theAckOfACallCarriesTheOwnOpaqueToo() {
        String opaque = opaque(challengedBySecond(fixture, "INVITE", WITH_OPAQUE));
        fixture.host("example.com", "10.0.0.2:5060");
        fixture.callerSends(again("INVITE", opaque));
        String route = fixture.last().line("Record-Route").replace("Record-Route", "Route");
        fixture.destinationAnswers(200);

        fixture.callerSends(
                inDialog("ACK", route, "Authorization: Digest nonce=\"n\", opaque=\"" + opaque + "\", response=\"d\""));

        assertThat(fixture.last().isRequest("ACK")).isTrue();
        assertThat(fixture.last().line("Authorization")).contains("opaque=\"o1\"");
    }

    @Test
    void withoutChallengeAffinityChallengesStayAsTheyAre() {
        LaneFixture off = LaneFixture.stateful("relay-defaults.challenge-affinity = off");

        assertThat(challengedBySecond(off, "REGISTER", WITH_OPAQUE)).isEqualTo(WITH_OPAQUE);
        off.callerSends(again("REGISTER", opaque(challengedBySecond(fixture, "REGISTER", WITH_OPAQUE))));

        assertThat(off.sent()).containsExactly("REGISTER to d1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WWW-Authenticate: Basic realm=\"r\"",
                "WWW-Authenticate: Digest realm",
                "WWW-Authenticate: Digest"
            })
    void aChallengeThatIsNoDigestStaysAsItIs(String challenge) {
        assertThat(challengedBySecond(fixture, "REGISTER", challenge)).isEqualTo(challenge);
    }

    @Test
    void theExplanationSaysWhyTheChallengerIsFirst() {
        String opaque = opaque(challengedBySecond(fixture, "REGISTER", WITH_OPAQUE));

        Explanation explanation = fixture.explained(again("REGISTER", opaque));

        assertThat(explanation.candidates().get(0).uri()).isEqualTo("sip:10.0.0.2");
        assertThat(explanation.reason())
                .startsWith("its credentials answer a challenge of sip:10.0.0.2: first to udp:10.0.0.2:5060");
    }
}
