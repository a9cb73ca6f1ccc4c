package org.sipdispatch.agents;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.awaitility.Awaitility;
import org.sipdispatch.sip.SipRequest;

/** A peer whose TLS is that of openssl: {@code s_client} or {@code s_server}, one connection at a time. */
public final class OpenSslPeer extends Peer {
    private final Process process;
    private final InetSocketAddress address;
    private final BiConsumer<OpenSslPeer, SipRequest> onRequest;
    private final Thread thread = new Thread(this::read, "openssl");

    private OpenSslPeer(
            InetSocketAddress address, BiConsumer<OpenSslPeer, SipRequest> onRequest, List<String> arguments) {
        this.address = address;
        this.onRequest = onRequest;
        try {
            process = new ProcessBuilder(arguments)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** Connects to a node. {@code options}: more options of {@code s_client}. */
    public static OpenSslPeer connected(
            InetSocketAddress to, BiConsumer<OpenSslPeer, SipRequest> onRequest, String... options) {
        List<String> arguments = arguments("s_client", options);
        arguments.addAll(List.of("-connect", SipText.hostPort(to)));
        return new OpenSslPeer(to, onRequest, arguments);
    }

    /** Listens at this address. {@code options}: more options of {@code s_server}. */
    public static OpenSslPeer listening(
            InetSocketAddress local, BiConsumer<OpenSslPeer, SipRequest> onRequest, String... options) {
        List<String> arguments = arguments("s_server", options);
        arguments.addAll(List.of("-accept", SipText.hostPort(local)));
        OpenSslPeer peer = new OpenSslPeer(local, onRequest, arguments);
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> isOpen(local));
        return peer;
    }

    private static boolean isOpen(InetSocketAddress local) {
        try (Socket socket = new Socket(local.getAddress(), local.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> arguments(String command, String... options) {
        List<String> arguments = new ArrayList<>(List.of("openssl", command, "-quiet"));
        arguments.addAll(List.of(options));
        return arguments;
    }

    private void read() {
        try {
            InputStream in = process.getInputStream();
            for (byte[] message = TcpPeer.message(in); message != null; message = TcpPeer.message(in)) {
                take(message);
                if (SipText.parsed(message, message.length) instanceof SipRequest request) {
                    onRequest.accept(this, request);
                }
            }
        } catch (IOException ended) {
            // The process has ended.
        }
    }

    public void send(String message) {
        try {
            process.getOutputStream().write(SipText.bytes(message));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the process, and so its connection, has ended. */
    public boolean isEnded() {
        return !process.isAlive();
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
