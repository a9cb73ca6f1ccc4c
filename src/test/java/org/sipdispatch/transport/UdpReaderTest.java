package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipdispatch.observation.LaneCounter;
import org.sipdispatch.proxy.AdmissionGate;
import org.sipdispatch.proxy.OverloadSettings;

/** A lane's reader of a real socket; the datagrams are no SIP, so that the lane only counts them. */
@Timeout(60)
class UdpReaderTest {
    private static final long MS = 1_000_000;
    private static final byte[] NO_SIP = {'x', 'x', 'x', 'x'};

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger askedForCpu = new AtomicInteger();
    private final AtomicInteger unreadable = new AtomicInteger();
    private final OpenedLane lane = new OpenedLane("stateless");
    private DatagramChannel channel;
    private UdpReader reader;

    @BeforeEach
    void open() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        channel = PortSharingOptions.open(any);
        channel.configureBlocking(false);
        channel.bind(any);
        AdmissionGate gate = new AdmissionGate(new OverloadSettings(
                false,
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                List.of(),
                false));
        reader = new UdpReader(lane.inlet, OpenedLane.SOCKET, gate.source(1), nanos::get, this::cpuNanos);
        reader.use(channel, unreadable::incrementAndGet);
    }

    @AfterEach
    void close() throws IOException {
        channel.close();
    }

    private long cpuNanos() {
        askedForCpu.incrementAndGet();
        return nanos.get();
    }

    /** Returns when the kernel has them all. */
    private void send(int datagrams) throws IOException {
        assumeTrue(SocketQueue.bytes(channel) != SocketQueue.UNKNOWN);
        try (DatagramSocket sender = new DatagramSocket()) {
            for (int i = 0; i < datagrams; i++) {
                long before = SocketQueue.bytes(channel);
                sender.send(new DatagramPacket(NO_SIP, NO_SIP.length, channel.getLocalAddress()));
                await().until(() -> SocketQueue.bytes(channel) > before);
            }
        }
    }

    /** The number of datagrams that the lane gets from this. */
    private long passed(Runnable turn) {
        long before = lane.counters.get(LaneCounter.PARSE_FAILURES);
        turn.run();
        return lane.counters.get(LaneCounter.PARSE_FAILURES) - before;
    }

    @Test
    void aSocketThatWasJustEmptyIsReadOnce() throws IOException {
        reader.read();
        send(4);

        assertThat(passed(reader::ready)).isOne();
        assertThat(passed(reader::ready)).isOne();
        nanos.addAndGet(20 * MS);
        assertThat(passed(reader::ready)).as("20 ms later").isEqualTo(2);
    }

    @Test
    void aSocketThatHadSeveralDatagramsIsReadUntilItIsEmptyUntilItHasOne() throws IOException {
        send(2);
        reader.read();
        send(2);
        assertThat(passed(reader::ready)).isEqualTo(2);
        send(1);
        assertThat(passed(reader::ready)).isOne();
        send(2);

        assertThat(passed(reader::ready)).isOne();
    }

    @Test
    void theSameHoldsForThoseBehindTheFirstOneThatAkkaIoHasRead() throws IOException {
        InetSocketAddress from = new InetSocketAddress(InetAddress.getLoopbackAddress(), 5070);
        reader.read();
        send(2);

        assertThat(passed(() -> reader.received(NO_SIP, from))).isOne();
        nanos.addAndGet(20 * MS);
        assertThat(passed(() -> reader.received(NO_SIP, from))).isEqualTo(3);
    }

    @Test
    void aTurnHasALimitAndThenTheProcessorTimeIsAskedFor() throws IOException {
        send(70);

        assertThat(passed(reader::read)).isEqualTo(64);
        assertThat(askedForCpu).hasValue(0);
        assertThat(passed(reader::read)).isEqualTo(6);
        assertThat(askedForCpu).hasValue(1);
        assertThat(passed(reader::read)).isZero();
        assertThat(askedForCpu).hasValue(1);
    }

    @Test
    void allIsReadUpToTheTurnThatFoundTheSocketEmpty() throws IOException {
        nanos.addAndGet(5 * MS);
        send(70);
        reader.read();
        assertThat(reader.readUpToNanos()).isZero();
        nanos.addAndGet(5 * MS);
        reader.read();
        reader.read();
        assertThat(reader.readUpToNanos()).isEqualTo(10 * MS);

        nanos.addAndGet(MS / 2);
        send(1);
        reader.ready();

        assertThat(reader.readUpToNanos()).isEqualTo(10 * MS);
    }

    @Test
    void aSocketThatCannotBeReadIsReportedOnce() throws IOException {
        channel.close();

        assertThat(passed(reader::read)).isZero();
        assertThat(passed(reader::ready)).isZero();

        assertThat(unreadable).hasValue(1);
    }
}
