package org.sipdispatch.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipParser;
import org.sipdispatch.sip.SipRequest;

/**
 * A user agent of a scenario: sends raw text and keeps everything that it receives, so that a test can wait for a
 * message or check that one is missing.
 */
abstract class TestUserAgent implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A message with its received bytes and its source; {@code sip} is null if it cannot be parsed. */
    record Received(SipMessage sip, byte[] bytes, InetSocketAddress from) {
        @Override
        public String toString() {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private final List<Received> inbox = new ArrayList<>();
    private final InetSocketAddress local;
    private volatile boolean answersPings;

    TestUserAgent(InetSocketAddress local) {
        this.local = local;
    }

    /** A user agent on a free port. */
    static TestUserAgent udp() {
        return udp(NodeProcess.at(Ports.next()));
    }

    static TestUserAgent udp(InetSocketAddress local) {
        try {
            return new Udp(new DatagramSocket(local));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TestUserAgent tcp() {
        return TcpUserAgent.listening(NodeProcess.at(Ports.next()));
    }

    int port() {
        return local.getPort();
    }

    /** {@code UDP} or {@code TCP}. */
    abstract String transport();

    abstract void send(InetSocketAddress to, byte[] bytes);

    void send(InetSocketAddress to, String text) {
        send(to, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** {@code host:port} for Via and Contact. */
    String hostPort() {
        return local.getAddress().getHostAddress() + ":" + local.getPort();
    }

    /** A SIP URI for a Contact. */
    String uri(String user) {
        return "sip:" + user + "@" + hostPort() + (transport().equals("TCP") ? ";transport=tcp" : "");
    }

    /** Waits for a message and removes it. */
    Received take(String what, Predicate<Received> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        synchronized (inbox) {
            while (true) {
                for (Received one : inbox) {
                    if (wanted.test(one)) {
                        inbox.remove(one);
                        return one;
                    }
                }
                long leftMs = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    throw new AssertionError("no " + what + " at " + hostPort() + " but " + inbox);
                }
                try {
                    inbox.wait(leftMs);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** From now on answers each OPTIONS with 200, and keeps none. */
    TestUserAgent answeringPings() {
        answersPings = true;
        return this;
    }

    /** The received messages that no test has taken. */
    List<Received> seen(Predicate<Received> wanted) {
        synchronized (inbox) {
            return inbox.stream().filter(wanted).toList();
        }
    }

    /** Discards the received messages that match. */
    void drop(Predicate<Received> unwanted) {
        synchronized (inbox) {
            inbox.removeIf(unwanted);
        }
    }

    final void arrived(byte[] bytes, InetSocketAddress from) {
        SipMessage sip = SipParser.parse(bytes, 0, bytes.length) instanceof SipMessage message ? message : null;
        if (answersPings && sip instanceof SipRequest request && request.isMethod("OPTIONS")) {
            send(from, SipText.response(request, 200, "ping"));
            return;
        }
        synchronized (inbox) {
            inbox.add(new Received(sip, bytes, from));
            inbox.notifyAll();
        }
    }

    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public abstract void close();

    private static final class Udp extends TestUserAgent {
        private final DatagramSocket socket;
        private final Thread reader;

        Udp(DatagramSocket socket) throws IOException {
            super((InetSocketAddress) socket.getLocalSocketAddress());
            this.socket = socket;
            socket.setReceiveBufferSize(1 << 20);
            reader = daemon("udp " + hostPort(), this::read);
        }

        private void read() {
            byte[] buffer = new byte[65_536];
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                    socket.receive(packet);
                    arrived(java.util.Arrays.copyOf(buffer, packet.getLength()), (InetSocketAddress)
                            packet.getSocketAddress());
                }
            } catch (IOException closed) {
                // The socket was closed, which ends this thread.
            }
        }

        @Override
        String transport() {
            return "UDP";
        }

        @Override
        void send(InetSocketAddress to, byte[] bytes) {
            try {
                socket.send(new DatagramPacket(bytes, bytes.length, to));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Waits for the reader, because the port is free only when no thread waits at the socket. */
        @Override
        public void close() {
            socket.close();
            try {
                reader.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
