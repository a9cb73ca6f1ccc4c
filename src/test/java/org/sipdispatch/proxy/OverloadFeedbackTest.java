package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.inDialog;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.transaction.Flow;

/** Overload control for proxies in front that support it (RFC 7339). */
class OverloadFeedbackTest {
    private static final String ASKS = ";oc;oc-algo=\"loss,rate\"";
    private static final String IDLE = ";branch=z9hG4bKc1;oc=0;oc-algo=\"loss\";oc-validity=0;oc-seq=1700001000.00001";

    private final LaneFixture fixture = LaneFixture.stateful("relay.overload.shed = on");

    private static String with(String parameters, String message) {
        return message.replace("branch=z9hG4bKc1", "branch=z9hG4bKc1" + parameters);
    }

    @Test
    void allResponsesOfALaneThatIsNotOverloadedSayThatNothingIsToBeKept() {
        fixture.callerSends(with(ASKS, invite()));
        assertThat(fixture.lastTo("caller").line("Via")).endsWith(IDLE);

        fixture.destinationAnswers(180);
        assertThat(fixture.lastTo("caller").line("Via")).endsWith(IDLE);
        fixture.destinationAnswers(486);
        assertThat(fixture.lastTo("caller").line("Via")).endsWith(IDLE);
    }

    @Test
    void anOverloadedLaneAsksForTheShareThatItShedsAndTakesItBackSlowly() {
        fixture.isOverloaded(51);
        for (int i = 0; i < 20; i++) {
            fixture.callerSends(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKnew" + i));
        }
        fixture.passes(1000);
        fixture.messagesWaited(51);
        fixture.passes(20);

        fixture.callerSends(with(ASKS, invite()));

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 503 Overloaded");
        assertThat(fixture.last().line("Via")).contains(";oc=100;oc-algo=\"loss\";oc-validity=2000;oc-seq=17000010");

        fixture.passes(1000);
        fixture.messagesWaited(51);
        fixture.passes(1000);
        fixture.messagesWaited(51);
        fixture.passes(20);
        fixture.callerSends(with(ASKS, invite()));
        assertThat(fixture.last().line("Via")).contains(";oc=80;");
    }

    @Test
    void theShareIsThatOfAllRequestsBecauseTheProxyAppliesItToAll() {
        fixture.callerSends(invite());
        String route = fixture.last().line("Record-Route").replace("Record-Route", "Route");
        fixture.destinationAnswers(200);
        fixture.isOverloaded(51);
        String bye = inDialog("BYE", route).replace("sip:bob@example.com SIP", "sip:bob@10.0.0.1 SIP");
        for (int i = 0; i < 20; i++) {
            fixture.callerSends(request("MESSAGE").replace("z9hG4bKc1", "z9hG4bKnew" + i));
            fixture.callerSends(bye.replaceFirst("branch=z9hG4bK", "branch=z9hG4bKbye" + i));
        }
        fixture.passes(1000);
        fixture.messagesWaited(51);
        fixture.passes(20);

        fixture.callerSends(with(ASKS, invite()).replace("z9hG4bKc1", "z9hG4bKlast"));

        assertThat(fixture.last().line("Via")).contains(";oc=50;");
    }

    @Test
    void aLaneThatNeverShedsDoesNotSayThatItSupportsOverloadControl() {
        LaneFixture off = LaneFixture.stateful();

        off.callerSends(with(ASKS, invite()));
        assertThat(off.lastTo("caller").line("Via")).endsWith(";branch=z9hG4bKc1" + ASKS);
        off.destinationAnswers(486);
        assertThat(off.lastTo("caller").line("Via")).endsWith(";branch=z9hG4bKc1" + ASKS);
    }

    private BigDecimal sequence(String branch) {
        fixture.callerSends(with(ASKS, invite()).replace("z9hG4bKc1", branch));
        return new BigDecimal(fixture.last().line("Via").replaceFirst(".*;oc-seq=", ""));
    }

    @Test
    void aShareThatStaysTheSameHasALargerNumberEachSecond() {
        fixture.isOverloaded(51).passes(20);
        BigDecimal first = sequence("z9hG4bKfirst");

        fixture.passes(1000);

        assertThat(sequence("z9hG4bKsecond")).isGreaterThan(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ";oc", ";oc-algo=\"loss\"", ";oc=5;oc-algo=\"loss\""})
    void aViaThatDoesNotAskIsLeftAsItIs(String parameters) {
        fixture.callerSends(with(parameters, invite()));

        assertThat(fixture.lastTo("caller").line("Via")).endsWith(";branch=z9hG4bKc1" + parameters);
    }

    @Test
    void theCallerDoesNotGetWhatTheDestinationHasWrittenIntoItsVia() {
        fixture.callerSends(with(ASKS, invite()));
        LaneFixture.Sent sent = fixture.lastOf("INVITE");

        fixture.arrives(
                LaneFixture.response(sent.message(), 180)
                        .replace(ASKS, ";oc=100;oc-algo=\"loss\";oc-validity=60000;oc-seq=9999999999.9"),
                new Flow(sent.socket(), sent.to(), 0));

        assertThat(fixture.lastTo("caller").startLine()).startsWith("SIP/2.0 180");
        assertThat(fixture.lastTo("caller").line("Via")).endsWith(IDLE);
    }

    @Test
    void receivedAndRportAreWrittenToo() {
        fixture.callerSends(with(";rport" + ASKS, invite()));

        assertThat(fixture.lastTo("caller").line("Via"))
                .contains(";branch=z9hG4bKc1;rport=5060;received=192.0.2.1;oc=0;oc-algo=\"loss\";");
    }
}
