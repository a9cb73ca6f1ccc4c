package org.sipdispatch.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.function.LongSupplier;
import org.sipdispatch.proxy.AdmissionGate;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.ListenSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the datagrams of one UDP socket of a lane and passes them to the lane, with each {@link UdpIo}. A turn ends
 * when the socket is empty, which shows how long datagrams can have waited, or after {@value #MOST_PER_TURN} datagrams.
 *
 * <p>A read that finds nothing costs as much as one that finds a datagram. So a socket that is ready is read once,
 * without a look for more, if it has just been empty and had one datagram at most.
 *
 * <p>One thread only.
 */
final class UdpReader {
    private static final Logger LOG = LoggerFactory.getLogger(UdpReader.class);

    private static final int MOST_PER_TURN = 64;
    private static final int MOST_BYTES = 65_536;
    private static final long JUST_EMPTY_NANOS = 20_000_000;
    private static final long UNKNOWN = Long.MIN_VALUE;

    /**
     * The kernel counts more than this for the smallest datagram, so that a buffer holds no more than its size divided
     * by this.
     */
    private static final int LEAST_BUFFER_BYTES = 512;

    private final LaneInlet inlet;
    private final ListenSocket socket;
    private final AdmissionGate.Source queue;
    private final LongSupplier nanoClock;
    private final LongSupplier cpuClock;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_BYTES);
    /** Null if there is none that can be read. */
    private DatagramChannel channel;

    private Runnable unreadable;
    private ReadProgress progress;
    private boolean hadSeveral;
    private int datagramsOfTurn;
    private long bytesOfTurn;
    private long lastCpuNanos = UNKNOWN;

    /** {@code cpuClock}: the processor time of the lane's thread, in nanoseconds. */
    UdpReader(
            LaneInlet inlet,
            ListenSocket socket,
            AdmissionGate.Source queue,
            LongSupplier nanoClock,
            LongSupplier cpuClock) {
        this.inlet = inlet;
        this.socket = socket;
        this.queue = queue;
        this.nanoClock = nanoClock;
        this.cpuClock = cpuClock;
        progress = new ReadProgress(1, 0, nanoClock.getAsLong());
    }

    /** Reads on this channel from now on; {@code whenUnreadable} runs when that has become impossible. */
    void use(DatagramChannel bound, Runnable whenUnreadable) {
        channel = bound;
        unreadable = whenUnreadable;
        try {
            long bytes = bound.getOption(StandardSocketOptions.SO_RCVBUF);
            progress = new ReadProgress(bytes / LEAST_BUFFER_BYTES + 1, bytes, progress.readUpToNanos());
        } catch (IOException e) {
            fail(e);
        }
    }

    /** The socket is ready: passes what waits to the lane. */
    void ready() {
        if (isLikelyAlone()) {
            readOne();
        } else {
            read();
        }
    }

    /** The same for a socket whose first datagram Akka IO has read. */
    void received(byte[] first, InetSocketAddress from) {
        if (isLikelyAlone()) {
            pass(first, from);
        } else {
            begin();
            pass(first, from);
            readRest();
        }
    }

    /** Passes what waits to the lane. */
    void read() {
        begin();
        readRest();
    }

    /** All datagrams that arrived before this time, in nanoseconds, have been passed to the lane. */
    long readUpToNanos() {
        return progress.readUpToNanos();
    }

    /** Whether another datagram behind the one that is ready is unlikely. */
    private boolean isLikelyAlone() {
        return progress.wasEmptied()
                && !hadSeveral
                && nanoClock.getAsLong() - progress.readUpToNanos() < JUST_EMPTY_NANOS;
    }

    private void begin() {
        long nowNanos = nanoClock.getAsLong();
        progress.begin(nowNanos, ranNanos());
        long atMost = progress.waitedNanos();
        long about = atMost == 0 ? 0 : progress.aboutNanos(SocketQueue.bytes(channel));
        queue.waited(atMost, about, nowNanos);
        datagramsOfTurn = 0;
        bytesOfTurn = 0;
    }

    /**
     * How long the lane has had a processor since the previous turn. As this takes a system call, it is asked only
     * while the socket is not emptied: what came after an empty socket has waited for other tasks of the lane, which
     * {@link TimerRounds} measures, and in the next turn all of the time counts.
     */
    private long ranNanos() {
        if (progress.wasEmptied()) {
            lastCpuNanos = UNKNOWN;
            return 0;
        }
        long beforeNanos = lastCpuNanos;
        lastCpuNanos = cpuClock.getAsLong();
        return beforeNanos == UNKNOWN ? Long.MAX_VALUE : lastCpuNanos - beforeNanos;
    }

    private void readRest() {
        boolean isEmpty = false;
        while (!isEmpty && datagramsOfTurn < MOST_PER_TURN) {
            isEmpty = !readOne();
        }
        hadSeveral = datagramsOfTurn > 1;
        progress.end(datagramsOfTurn, bytesOfTurn, isEmpty);
        if (isEmpty) {
            queue.waited(0, 0, progress.readUpToNanos());
        }
    }

    /** Returns false if none waits. */
    private boolean readOne() {
        if (channel == null) {
            return false;
        }
        InetSocketAddress from;
        try {
            from = (InetSocketAddress) channel.receive(buffer.clear());
        } catch (IOException e) {
            fail(e);
            return false;
        }
        if (from == null) {
            return false;
        }
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        pass(bytes, from);
        return true;
    }

    private void fail(IOException e) {
        LOG.debug("{} cannot be read", socket, e);
        channel = null;
        unreadable.run();
    }

    private void pass(byte[] bytes, InetSocketAddress from) {
        datagramsOfTurn++;
        bytesOfTurn += SocketQueue.bytesOf(bytes.length);
        inlet.received(bytes, 0, bytes.length, new Flow(socket, from, Flow.NO_CONNECTION));
    }
}
