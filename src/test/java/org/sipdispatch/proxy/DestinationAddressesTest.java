package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.address;
import static org.sipdispatch.proxy.LaneFixture.request;

import org.junit.jupiter.api.Test;
import org.sipdispatch.transaction.Flow;

/** Host names of destinations are resolved in the background, again and again. */
class DestinationAddressesTest {
    private static final int NAMES = 400;
    private static final int SECOND = 1_000;

    private final LaneFixture fixture = LaneFixture.stateful("rules = [ { when.in-set = 2, select.set = 1 } ]");
    private int number;

    /** Whether the rule for members of set 2 applies to a request from this address. */
    private boolean isMember(String host) {
        number++;
        fixture.sent();
        fixture.arrives(
                request("MESSAGE").replace("bKc1", "bKn" + number).replace("c1@", "n" + number + "@"),
                new Flow(MAIN, address(host + ":5060"), Flow.NO_CONNECTION));
        return fixture.sent().contains("MESSAGE to d1");
    }

    private static String hostOf(int i) {
        return "10.7." + i / 200 + "." + (i % 200 + 1);
    }

    @Test
    void aNameIsResolvedAgain() {
        fixture.host("gw.example.com", "10.7.0.1:5060").set(2, "sip:gw.example.com");
        fixture.passes(30 * SECOND);
        assertThat(isMember("10.7.0.1")).isTrue();
        assertThat(isMember("10.7.0.2")).isFalse();

        fixture.host("gw.example.com", "10.7.0.2:5060").passes(11 * SECOND);
        assertThat(isMember("10.7.0.2")).isTrue();

        fixture.passes(10 * SECOND);
        assertThat(isMember("10.7.0.1")).as("the old address").isFalse();
        assertThat(isMember("10.7.0.2")).isTrue();
    }

    /** Each push of attributes, temporary destination or reload changes the sets. */
    @Test
    void namesAreResolvedAlsoWhileTheSetsChangeOften() {
        String[] uris = new String[NAMES];
        for (int i = 0; i < NAMES; i++) {
            uris[i] = "sip:gw" + i + ".example.com";
            fixture.host("gw" + i + ".example.com", hostOf(i) + ":5060");
        }
        for (int second = 0; second < 10; second++) {
            fixture.set(2, uris).passes(SECOND);
        }

        for (int i = 0; i < NAMES; i++) {
            assertThat(isMember(hostOf(i))).as(uris[i]).isTrue();
        }
    }

    @Test
    void anOldAddressIsForgottenAlsoWhileTheSetsChangeOften() {
        fixture.host("gw.example.com", "10.7.0.1:5060").set(2, "sip:gw.example.com");
        fixture.passes(30 * SECOND);
        fixture.host("gw.example.com", "10.7.0.2:5060");
        for (int tick = 0; tick < 30_000 / 20; tick++) {
            fixture.set(2, "sip:gw.example.com").passes(20);
        }

        assertThat(isMember("10.7.0.2")).isTrue();
        assertThat(isMember("10.7.0.1")).isFalse();
    }

    @Test
    void aNewNameIsResolvedBeforeTheOthers() {
        String[] uris = new String[NAMES];
        for (int i = 0; i < NAMES; i++) {
            uris[i] = "sip:gw" + i + ".example.com";
        }
        fixture.set(3, uris).passes(20);

        fixture.host("new.example.com", "10.7.0.1:5060")
                .set(2, "sip:new.example.com")
                .passes(20);

        assertThat(isMember("10.7.0.1")).isTrue();
    }
}
