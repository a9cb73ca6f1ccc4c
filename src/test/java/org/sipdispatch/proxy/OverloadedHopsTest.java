package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.MAIN;
import static org.sipdispatch.proxy.LaneFixture.address;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.sip.Ascii;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipResponse;
import org.sipdispatch.transaction.EventClock;
import org.sipdispatch.transaction.NextHop;

/** What destinations ask for with overload control (RFC 7339), at the level of one hop. */
class OverloadedHopsTest {
    private static final NextHop HOP = new NextHop(MAIN, address("10.0.0.1:5060"));
    private static final NextHop OTHER = new NextHop(MAIN, address("10.0.0.2:5060"));
    private static final String TWENTY = ";oc=20;oc-algo=\"loss\";oc-validity=1000;oc-seq=1282321615.782";

    private final EventClock clock = new EventClock(() -> 0, 1_000_000);
    private final OverloadedHops hops = hops(true);

    private OverloadedHops hops(boolean asks) {
        Duration any = Duration.ofSeconds(1);
        return new OverloadedHops(new OverloadSettings(false, any, any, any, any, List.of(), asks), clock);
    }

    private void passes(long ms) {
        clock.set(clock.nowMs() + ms);
        hops.tick();
    }

    private void answers(String parameters) {
        hops.learn(HOP, response(parameters));
    }

    private static SipResponse response(String parameters) {
        byte[] bytes = Ascii.bytes(LaneFixture.text(
                "SIP/2.0 200 OK",
                "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKa1" + parameters,
                "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKc1",
                "From: <sip:alice@example.com>;tag=a1",
                "To: <sip:bob@example.com>;tag=d1",
                "Call-ID: c1@192.0.2.1",
                "CSeq: 1 MESSAGE",
                "Content-Length: 0"));
        return (SipResponse) SipParser.parse(bytes, 0, bytes.length);
    }

    /** How many of 100 new requests are kept from the hop. */
    private long kept() {
        return IntStream.range(0, 100).filter(i -> !hops.admits(HOP, true)).count();
    }

    @Test
    void theShareIsKeptFromThatHopInEqualSteps() {
        answers(TWENTY);

        for (int i = 1; i <= 20; i++) {
            assertThat(hops.admits(HOP, true)).as("request %d", i).isEqualTo(i % 5 != 0);
            assertThat(hops.admits(OTHER, true)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "33, 33", "50, 50", "99, 99", "100, 100"})
    void eachShareIsMetExactly(int percent, int expected) {
        answers(TWENTY.replace("oc=20", "oc=" + percent));

        assertThat(kept()).isEqualTo(expected);
    }

    @Test
    void requestsOfDialogsAreSentAndMadeUpForByNewOnes() {
        answers(TWENTY);

        for (int i = 0; i < 20; i++) {
            assertThat(hops.admits(HOP, false)).isTrue();
        }

        assertThat(kept()).isEqualTo(24);
    }

    @Test
    void howManyNewRequestsMakeUpForThemIsLimited() {
        answers(TWENTY);

        for (int i = 0; i < 10_000; i++) {
            hops.admits(HOP, false);
        }

        assertThat(kept()).isLessThanOrEqualTo(30);
    }

    @ParameterizedTest
    @CsvSource({
        "';oc-validity=1000', 1000",
        "'', 500",
        "';oc-validity=86400000', 60000",
    })
    void itEndsWithItsValidity(String validity, long ms) {
        answers(";oc=100;oc-algo=\"loss\"" + validity);

        passes(ms - 1);
        assertThat(hops.admits(HOP, true)).isFalse();
        passes(1);
        assertThat(hops.admits(HOP, true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"oc=0;oc-algo=\"loss\";oc-validity=1000", "oc=20;oc-algo=\"loss\";oc-validity=0"})
    void theDestinationEndsIt(String end) {
        answers(TWENTY);

        answers(";" + end + ";oc-seq=1282321616.1");
        answers(TWENTY);

        assertThat(kept()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "1282321615.79, 50",
        "1282321615.782, 20",
        "1282321616, 50",
        "1282321615.7811, 20",
        "1282321615.0, 20",
        "999, 20",
    })
    void theLargestNumberCounts(String number, int expected) {
        answers(TWENTY);

        answers(TWENTY.replace("oc=20", "oc=50").replace("1282321615.782", number));

        assertThat(kept()).isEqualTo(expected);
    }

    @Test
    void aNumberThatIsKnownDoesNotExtendTheTime() {
        answers(TWENTY);
        passes(600);

        answers(TWENTY);
        passes(400);

        assertThat(kept()).isZero();
    }

    @Test
    void aSmallerNumberCountsWhenTheLargerOneIsNoLongerValid() {
        answers(TWENTY);
        clock.set(clock.nowMs() + 1_000);

        answers(";oc=50;oc-algo=\"loss\";oc-seq=1.0");

        assertThat(kept()).isEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";oc;oc-algo=\"loss\"",
                ";oc=101;oc-algo=\"loss\"",
                ";oc=-1;oc-algo=\"loss\"",
                ";oc=many;oc-algo=\"loss\"",
                ";oc=20;oc-algo=\"rate\"",
                ";oc=20;oc-algo=\"loss\";oc-validity=soon",
            })
    void allElseIsIgnored(String parameters) {
        answers(parameters);

        assertThat(kept()).isZero();
    }

    @Test
    void withoutTheSettingNothingIsOfferedAndNothingIsLearned() {
        OverloadedHops off = hops(false);

        off.learn(HOP, response(TWENTY.replace("oc=20", "oc=100")));

        assertThat(off.admits(HOP, true)).isTrue();
        assertThat(off.offer()).isEmpty();
        assertThat(hops.offer()).isEqualTo(";oc;oc-algo=\"loss\"");
    }
}
