package org.sipdispatch.transport;

import akka.actor.ActorRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.sipdispatch.transaction.Flow;
import org.sipdispatch.transaction.NextHop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the connected UDP sockets of a lane, on a separate thread. Akka's UDP listener cannot do that: it closes its
 * socket at an ICMP error and loses the datagrams in it. A socket is disconnected when its peer answers and closed a
 * second later; until then there is little to read.
 */
final class ConnectedUdpReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectedUdpReader.class);
    private static final int MOST_BYTES = 65_536;
    /**
     * How long a socket is read after it was disconnected. The kernel finishes a delivery within microseconds, unless
     * the hypervisor stops that processor.
     */
    private static final long DELIVERY_MS = 1_000;

    /** A socket that is being read. */
    static final class ReadSocket {
        private final NextHop hop;
        private final ConnectedUdpSocket watch;
        private long closeAtMs;
        private volatile boolean over;

        private ReadSocket(NextHop hop, ConnectedUdpSocket watch) {
            this.hop = hop;
            this.watch = watch;
        }

        /** Whether the socket is disconnected: the peer has answered, it was no longer needed, or it failed. */
        boolean isOver() {
            return over;
        }
    }

    private final LaneInlet inlet;
    private final LaneRef lane;
    private final List<LaneRef> lanes;
    private final Selector selector;
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final Queue<ReadSocket> disconnected = new ArrayDeque<>();
    private final AtomicInteger openSockets = new AtomicInteger();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MOST_BYTES);
    private volatile boolean closed;

    /**
     * Starts the reader's thread.
     *
     * @param inlet counts what {@code lane} cannot accept
     * @param lane receives the peers' datagrams
     * @param lanes notified of unreachable hops: all send from the same address, but the system reports to one socket
     *     only
     */
    static ConnectedUdpReader start(LaneInlet inlet, LaneRef lane, List<LaneRef> lanes) {
        try {
            ConnectedUdpReader reader = new ConnectedUdpReader(inlet, lane, lanes, Selector.open());
            Thread thread = new Thread(reader::run, "sip-watches");
            thread.setDaemon(true);
            thread.start();
            return reader;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ConnectedUdpReader(LaneInlet inlet, LaneRef lane, List<LaneRef> lanes, Selector selector) {
        this.inlet = inlet;
        this.lane = lane;
        this.lanes = lanes;
        this.selector = selector;
    }

    /**
     * Starts to watch a hop: when this returns, the operating system reports ICMP errors.
     *
     * @throws IOException if no socket can be opened
     */
    ReadSocket open(NextHop hop) throws IOException {
        if (closed) {
            throw new IOException("the reader has stopped");
        }
        ConnectedUdpSocket watch = ConnectedUdpSocket.bind(hop.socket().local());
        try {
            watch.connect(hop.remote());
        } catch (IOException e) {
            watch.channel().close();
            throw e;
        }
        openSockets.incrementAndGet();
        ReadSocket reading = new ReadSocket(hop, watch);
        enqueue(() -> register(reading));
        return reading;
    }

    /** The number of sockets that are open, including those that are disconnected already. */
    int openSockets() {
        return openSockets.get();
    }

    /** Disconnects a socket and closes it later, asynchronously. */
    void end(ReadSocket reading) {
        enqueue(() -> finish(reading));
    }

    private void enqueue(Runnable what) {
        orders.add(what);
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                selector.select(timeoutMs());
                runOrders();
                for (SelectionKey key : selector.selectedKeys()) {
                    read((ReadSocket) key.attachment());
                }
                selector.selectedKeys().clear();
                closeDisconnected(LaneInlet.monotonicMs());
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("the sockets that watch for ICMP can no longer be read", e);
        } finally {
            closed = true;
            finishAll();
        }
    }

    /** Returns 0 for no limit. */
    private long timeoutMs() {
        ReadSocket first = disconnected.peek();
        return first == null ? 0 : Math.max(1, first.closeAtMs - LaneInlet.monotonicMs());
    }

    private void closeDisconnected(long untilMs) {
        while (!disconnected.isEmpty() && disconnected.peek().closeAtMs <= untilMs) {
            close(disconnected.remove());
        }
    }

    private void runOrders() {
        for (Runnable order = orders.poll(); order != null; order = orders.poll()) {
            order.run();
        }
    }

    /** A socket that is no longer read must not stay connected. */
    private void finishAll() {
        try (selector) {
            runOrders();
            selector.keys().forEach(key -> finish((ReadSocket) key.attachment()));
            closeDisconnected(Long.MAX_VALUE);
        } catch (IOException e) {
            LOG.warn("the selector of the sockets that watch for ICMP could not be closed: {}", e.getMessage());
        }
    }

    private void register(ReadSocket reading) {
        try {
            reading.watch.channel().register(selector, SelectionKey.OP_READ, reading);
        } catch (IOException e) {
            finish(reading);
        }
    }

    private void read(ReadSocket reading) {
        try {
            if (reading.watch.receiveAll(buffer, (bytes, sender) -> forward(reading.hop, bytes, sender))) {
                finish(reading);
            }
        } catch (PortUnreachableException | NoRouteToHostException e) {
            reportUnreachable(reading.hop);
        } catch (IOException e) {
            // An error of this host, which says nothing about the peer.
            finish(reading);
        }
    }

    private void reportUnreachable(NextHop hop) {
        LaneRef.Unreachable message = new LaneRef.Unreachable(hop);
        lanes.forEach(one -> one.actor().tell(message, ActorRef.noSender()));
    }

    private void forward(NextHop hop, byte[] bytes, InetSocketAddress sender) {
        Flow flow = new Flow(hop.socket(), sender, Flow.NO_CONNECTION);
        if (!lane.handOver(new LaneRef.HandedOver(bytes, 0, bytes.length, flow))) {
            lane.run((relay, nowMs) -> inlet.overload());
        }
    }

    private void finish(ReadSocket reading) {
        if (reading.over) {
            return;
        }
        reading.over = true;
        reading.closeAtMs = LaneInlet.monotonicMs() + DELIVERY_MS;
        disconnected.add(reading);
        try {
            reading.watch.disconnect();
        } catch (IOException e) {
            warn(reading, "disconnected", e);
        }
    }

    private void close(ReadSocket reading) {
        try {
            reading.watch.close(buffer, (bytes, sender) -> forward(reading.hop, bytes, sender));
        } catch (IOException e) {
            warn(reading, "closed", e);
        } finally {
            openSockets.decrementAndGet();
        }
    }

    private static void warn(ReadSocket reading, String operation, IOException e) {
        LOG.warn(
                "the socket that watches {} for ICMP could not be {}: {}",
                reading.hop.remote(),
                operation,
                e.getMessage());
    }

    /** Closes all sockets, asynchronously. */
    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
