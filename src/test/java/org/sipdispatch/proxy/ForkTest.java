package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.limits.CallLimits;
import org.sipdispatch.observation.Limit;

/** Parallel forking: {@code alg = parallel} (RFC 3261 sections 16.6 and 16.7). */
class ForkTest {
    private static final String RULE = "rules = [ { select { set = 1, alg = parallel } } ]";
    private static final String[] SIX =
            IntStream.rangeClosed(1, 6).mapToObj(i -> "sip:10.0.0." + i).toArray(String[]::new);

    private LaneFixture fixture = fixture();

    private static LaneFixture fixture(String... settings) {
        return LaneFixture.stateful(RULE + "\n" + String.join("\n", settings)).set(1, SIX);
    }

    private static LaneFixture ofRule(String rule) {
        return LaneFixture.stateful("rules = [ { " + rule + " } ]").set(1, SIX);
    }

    private void answers(int destination, int code, String... headers) {
        fixture.answers(fixture.firstTo("d" + destination), code, headers);
    }

    private void calls() {
        fixture.callerSends(invite());
        fixture.sent();
    }

    private int used(int destination) {
        return fixture.limits.all().stream()
                .filter(one -> one.name().equals("default:1:sip:10.0.0." + destination))
                .mapToInt(CallLimits::used)
                .sum();
    }

