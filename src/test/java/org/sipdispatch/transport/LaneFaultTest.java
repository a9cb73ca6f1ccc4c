package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.transaction.Flow;

/** An exception in the relay fails only the request that caused it, and its sender gets a response. */
class LaneFaultTest {
    private static final InetSocketAddress CALLER = new InetSocketAddress("192.0.2.1", 5060);
    private OpenedLane lane;

    private void receives(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
        lane.inlet.received(bytes, 0, bytes.length, new Flow(OpenedLane.SOCKET, CALLER, Flow.NO_CONNECTION));
    }

    @Test
    void theSenderOfARequestIsAnsweredOnceWithATransaction() {
        lane = new OpenedLane("stateful");
        String invite = Requests.udp(CALLER).of("INVITE", "a-call");

        receives(invite);
        assertThat(lane.sent).containsExactly("100 to 5060", "500 to 5060");
        receives(invite);

        assertThat(lane.sent).containsExactly("100 to 5060", "500 to 5060", "500 to 5060");
        assertThat(lane.counters.get(LaneCounter.FAULTS)).isOne();
    }

    @Test
    void theSenderOfARequestIsAnsweredWithoutATransactionToo() {
        lane = new OpenedLane("stateless");

        receives(Requests.udp(CALLER).of("OPTIONS", "a-call"));

        assertThat(lane.sent).containsExactly("500 to 5060");
    }

    @Test
    void anAckIsNotAnswered() {
        lane = new OpenedLane("stateless");

        receives(Requests.udp(CALLER).of("ACK", "a-call"));

        assertThat(lane.sent).isEmpty();
        assertThat(lane.counters.get(LaneCounter.FAULTS)).isOne();
    }
}
