package org.sipdispatch.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Large INVITEs from one address over UDP, which nobody cancels, and the user agent that rings for each. */
public final class InviteFlood implements AutoCloseable {
    private final DatagramChannel channel;
    private final InetSocketAddress to;
    private final String body;
    private int sent;
    private int ringing;
    private int refused;

    public InviteFlood(String from, InetSocketAddress to, int bodyBytes) {
        this.to = to;
        body = "x".repeat(bodyBytes);
        channel = channel(new InetSocketAddress(from, 0));
    }

    private static DatagramChannel channel(InetSocketAddress local) {
        try {
            DatagramChannel channel = DatagramChannel.open();
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 4 << 20);
            channel.bind(local);
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends so many, evenly over that time. */
    public void send(int many, Duration within) {
        try {
            channel.configureBlocking(false);
            Requests requests =
                    Requests.udp((InetSocketAddress) channel.getLocalAddress()).withBody(body);
            long everyNanos = within.toNanos() / many;
            long dueNanos = System.nanoTime();
            for (int i = 0; i < many; i++) {
                channel.send(ByteBuffer.wrap(SipText.bytes(requests.of("INVITE", Requests.newCall()))), to);
                sent++;
                dueNanos += everyNanos;
                do {
                    count();
                    LockSupport.parkNanos(Math.max(0, dueNanos - System.nanoTime()));
                } while (System.nanoTime() < dueNanos);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Counts the answers that have come since. */
    public void count() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(65_536);
        while (channel.receive(buffer.clear()) != null) {
            if (SipText.parsed(buffer.array().clone(), buffer.position()) instanceof SipResponse response) {
                ringing += response.status() == 180 ? 1 : 0;
                refused += response.status() == 503 ? 1 : 0;
            }
        }
    }

    public int sent() {
        return sent;
    }

    /** How many answers with 180 came. */
    public int ringing() {
        return ringing;
    }

    /** How many answers with 503 came. */
    public int refused() {
        return refused;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** A user agent that rings for every INVITE and never answers. */
    public static final class Bell implements AutoCloseable {
        private final DatagramChannel channel;

        public Bell(String host) {
            channel = channel(new InetSocketAddress(host, 0));
            Thread thread = new Thread(this::run, "bell");
            thread.setDaemon(true);
            thread.start();
        }

        public InetSocketAddress address() {
            try {
                return (InetSocketAddress) channel.getLocalAddress();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void run() {
            ByteBuffer buffer = ByteBuffer.allocate(65_536);
            try {
                while (true) {
                    InetSocketAddress from = (InetSocketAddress) channel.receive(buffer.clear());
                    if (SipText.parsed(buffer.array().clone(), buffer.position()) instanceof SipRequest request
                            && request.isMethod("INVITE")) {
                        channel.send(ByteBuffer.wrap(SipText.bytes(SipText.response(request, 180, "bell"))), from);
                    }
                }
            } catch (IOException closed) {
                // The channel was closed: that is how this thread ends.
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
