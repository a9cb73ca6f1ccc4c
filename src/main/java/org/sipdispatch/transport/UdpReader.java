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

/**
 * Reads the datagrams of one UDP socket of a lane, in turns of {@value #MOST_PER_TURN} at most. Akka IO waits for the
 * socket and reads the first one; reading the others here costs no messages, and shows whether the socket is empty, which
 * Akka IO does not tell. One thread only.
 */
final class UdpReader {
    private static final int MOST_PER_TURN = 64;
    private static final int MOST_BYTES = 65_536;

    /** The kernel counts more than this for the smallest datagram, so that a buffer holds no more than its size divided by this. */
    private static final int LEAST_BUFFER_BYTES = 512;

    private final GuardedLane inlet;
    private final ListenSocket socket;
    private final AdmissionGate.Source queue;
    private final LongSupplier nanoClock;
    private final LongSupplier cpuClock;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_BYTES);
    private DatagramChannel channel;
    private ReadProgress progress;
    private long bytesOfTurn;
    private long lastCpuNanos;

    /** {@code cpuClock}: the processor time of the lane's thread, in nanoseconds. */
    UdpReader(
            GuardedLane inlet,
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

    /** Reads on this channel from now on. */
    void use(DatagramChannel bound) throws IOException {
        long bytes = bound.getOption(StandardSocketOptions.SO_RCVBUF);
        progress = new ReadProgress(bytes / LEAST_BUFFER_BYTES + 1, bytes, progress.readUpToNanos());
        channel = bound;
    }

    /** Passes the datagram that Akka IO has read to the lane, and then those that wait behind it. */
    void received(byte[] bytes, InetSocketAddress from) {
        begin();
        pass(bytes, from);
        readOthers(1);
    }

    /** Passes the datagrams that wait to the lane. */
    void read() {
        begin();
        readOthers(0);
    }

    /** All datagrams that arrived before this time, in nanoseconds, have been passed to the lane. */
    long readUpToNanos() {
        return progress.readUpToNanos();
    }

    private void begin() {
        long nowNanos = nanoClock.getAsLong();
        long cpuNanos = cpuClock.getAsLong();
        progress.begin(nowNanos, cpuNanos - lastCpuNanos);
        lastCpuNanos = cpuNanos;
        long atMost = progress.waitedNanos();
        long about = atMost == 0 ? 0 : progress.aboutNanos(SocketQueue.bytes(channel));
        queue.waited(atMost, about, nowNanos);
        bytesOfTurn = 0;
    }

    private void readOthers(int before) {
        int datagrams = before;
        boolean isEmpty = channel == null;
        while (!isEmpty && datagrams < MOST_PER_TURN) {
            isEmpty = !readOne();
            datagrams += isEmpty ? 0 : 1;
        }
        progress.end(datagrams, bytesOfTurn, isEmpty);
        if (isEmpty) {
            queue.waited(0, 0, progress.readUpToNanos());
        }
    }

    /** Returns false if none waits. If the channel cannot be read, Akka IO finds out too, and it is bound again. */
    private boolean readOne() {
        buffer.clear();
        InetSocketAddress from;
        try {
            from = (InetSocketAddress) channel.receive(buffer);
        } catch (IOException e) {
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

    private void pass(byte[] bytes, InetSocketAddress from) {
        bytesOfTurn += SocketQueue.bytesOf(bytes.length);
        inlet.received(bytes, 0, bytes.length, new Flow(socket, from, Flow.NO_CONNECTION));
    }
}
