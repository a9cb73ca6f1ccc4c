package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.transaction.SendFailure;

/** Nothing is relayed to the addresses on a rule's blacklist. */
class BlacklistedAddressesTest {
    private static final String DEFINED = """
        blacklists { gws = "2,3" }
        relay-defaults.blacklist = gws
        """;

    private final LaneFixture fixture = LaneFixture.stateful(DEFINED);

    private void sends() {
        fixture.callerSends(request("MESSAGE"));
    }

    @Test
    void aCandidateOnTheBlacklistIsPassedOverAndNotBlamed() {
        fixture.set(3, "sip:10.0.0.1");

        sends();
        fixture.passes(1_000);

        assertThat(fixture.sent()).contains("MESSAGE to d2").doesNotContain("MESSAGE to d1");
        assertThat(fixture.counters.get(SendFailure.BLACKLISTED)).isEqualTo(1);
        assertThat(fixture.observations).isEmpty();
    }

    @Test
    void theStateOfAListedDestinationDoesNotMatter() {
        fixture.set(2, "sip:user@10.0.0.1");
        fixture.takesOut("sip:user@10.0.0.1");

        sends();

        assertThat(fixture.sent()).containsExactly("MESSAGE to d2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"sip:10.0.0.1:5080", "sip:10.0.0.1;transport=tcp", "sip:10.0.0.9", "sip:unknown.example.com"})
    void anotherPortProtocolOrAddressIsNotListed(String listed) {
        fixture.set(2, listed);

        sends();

        assertThat(fixture.sent()).containsExactly("MESSAGE to d1");
    }

    @Test
    void theAddressesOfAListedNameAreListed() {
        fixture.host("gw.example.com", "10.0.0.9:5060", "10.0.0.1:5060").set(2, "sip:gw.example.com");
        fixture.passes(20);

        sends();

        assertThat(fixture.sent()).containsExactly("MESSAGE to d2");
    }

    @Test
    void theAddressesOfAListedNameStayListedWhileDnsDoesNotAnswer() {
        fixture.host("gw.example.com", "10.0.0.1:5060").set(2, "sip:gw.example.com");
        fixture.passes(20);
        fixture.hostIsNotAnswered("gw.example.com");
        fixture.passes(40_000);

        sends();

        assertThat(fixture.sent()).containsExactly("MESSAGE to d2");
    }

    @Test
    void ofACandidateWithSeveralAddressesTheOthersAreTried() {
        fixture.host("two.example.com", "10.0.0.1:5060", "10.0.0.3:5060").set(1, "sip:two.example.com");
        fixture.set(2, "sip:10.0.0.1");

        sends();

        assertThat(fixture.sent()).containsExactly("MESSAGE to d3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateful", "stateless", "redirect"})
    void ifAllCandidatesAreListedTheAnswerIs473(String mode) {
        LaneFixture all = LaneFixture.stateful(DEFINED + "relay-defaults.mode = " + mode);
        all.set(2, "sip:10.0.0.1", "sip:10.0.0.2").set(3, "sip:10.0.0.3");

        all.callerSends(request("MESSAGE"));

        assertThat(all.sent()).containsExactly("473 to caller");
        assertThat(all.last().startLine()).isEqualTo("SIP/2.0 473 Filtered Destination");
        assertThat(all.explained(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKc2"))
                        .replyCode())
                .isEqualTo(473);
    }

    @Test
    void aRedirectNamesNoneThatIsListed() {
        LaneFixture redirect = LaneFixture.stateful(DEFINED + "relay-defaults.mode = redirect");
        redirect.host("d9", "10.0.0.9:5060").set(1, "sip:10.0.0.1", "sip:10.0.0.2", "sip:d9");
        redirect.set(2, "sip:10.0.0.1", "sip:d9");

        redirect.callerSends(request("MESSAGE"));

        assertThat(redirect.last().lines("Contact"))
                .singleElement()
                .satisfies(contact -> assertThat(contact).contains("10.0.0.2").doesNotContain("10.0.0.1", "d9"));
    }

    @Test
    void aRedirectNamesNoNameWithAListedAddress() {
        LaneFixture redirect = LaneFixture.stateful(DEFINED + "relay-defaults.mode = redirect");
        redirect.host("d9.example.com", "10.0.0.9:5060", "10.0.0.1:5060").host("d8.example.com", "10.0.0.8:5060");
        redirect.set(1, "sip:d9.example.com", "sip:d8.example.com");
        redirect.set(2, "sip:10.0.0.1").passes(1_000);

        redirect.callerSends(request("MESSAGE"));

        assertThat(redirect.last().lines("Contact"))
                .singleElement()
                .satisfies(contact -> assertThat(contact).contains("d8.example.com"));
    }

    @Test
    void aStatelessRequestPassesOverWhatIsListed() {
        LaneFixture stateless = LaneFixture.stateless(DEFINED);
        stateless.set(2, "sip:10.0.0.1");

        stateless.callerSends(request("MESSAGE"));

        assertThat(stateless.sent()).containsExactly("MESSAGE to d2");
    }

    @Test
    void otherRulesAreNotAffected() {
        LaneFixture two = LaneFixture.stateful("""
            blacklists { gws = 2 }
            rules = [
              { when { method = REGISTER }, select { set = 1, flags = F }, relay { blacklist = gws } }
              { select { set = 1, flags = F } }
            ]
            """);
        two.set(2, "sip:10.0.0.1");

        two.callerSends(request("REGISTER"));
        two.callerSends(request("MESSAGE"));

        assertThat(two.sent()).containsExactly("REGISTER to d2", "MESSAGE to d1");
    }

    @Test
    void anotherDefinitionOfTheSetsAppliesAtOnce() {
        fixture.set(2, "sip:10.0.0.1");
        sends();
        fixture.set(2, "sip:10.0.0.2");

        fixture.callerSends(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKc2"));

        assertThat(fixture.sent()).containsExactly("MESSAGE to d2", "MESSAGE to d1");
    }

    @Test
    void theExplanationPassesOverWhatIsListed() {
        fixture.set(2, "sip:10.0.0.1");

        Explanation explained = fixture.explained(request("MESSAGE"));
        assertThat(explained.reason())
                .startsWith("first to udp:10.0.0.2:5060")
                .contains("reaches an allowed address of the candidate before");
        assertThat(explained.candidates()).extracting(Destination::uri).startsWith("sip:10.0.0.2");
        assertThat(explained.sets().get(0).members().get(0).why())
                .endsWith("; passed over: the address is on a blacklist of the rule");
    }
}
