package org.sipdispatch.e2e;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A user agent over TCP that accepts and opens connections. A response uses the connection of its request. */
final class TcpUserAgent extends TestUserAgent {
    private static final Pattern LENGTH = Pattern.compile("(?im)^(?:l|content-length)\\s*:\\s*(\\d+)");

    private final ServerSocket listener;
    private final Map<InetSocketAddress, Socket> connections = new ConcurrentHashMap<>();

    private TcpUserAgent(ServerSocket listener) {
        super((InetSocketAddress) listener.getLocalSocketAddress());
        this.listener = listener;
        daemon("tcp " + hostPort(), this::accept);
    }

    static TcpUserAgent listening(InetSocketAddress local) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(local);
            return new TcpUserAgent(listener);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                use(listener.accept());
            }
        } catch (IOException closed) {
            // The socket was closed, which ends this thread.
        }
    }

    private Socket use(Socket socket) {
        InetSocketAddress peer = (InetSocketAddress) socket.getRemoteSocketAddress();
        connections.put(peer, socket);
        daemon("tcp " + hostPort() + " with " + peer, () -> read(socket, peer));
        return socket;
    }

    private void read(Socket socket, InetSocketAddress peer) {
        try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
            while (true) {
                byte[] message = message(in);
                if (message == null) {
                    return;
                }
                arrived(message, peer);
            }
        } catch (IOException closed) {
            connections.remove(peer);
        }
    }

    private static byte[] message(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.write(next);
        }
        Matcher length = LENGTH.matcher(head.toString(StandardCharsets.ISO_8859_1));
        head.write(in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0));
        return head.toByteArray();
    }

    @Override
    String transport() {
        return "TCP";
    }

    @Override
    void send(InetSocketAddress to, byte[] bytes) {
        try {
            Socket known = connections.get(to);
            Socket socket = known == null ? use(new Socket(to.getAddress(), to.getPort())) : known;
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : connections.values()) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
