package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Datagrams are received in every state of a connected UDP socket. */
@Timeout(60)
class ConnectedUdpSocketTest {
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();
    private static final int PEERS = 200;
    private static final int LANES = 2;

    private final ByteBuffer buffer = ByteBuffer.allocate(100);
    private final List<DatagramChannel> listeners = new ArrayList<>();
    private final List<DatagramSocket> peers = new ArrayList<>();
    private InetSocketAddress local;

    @BeforeEach
    void open() throws IOException {
        String reason = ConnectedUdpCheck.unsupportedReason(HOST);
        assumeTrue(reason == null, reason);
        local = new InetSocketAddress(HOST, 0);
        for (int i = 0; i < LANES; i++) {
            DatagramChannel listener = PortSharingOptions.open(StandardProtocolFamily.INET);
            listener.bind(local);
            listener.configureBlocking(false);
            local = (InetSocketAddress) listener.getLocalAddress();
            listeners.add(listener);
        }
        for (int i = 0; i < PEERS; i++) {
            peers.add(new DatagramSocket(new InetSocketAddress(HOST, 0)));
        }
    }

    @AfterEach
    void close() throws IOException {
        for (DatagramChannel listener : listeners) {
            listener.close();
        }
        peers.forEach(DatagramSocket::close);
    }

    private void send(DatagramSocket peer) throws IOException {
        peer.send(new DatagramPacket(new byte[] {1}, 1, local));
    }

    private void allSend() throws IOException {
        for (DatagramSocket peer : peers) {
            send(peer);
        }
    }

    private InetSocketAddress address(DatagramSocket peer) {
        return (InetSocketAddress) peer.getLocalSocketAddress();
    }

    private int atListeners() throws IOException {
        int count = 0;
        for (DatagramChannel listener : listeners) {
            while (listener.receive(buffer.clear()) != null) {
                count++;
            }
        }
        return count;
    }

    private int at(ConnectedUdpSocket watch) throws IOException {
        AtomicInteger count = new AtomicInteger();
        watch.receiveAll(buffer, (bytes, sender) -> count.incrementAndGet());
        return count.get();
    }

    private void awaitAtListeners(int expected) {
        AtomicInteger count = new AtomicInteger();
        await().until(() -> count.addAndGet(atListeners()), found -> found == expected);
    }

    @Test
    void whileItsConnectIsHeldUpItIsGivenNothing() throws IOException {
        ConnectedUdpSocket watch = ConnectedUdpSocket.bind(local);

        allSend();

        awaitAtListeners(PEERS);
        assertThat(at(watch)).isZero();
        watch.connect(address(peers.get(0)));
        allSend();
        awaitAtListeners(PEERS - 1);
        await().until(() -> at(watch) == 1);
        watch.channel().close();
    }

    @Test
    void whatCameBeforeItsEndIsTakenAndTheRestGoesToTheListener() throws IOException {
        ConnectedUdpSocket watch = ConnectedUdpSocket.bind(local);
        watch.connect(address(peers.get(0)));
        allSend();
        awaitAtListeners(PEERS - 1);

        List<byte[]> taken = new ArrayList<>();
        watch.disconnect();
        allSend();

        awaitAtListeners(PEERS);
        watch.close(buffer, (bytes, sender) -> taken.add(bytes));
        assertThat(taken).hasSize(1);
    }

    @Test
    void icmpIsReportedAndWhatCameBehindItIsTaken() throws IOException {
        InetSocketAddress gone = address(peers.get(0));
        ConnectedUdpSocket watch = ConnectedUdpSocket.bind(local);
        watch.connect(gone);
        peers.get(0).close();
        listeners.get(0).send(ByteBuffer.wrap(new byte[1]), gone);
        try (DatagramSocket back = new DatagramSocket(gone)) {
            send(back);

            List<Integer> received = new ArrayList<>();
            await().until(() -> received.add(take(watch)) && received.contains(1));
            assertThat(received).containsSubsequence(-1, 1);
        }
        watch.channel().close();
    }

    private int take(ConnectedUdpSocket watch) throws IOException {
        try {
            return at(watch);
        } catch (PortUnreachableException e) {
            return -1;
        }
    }

    /** Limits the datagrams in flight, so that no kernel buffer overflows. */
    private void sendUntil(CountDownLatch ended, DatagramSocket peer, AtomicInteger sent, AtomicInteger taken) {
        try {
            while (ended.getCount() > 0) {
                if (sent.get() - taken.get() < 100) {
                    send(peer);
                    sent.incrementAndGet();
                } else {
                    Thread.onSpinWait();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The interval between the connect system call and the first read cannot be prolonged, so the test repeats it. A
     * delivery that the kernel had begun before a socket was disconnected ends while the next ones are opened.
     */
    @Test
    void nothingIsLostWhileWatchesBeginAndEnd() throws Exception {
        DatagramSocket peer = peers.get(0);
        AtomicInteger sent = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(1);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendUntil(ended, peer, sent, taken));
        Deque<ConnectedUdpSocket> disconnected = new ArrayDeque<>();
        for (int i = 0; i < 2_000 || sent.get() <= 2_000; i++) {
            ConnectedUdpSocket watch = ConnectedUdpSocket.bind(local);
            watch.connect(address(peer));
            taken.addAndGet(at(watch));
            watch.disconnect();
            disconnected.add(watch);
            if (disconnected.size() > 50) {
                disconnected.remove().close(buffer, (bytes, sender) -> taken.incrementAndGet());
            }
            taken.addAndGet(atListeners());
        }
        ended.countDown();
        sending.join();
        for (ConnectedUdpSocket watch : disconnected) {
            watch.close(buffer, (bytes, sender) -> taken.incrementAndGet());
        }

        await().untilAsserted(() -> assertThat(taken.addAndGet(atListeners())).isEqualTo(sent.get()));
    }
}
