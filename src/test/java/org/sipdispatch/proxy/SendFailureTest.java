package org.sipdispatch.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipdispatch.proxy.LaneFixture.STREAM;
import static org.sipdispatch.proxy.LaneFixture.invite;
import static org.sipdispatch.proxy.LaneFixture.request;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipdispatch.destination.Observation;
import org.sipdispatch.transaction.SendFailure;

/** The effect of each send failure on the caller, on failover and on the destination. */
class SendFailureTest {
    private static final String TCP = ";transport=tcp";

    private LaneFixture fixture = LaneFixture.stateful("relay-defaults.mark = probing");

    /** The numbers of failures and of strikes of all destinations. */
    private List<Integer> blame() {
        fixture.passes(500);
        return List.of(
                fixture.observations.stream().mapToInt(Observation::failed).sum(),
                fixture.observations.stream().mapToInt(Observation::strikes).sum());
    }

    private static int answer(SendFailure why) {
        return switch (why) {
            case TOO_LARGE -> 513;
            case BLACKLISTED -> 473;
            case FLOW_FAILED -> 430;
            case CLOSED, NO_CONNECTION, NO_DESCRIPTOR, NO_MEMORY, OVERLOADED -> 503;
            default -> 500;
        };
    }

    @ParameterizedTest
    @EnumSource
    void theNextDestinationIsTriedWhateverTheCause(SendFailure why) {
        fixture.refuses("10.0.0.1:5060", why);

        fixture.callerSends(invite());

        assertThat(fixture.sent()).containsExactly("100 to caller", "INVITE to d2");
        assertThat(blame()).isEqualTo(why.isDestinationFault() ? List.of(1, 1) : List.of(0, 0));
        assertThat(fixture.counters.get(why)).isOne();
    }

    @ParameterizedTest
    @EnumSource
    void theNextDestinationIsTriedWhenItShowsLater(SendFailure why) {
        fixture.set(1, "sip:10.0.0.1" + TCP, "sip:10.0.0.2" + TCP);
        fixture.callerSends(invite());
        fixture.sent();

        fixture.couldNotSend(fixture.last(), why);

        assertThat(fixture.sent()).containsExactly("INVITE to d2");
        assertThat(blame()).isEqualTo(why.isDestinationFault() ? List.of(1, 1) : List.of(0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void whenNoDestinationIsLeftTheCallerGetsAResponse(SendFailure why) {
        fixture.refuses("10.0.0.1:5060", why);
        fixture.set(1, "sip:10.0.0.1");

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).containsExactly(answer(why) + " to caller");
        boolean isTimed = answer(why) == 503 && why != SendFailure.OVERLOADED;
        assertThat(fixture.last().lines("Retry-After")).hasSize(isTimed ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource
    void withoutTransactionsToo(SendFailure why) {
        fixture = LaneFixture.stateless().set(1, "sip:10.0.0.1");
        fixture.refuses("10.0.0.1:5060", why);

        fixture.callerSends(request("MESSAGE"));

        assertThat(fixture.sent()).hasSize(1).allMatch(sent -> sent.matches("(5\\d\\d|473|430) to caller"));
        if (!why.isDestinationFault()) {
            assertThat(fixture.last().startLine()).startsWith("SIP/2.0 " + answer(why));
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutTransactionsTheCallerGetsAResponseWhenItShowsLater(SendFailure why) {
        fixture = LaneFixture.stateless().set(1, "sip:10.0.0.1" + TCP);
        fixture.callerSends(request("MESSAGE"));
        fixture.sent();

        fixture.couldNotSend(fixture.last(), why);

        assertThat(fixture.sent()).containsExactly(answer(why) + " to caller");
        assertThat(fixture.last().lines("Via")).containsExactly("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKc1");
    }

    @Test
    void anAckThatCannotBeSentIsNotAnswered() {
        fixture = LaneFixture.stateless().set(1, "sip:10.0.0.1" + TCP);
        fixture.callerSends(request("ACK"));
        fixture.sent();

        fixture.couldNotSend(fixture.last(), SendFailure.UNREACHABLE);

        assertThat(fixture.sent()).isEmpty();
    }

    @Test
    void aLateFailureThatNobodyWaitsForDoesNothing() {
        fixture.set(1, "sip:10.0.0.1" + TCP, "sip:10.0.0.2");
        fixture.callerSends(invite());
        LaneFixture.Sent sent = fixture.last();
        fixture.answers(sent, 200);
        fixture.sent();

        fixture.couldNotSend(sent, SendFailure.UNREACHABLE);
        fixture.isLost(STREAM, "10.0.0.1:5060", SendFailure.UNREACHABLE);

        assertThat(fixture.sent()).isEmpty();
        assertThat(blame()).isEqualTo(List.of(0, 0));
    }

    @Test
    void whatTheDestinationsSayCountsMoreThanWhatThisNodeLacks() {
        fixture.refuses("10.0.0.1:5060", SendFailure.NO_CONNECTION);
        fixture.refuses("10.0.0.3:5060", SendFailure.NO_MEMORY);
        fixture.callerSends(invite());

        fixture.destinationAnswers(500);

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 Answer");
    }

    @Test
    void aDestinationWithAnAddressThatThisNodeCannotSendToHasFailedByTheOtherOne() {
        fixture.set(1, "sip:gw.example.net").host("gw.example.net", "10.0.0.1:5060", "10.0.0.2:5060");
        fixture.refuses("10.0.0.1:5060", SendFailure.UNREACHABLE);
        fixture.refuses("10.0.0.2:5060", SendFailure.REFUSED_BY_SYSTEM);

        fixture.callerSends(invite());

        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 All Destinations Failed");
        assertThat(blame()).isEqualTo(List.of(1, 1));
    }

    @Test
    void aRequestOfADialogIsAnsweredWhenItsConnectionIsRefused() {
        fixture.set(1, "sip:10.0.0.1" + TCP);
        fixture.callerSends(invite());
        fixture.destinationAnswers(200, "Contact: <sip:bob@10.0.0.1;transport=tcp>");
        String route = fixture.lastOf("INVITE").lines("Record-Route").stream()
                .map(line -> line.replace("Record-Route", "Route"))
                .reduce("", (before, line) -> line + (before.isEmpty() ? "" : "\r\n") + before);
        fixture.callerSends(LaneFixture.inDialog("BYE", route)
                .replace("BYE sip:bob@example.com", "BYE sip:bob@10.0.0.1;transport=tcp"));
        fixture.sent();

        fixture.isLost(STREAM, "10.0.0.1:5060", SendFailure.UNREACHABLE);

        assertThat(fixture.sent()).containsExactly("500 to caller");
        assertThat(fixture.last().startLine()).isEqualTo("SIP/2.0 500 Next Hop Not Reachable");
    }

    @Test
    void aRequestOfABusyLaneIsAnsweredIfNobodyRepeatsIt() {
        LaneFixture one = LaneFixture.oneOf(2, 0);
        one.otherLanesAreBusy = true;
        for (int call = 0; call < 8; call++) {
            one.callerSends(invite().replace("c1@", call + "@").replace("z9hG4bKc1", "z9hG4bK" + call));
        }
        assertThat(one.handedOver).isNotEmpty();
        assertThat(one.sent()).noneMatch(sent -> sent.startsWith("503"));

        for (int call = 0; call < 8; call++) {
            one.callerSendsOnStream(invite().replace("c1@", call + "@").replace("z9hG4bKc1", "z9hG4bKt" + call), 1);
        }
        assertThat(one.sent()).filteredOn(sent -> sent.startsWith("503")).hasSize(one.handedOver.size() / 2);
    }
}
