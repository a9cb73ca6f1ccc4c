package org.sipdispatch.agents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.sipdispatch.sip.SipRequest;

/** A peer that listens on TCP, and may connect as well. */
public final class TcpPeer extends Peer {
    /** One of its connections. */
    public final class Connection {
        private final Socket socket;
        private volatile boolean ended;

        private Connection(Socket socket) {
            this.socket = socket;
            connections.add(this);
        }

        /** Reads from now on, when all who may look for it can find it. */
        private Connection begin() {
            Thread thread = new Thread(this::read, "peer-" + socket.getLocalPort());
            thread.setDaemon(true);
            thread.start();
            return this;
        }

        private void read() {
            try {
                InputStream in = socket.getInputStream();
                for (byte[] message = message(in); message != null; message = message(in)) {
                    answer(message);
                }
            } catch (IOException reset) {
                // Ends as by an orderly close.
            }
            ended = true;
        }

        private void answer(byte[] message) {
            take(message);
            if (SipText.parsed(message, message.length) instanceof SipRequest request) {
                onRequest.accept(this, request);
            }
        }

        public void send(String message) {
            send(SipText.bytes(message));
        }

        public void send(byte[] message) {
            try {
                socket.getOutputStream().write(message);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Whether the other side has closed it. */
        public boolean isEnded() {
            return ended;
        }

        public InetSocketAddress local() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        public void close() {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Closes it with a RST instead of a FIN. */
        public void reset() {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            close();
        }
    }

    private final ServerSocket listener;
    private final BiConsumer<Connection, SipRequest> onRequest;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final List<Connection> taken = new CopyOnWriteArrayList<>();

    public TcpPeer(InetSocketAddress local, BiConsumer<Connection, SipRequest> onRequest) {
        this.onRequest = onRequest;
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(local, 1000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::accept, "peer-" + address().getPort());
        thread.setDaemon(true);
        thread.start();
    }

    public TcpPeer(String host) {
        this(new InetSocketAddress(host, 0), (connection, request) -> {});
    }

    /** One that answers every request but ACK with one code. */
    public static TcpPeer answering(String host, int code) {
        return answering(new InetSocketAddress(host, 0), code);
    }

    public static TcpPeer answering(InetSocketAddress local, int code) {
        return new TcpPeer(local, (connection, request) -> {
            if (!request.isMethod("ACK")) {
                String contact = "Contact: <sip:callee@" + SipText.hostPort(connection.local()) + ";transport=tcp>";
                connection.send(SipText.response(request, code, "callee", contact));
            }
        });
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Connection next = new Connection(listener.accept());
                taken.add(next);
                next.begin();
            } catch (IOException closed) {
                // The socket was closed: that is how this thread ends.
            }
        }
    }

    public Connection connect(InetSocketAddress to) {
        return connect(null, to);
    }

    /** Connects from this address; null for any. */
    public Connection connect(InetSocketAddress from, InetSocketAddress to) {
        try {
            Socket socket = new Socket();
            // Before it connects: the far end may have reset it right behind that.
            socket.setTcpNoDelay(true);
            if (from != null) {
                socket.bind(from);
            }
            socket.connect(to, 5_000);
            return new Connection(socket).begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Connects as a proxy does.
     *
     * @param first what goes before everything else, also before TLS
     * @param tls null for none
     */
    public Connection connect(InetSocketAddress to, byte[] first, SSLSocketFactory tls) {
        try {
            Socket plain = new Socket();
            plain.setTcpNoDelay(true);
            plain.connect(to, 5_000);
            plain.getOutputStream().write(first);
            if (tls == null) {
                return new Connection(plain).begin();
            }
            SSLSocket socket = (SSLSocket) tls.createSocket(plain, to.getHostString(), to.getPort(), true);
            socket.startHandshake();
            return new Connection(socket).begin();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The connections that others have made to it. */
    public List<Connection> taken() {
        return taken;
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(Connection::close);
    }

    /** One message, framed by its Content-Length; null at the end of the stream. */
    static byte[] message(InputStream in) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            message.write(b);
            String text = message.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
            if (text.equals("\r\n")) {
                message.reset();
            } else if (text.endsWith("\r\n\r\n")) {
                message.write(in.readNBytes(contentLength(text)));
                return message.toByteArray();
            }
        }
        return null;
    }

    private static int contentLength(String head) {
        return Arrays.stream(head.split("\r\n"))
                .filter(line -> line.matches("(?i)(content-length|l)\\s*:.*"))
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .mapToInt(Integer::parseInt)
                .findFirst()
                .orElse(0);
    }
}