    @Test
    void allDestinationsGetTheCallAtOnce() {
        fixture.callerSends(invite());

        assertThat(fixture.sent())
                .containsExactly(
                        "100 to caller",
                        "INVITE to d1",
                        "INVITE to d2",
                        "INVITE to d3",
                        "INVITE to d4",
                        "INVITE to d5",
                        "INVITE to d6");
        assertThat(IntStream.rangeClosed(1, 6)
                        .mapToObj(i -> fixture.firstTo("d" + i).line("Via")))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatRingsIsReportedAndTheFirst200CancelsTheOthers() {
        calls();
        answers(1, 180);
        answers(2, 183);
        answers(3, 100);
        answers(4, 486);

        answers(2, 200);

        assertThat(fixture.sent())
                .containsExactly(
                        "180 to caller", "183 to caller", "ACK to d4", "200 to caller", "CANCEL to d1", "CANCEL to d3");
        answers(5, 180);
        assertThat(fixture.sent()).containsExactly("CANCEL to d5");
        answers(1, 487);
        answers(5, 487);
        assertThat(fixture.sent()).containsExactly("ACK to d1", "ACK to d5");
    }

    @Test
    void a200ThatWasFasterThanItsCancelReachesTheCallerToo() {
        calls();
        answers(1, 180);
        answers(2, 200);
        fixture.sent();

        answers(1, 200);

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    @Test
    void theCallerGetsTheBestFailureWhenAllHaveFailed() {
        calls();
        answers(1, 503);
        answers(2, 500);
        answers(3, 404);
        answers(4, 302);
        answers(5, 484);
        assertThat(fixture.sent()).allMatch(sent -> sent.startsWith("ACK"));

        answers(6, 408);

        assertThat(fixture.sent()).containsExactly("ACK to d6", "302 to caller");
    }

    @Test
    void a6xxCancelsTheOthersAndIsTheAnswerEvenIfSomebodyIsHelpful() {
        calls();
        answers(1, 180);
        answers(2, 401);
        answers(3, 603);
        assertThat(fixture.sent()).containsExactly("180 to caller", "ACK to d2", "ACK to d3", "CANCEL to d1");

        answers(1, 487);
        assertThat(fixture.sent()).containsExactly("ACK to d1");
        fixture.passes(5_020);

        assertThat(fixture.sent()).endsWith("603 to caller");
    }

    @Test
    void challengesOfAllDestinationsAreCombined() {
        calls();
        answers(1, 401, "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\"");
        answers(2, 407, "Proxy-Authenticate: Digest realm=\"b\", nonce=\"2\"");
        answers(3, 486);
        answers(4, 401, "WWW-Authenticate: Digest realm=\"c\", nonce=\"3\"");
        answers(5, 404);
        answers(6, 500);

        LaneFixture.Sent challenge = fixture.last();
        assertThat(challenge).hasToString("401 to caller");
        assertThat(challenge.lines("WWW-Authenticate")).hasSize(2);
        assertThat(challenge.lines("Proxy-Authenticate")).hasSize(1);
    }

    @Test
    void theCallersCancelReachesAllThatRing() {
        calls();
        answers(1, 180);
        answers(2, 100);
        answers(3, 486);
        fixture.sent();

        fixture.callerSends(request("CANCEL"));
        assertThat(fixture.sent()).containsExactly("200 to caller", "CANCEL to d1", "CANCEL to d2");
        answers(4, 180);
        assertThat(fixture.sent()).containsExactly("CANCEL to d4", "180 to caller");
        answers(1, 487);
        answers(2, 487);
        answers(4, 487);
        fixture.passes(5_020);

        assertThat(fixture.sent()).endsWith("487 to caller");
        assertThat(fixture.observations).noneMatch(one -> one.failed() > 0);
    }

    @Test
    void oneThatRingsTooLongIsCancelledAndTheOthersGoOn() {
        fixture = fixture("relay-defaults.fr_inv_timeout = 10s");
        calls();
        IntStream.rangeClosed(1, 6).forEach(i -> answers(i, 180));
        fixture.passes(5_000);
        answers(1, 180);
        fixture.sent();

        fixture.passes(5_040);
        assertThat(fixture.sent())
                .containsExactlyInAnyOrder(
                        "CANCEL to d2", "CANCEL to d3", "CANCEL to d4", "CANCEL to d5", "CANCEL to d6");
        answers(1, 200);

        assertThat(fixture.sent()).containsExactly("200 to caller");
    }

    /** A branch that has started late must not shorten the time of one that rings. */
    @Test
    void aSecondAddressIsTriedWhileAnotherDestinationRings() {
        fixture.host("gw", "10.0.0.2:5060", "10.0.0.3:5060").set(1, "sip:10.0.0.1", "sip:gw");
        calls();
        answers(1, 180);
        fixture.sent();

        assertThat(fixture.sentDuring(5_100)).contains("5000 INVITE to d3");
        answers(3, 486);
        fixture.passes(100_000);
        answers(1, 200);

        assertThat(fixture.last()).hasToString("200 to caller");
    }

    @Test
    void aMessageGoesToAllAndTheFirst200IsTheAnswer() {
        fixture.callerSends(request("MESSAGE"));
        assertThat(fixture.sent()).hasSize(6);

        answers(1, 404);
        answers(2, 200);
        answers(3, 202);
        answers(4, 500);

        assertThat(fixture.sent()).containsExactly("200 to caller");
        fixture.passes(6_000);
        assertThat(fixture.sent()).doesNotContain("404 to caller", "CANCEL to d5");
    }

    @Test
    void onlyThoseThatWereSilentHaveFailed() {
        fixture = fixture("relay.suspect-own-path = off", "relay-defaults.mark = probing");
        calls();
        answers(1, 180);
        answers(2, 486);
        answers(3, 500);
        fixture.passes(5_100);
        answers(1, 200);
        fixture.passes(1_000);

        assertThat(fixture.observations.stream()
                        .filter(one -> one.strikes() > 0)
                        .map(one -> one.destination().uri() + " " + one.code() + " " + one.silent()))
                .containsExactlyInAnyOrder(
                        "sip:10.0.0.3 500 false",
                        "sip:10.0.0.4 408 true",
                        "sip:10.0.0.5 408 true",
                        "sip:10.0.0.6 408 true");
    }

    @Test
    void thoseThatWereCancelledHaveNotFailed() {
        fixture = fixture("relay.suspect-own-path = off", "relay-defaults.mark = probing");
        calls();
        answers(1, 180);
        answers(2, 200);
        answers(1, 487);
        fixture.passes(60_000);

        assertThat(fixture.observations).noneMatch(one -> one.failed() > 0);
    }

    @Test
    void eachDestinationThatCannotBeReachedIsLeftOut() {
        fixture.refuses("10.0.0.1:5060");
        fixture.refuses("10.0.0.6:5060");
        calls();
        IntStream.rangeClosed(2, 5).forEach(i -> answers(i, 486));

        assertThat(fixture.last()).hasToString("486 to caller");
        IntStream.rangeClosed(1, 6).forEach(i -> fixture.refuses("10.0.0." + i + ":5060"));
        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc2"));
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 All Destinations Failed");
    }

    @Test
    void aCallTakesAPlaceAtEachDestinationUntilItsBranchEnds() {
        String[] limited = new String[6];
        java.util.Arrays.fill(limited, "maxcalls=1");
        fixture.attrs(1, limited);
        calls();
        assertThat(IntStream.rangeClosed(1, 6).map(this::used)).containsOnly(1);

        answers(1, 486);
        answers(2, 180);
        assertThat(used(1)).isZero();
        answers(3, 200);
        assertThat(used(2)).isEqualTo(1);
        assertThat(used(5)).isZero();
        answers(2, 487);

        assertThat(used(2)).isZero();
        assertThat(used(3)).isEqualTo(1);
        fixture.callerSends(LaneFixture.inDialog("BYE"));
        fixture.passes(60_000);
        assertThat(used(3)).isZero();
    }

    @Test
    void aFullDestinationIsLeftOutAndIfAllAreFullTheCallerIsTold() {
        fixture.attrs(1, "maxcalls=1", "", "", "", "", "");
        calls();
        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc2").replace("c1@", "c2@"));
        assertThat(fixture.sent()).hasSize(6).doesNotContain("INVITE to d1");

        fixture.set(1, "sip:10.0.0.1", "sip:10.0.0.2").attrs(1, "maxcalls=1", "maxcalls=1");
        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc3").replace("c1@", "c3@"));
        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc4").replace("c1@", "c4@"));
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Too Many Calls");
    }

    /** Five of six destinations never answer a call because the sixth does: that is no fault of theirs. */
    @Test
    void callsThatAnotherDestinationHasAnsweredDoNotCountAsUnanswered() {
        String[] limited = new String[6];
        java.util.Arrays.fill(limited, "minasr=90");
        fixture.attrs(1, limited);
        for (int i = 0; i < 30; i++) {
            int first = fixture.sentAfter(0).size();
            String call = "n" + i;
            fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bK" + call).replace("c1@", call + "@"));
            List<LaneFixture.Sent> invites = fixture.sentAfter(first).stream()
                    .filter(one -> one.isRequest("INVITE"))
                    .toList();
            assertThat(invites).hasSize(6);
            invites.forEach(one -> fixture.answers(one, 180));
            fixture.answers(invites.get(5), 200);
            invites.subList(0, 5).forEach(one -> fixture.answers(one, 487));
        }
    }

    @Test
    void noMoreBranchesThanTheLimit() {
        fixture = fixture("relay.max-branches = 4");

        fixture.callerSends(invite());

        assertThat(fixture.sent())
                .containsExactly("100 to caller", "INVITE to d1", "INVITE to d2", "INVITE to d3", "INVITE to d4");
        assertThat(fixture.counters.limits().hits(Limit.MAX_BRANCHES)).isEqualTo(1);
    }

    @Test
    void credentialsGoToAllAndTheChallengerIsTheFirst() {
        calls();
        answers(3, 401, "WWW-Authenticate: Digest realm=\"a\", nonce=\"1\"");
        IntStream.of(1, 2, 4, 5, 6).forEach(i -> answers(i, 404));
        String opaque = fixture.last().line("WWW-Authenticate").replaceFirst(".*opaque=\"([^\"]*)\".*", "$1");
        fixture.sent();

        fixture.callerSends(invite(
                        "Authorization: Digest username=\"a\", realm=\"a\", nonce=\"1\", uri=\"sip:b\", response=\"x\", opaque=\""
                                + opaque + "\"")
                .replace("z9hG4bKc1", "z9hG4bKc2"));

        assertThat(fixture.sent())
                .hasSize(7)
                .contains("INVITE to d1", "INVITE to d6")
                .startsWith("100 to caller", "INVITE to d3");
    }

    @Test
    void theExplanationNamesAll() {
        Explanation explained = fixture.explained(invite());

        assertThat(explained.reason()).isEqualTo("at once to 6, one of them udp:10.0.0.1:5060 from socket main");
        assertThat(explained.candidates()).hasSize(6);
        assertThat(explained.sets().get(0).members().get(5).why()).isEqualTo("at the same time");
    }

    @Test
    void theExplanationEndsAtMaxBranches() {
        fixture = fixture("relay.max-branches = 4");

        Explanation explained = fixture.explained(invite());

        assertThat(explained.reason())
                .startsWith("past 2 (beyond relay.max-branches, 4 at most): at once to 4, one of them udp:10.0.0.1");
        assertThat(explained.candidates()).hasSize(4);
        assertThat(explained.sets().get(0).members().get(5).why())
                .isEqualTo("at the same time; passed over: beyond relay.max-branches, 4 at most");
    }

    @ParameterizedTest
    @ValueSource(strings = {"parallel", "12"})
    void theCommonNameAndKamailiosNumberMeanTheSame(String algorithm) {
        fixture = ofRule("select { set = 1, numbers = kamailio, alg = " + algorithm + " }");

        fixture.callerSends(invite());

        assertThat(fixture.sent()).hasSize(7);
    }

    @Test
    void failoverCodesOnlyDecideWhatIsAFailure() {
        fixture = ofRule("select { set = 1, alg = parallel, flags = F }, relay { failover = \"4xx,5xx,6xx\" }");
        calls();
        answers(1, 180);
        answers(2, 603);
        answers(3, 486);

        assertThat(fixture.sent()).containsExactly("180 to caller", "ACK to d2", "ACK to d3");
        answers(1, 200);
        assertThat(fixture.last()).hasToString("200 to caller");
    }

    /** After the node's death another one knows where the call rings; it has no transaction. */
    @Test
    void anotherNodeCancelsAllDestinations() {
        LaneFixture first = fixture.hasPeers();
        LaneFixture second = fixture();
        calls();
        answers(1, 180);
        first.passes(20);
        second.carries(first.carried);

        second.callerSends(request("CANCEL"));

        assertThat(second.sent())
                .containsExactlyInAnyOrder(
                        "CANCEL to d1", "CANCEL to d2", "CANCEL to d3", "CANCEL to d4", "CANCEL to d5", "CANCEL to d6");
        assertThat(second.firstTo("d4").line("Via"))
                .isEqualTo(first.firstTo("d4").line("Via"));
        second.answers(first.firstTo("d3"), 200);
        assertThat(second.sent()).containsExactly("200 to caller");
    }

    @Test
    void anotherNodeRepeatsTheInviteToAllDestinations() {
        LaneFixture second = fixture();
        fixture.hasPeers();
        calls();
        fixture.passes(20);
        second.carries(fixture.carried).carries(fixture.carried);

        second.callerSends(invite());

        assertThat(second.sent()).hasSize(6);
        assertThat(second.firstTo("d2").text()).isEqualTo(fixture.firstTo("d2").text());
        assertThat(second.asked).isEmpty();
    }
}
