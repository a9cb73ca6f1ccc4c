package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;

import org.junit.jupiter.api.Test;
import org.sipdispatch.sets.IpVersionPreference;

/** Which of a name's addresses a request goes to. */
class NameDrawTest {
    private final LaneFixture fixture = LaneFixture.stateless()
            .set(1, "sip:gw.example.com")
            .host("gw.example.com", "10.0.0.1")
            .host("example.com", "10.0.0.9");

    @Test
    void requestsToADestinationTakeItsAddressesInTurn() {
        for (int i = 0; i < 3; i++) {
            fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc" + i));
        }

        assertThat(fixture.draws).containsExactly(0L, 1L, 2L);
    }

    @Test
    void aRepetitionInADialogGoesWhereTheFirstWent() {
        fixture.callerSends(invite());
        String route = fixture.lastOf("INVITE").line("Record-Route").replace("Record-Route", "Route");
        fixture.draws.clear();

        fixture.callerSends(inDialog("INFO", route));
        fixture.callerSends(inDialog("INFO", route));
        fixture.callerSends(inDialog("BYE", route));

        assertThat(fixture.sent()).endsWith("INFO to 10.0.0.9:5060", "INFO to 10.0.0.9:5060", "BYE to 10.0.0.9:5060");
        assertThat(fixture.draws).hasSize(3);
        assertThat(fixture.draws.get(1)).isEqualTo(fixture.draws.get(0)).isNotEqualTo(fixture.draws.get(2));
    }

    @Test
    void theAttrsOfADestinationSayWhichIpVersionsAreUsed() {
        fixture.set(1, "sip:gw.example.com").attrs(1, "rate=3; ip_versions = 6, 4 ;ping_timeout=1s");
        fixture.callerSends(invite());
        fixture.set(1, "sip:gw.example.com").attrs(1, "ip_versions=7");
        fixture.callerSends(invite().replace("z9hG4bKc1", "z9hG4bKc2"));

        assertThat(fixture.versions).containsExactly(IpVersionPreference.IPV6_FIRST, null);
    }
}
