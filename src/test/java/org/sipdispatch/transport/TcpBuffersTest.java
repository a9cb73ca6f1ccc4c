package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.sipdispatch.observation.LaneCounters;
import org.sipdispatch.observation.Limit;
import org.sipdispatch.observation.Limits;

/** Which TCP connections of a lane close if they hold too much memory. */
class TcpBuffersTest {
    private final LaneInlet inlet = new LaneInlet(new LaneCounters(new Limits()));
    private final TcpBuffers buffers = new TcpBuffers(100_000, 0, inlet);
    private final InetAddress much = InetAddress.getByName("10.0.0.1");
    private final InetAddress little = InetAddress.getByName("10.0.0.2");

    TcpBuffersTest() throws UnknownHostException {
        buffers.hold(new TcpAdmission(much, 0), 60_000);
        buffers.hold(new TcpAdmission(little, 0), 30_000);
    }

    @Test
    void whatFitsMayBeHeld() {
        assertThat(buffers.mayHold(much, 10_000)).isTrue();
        assertThat(inlet.limits().hits(Limit.MAX_BUFFERED)).isZero();
    }

    @Test
    void aRequestToTheAddressThatHoldsMostIsNotSent() {
        assertThat(buffers.mayHold(much, 20_000)).isFalse();
        assertThat(inlet.limits().hits(Limit.MAX_BUFFERED)).isOne();
    }

    @Test
    void aRequestToAnotherAddressMakesThatOnePay() {
        assertThat(buffers.mayHold(little, 20_000)).isTrue();
        assertThat(buffers.mayHold(little, 30_000)).isFalse();
    }
}
