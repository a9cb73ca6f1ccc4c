package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.sets.Algorithm;

/** The arguments of the selections that a lane requests from sets. */
class SelectorTest {
    @ParameterizedTest
    @CsvSource({
        "0, CALL_ID, 0",
        "4, ROUND_ROBIN, 0",
        "8, PRIORITY, 0",
        "smooth-round-robin, SMOOTH_ROUND_ROBIN, 0",
        "1, FROM_URI, 1442294598",
        "5, ROUND_ROBIN, 0"
    })
    void theAlgorithmDecidesTheHash(String text, Algorithm algorithm, long hash) {
        LaneFixture fixture = ruled("alg = " + text);

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.asked).singleElement().satisfies(question -> {
            assertThat(question.algorithm()).isEqualTo(algorithm);
            if (algorithm != Algorithm.CALL_ID) {
                assertThat(Integer.toUnsignedLong(question.hash())).isEqualTo(hash);
            }
        });
    }

    @Test
    void flagUHashesTheUserAlone() {
        LaneFixture fixture = ruled("alg = 1, flags = U");

        fixture.callerSends(request("MESSAGE"));

        assertThat(Integer.toUnsignedLong(fixture.asked.get(0).hash())).isEqualTo(1834153949L);
    }

    @Test
    void theDigestUserIsHashedUpToItsAt() {
        LaneFixture fixture = ruled("alg = 5");

        fixture.callerSends(
                request("MESSAGE", "Proxy-Authorization: Digest realm=\"r\", username=\"alice@example.com\""));

        assertThat(fixture.asked.get(0).algorithm()).isEqualTo(Algorithm.AUTH_USER);
        assertThat(Integer.toUnsignedLong(fixture.asked.get(0).hash())).isEqualTo(1834153949L);
    }

    @Test
    void algorithm7HashesWhatHashPvarSays() {
        LaneFixture fixture = ruled("alg = 7, hash_pvar = \"$fU\"");

        fixture.callerSends(request("MESSAGE"));

        assertThat(Integer.toUnsignedLong(fixture.asked.get(0).hash())).isEqualTo(1834153949L);
    }

    @Test
    void rendezvousHashesTheCallIdWhereHashPvarIsNotSet() {
        LaneFixture rendezvous = ruled("alg = rendezvous");
        LaneFixture callId = ruled("alg = 0");

        rendezvous.callerSends(request("MESSAGE"));
        callId.callerSends(request("MESSAGE"));

        assertThat(rendezvous.asked.get(0).hash()).isEqualTo(callId.asked.get(0).hash());
    }

    @Test
    void randomNumbersAreEvenAndOdd() {
        LaneFixture fixture = ruled("alg = 6");

        for (int i = 0; i < 200; i++) {
            fixture.callerSends(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKn" + i));
        }

        assertThat(fixture.asked.stream()
                        .map(question -> Integer.remainderUnsigned(question.hash(), 4))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void aVariableSetThatMakesNoSenseCountsAsUnusable() {
        LaneFixture fixture = LaneFixture.stateful("rules = [ { select { set = \"$hdr(X-Set)\", flags = F } } ]");

        fixture.callerSends(request("MESSAGE"));
        fixture.callerSends(request("MESSAGE", "X-Set: 1").replace("z9hG4bKc1", "z9hG4bKc2"));

        assertThat(fixture.sent()).containsExactly("500 to caller", "MESSAGE to d1");
    }

    private static LaneFixture ruled(String select) {
        return LaneFixture.stateful("rules = [ { select { set = 1, " + select + " } } ]");
    }
}
