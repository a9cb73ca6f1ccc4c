package org.sipdispatch.agents;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipRequest;

/** A SIP client over WebSocket: that of Java. */
public final class WebSocketPeer extends Peer implements WebSocket.Listener {
    private static final int PATIENCE_SECONDS = 20;

    private final InetSocketAddress node;
    private final BiConsumer<WebSocketPeer, SipRequest> onRequest;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private WebSocket socket;

    private WebSocketPeer(InetSocketAddress node, BiConsumer<WebSocketPeer, SipRequest> onRequest) {
        this.node = node;
        this.onRequest = onRequest;
    }

    /**
     * Connects to a node.
     *
     * @param tls null for ws
     * @param origin null for none
     * @throws WebSocketHandshakeException if the node refuses
     */
    public static WebSocketPeer connected(
            InetSocketAddress node,
            SSLContext tls,
            String origin,
            String subprotocol,
            BiConsumer<WebSocketPeer, SipRequest> onRequest)
            throws WebSocketHandshakeException {
        WebSocketPeer peer = new WebSocketPeer(node, onRequest);
        HttpClient client = tls == null
                ? HttpClient.newHttpClient()
                : HttpClient.newBuilder().sslContext(tls).build();
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (origin != null) {
            builder.header("Origin", origin);
        }
        if (subprotocol != null) {
            builder.subprotocols(subprotocol);
        }
        URI uri = URI.create((tls == null ? "ws://" : "wss://") + SipText.hostPort(node) + "/");
        try {
            peer.socket = builder.buildAsync(uri, peer)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw refused;
            }
            throw e;
        }
        return peer;
    }

    /** One that answers every request but ACK with 200. */
    public static void answer(WebSocketPeer peer, SipRequest request) {
        if (!request.isMethod("ACK")) {
            peer.send(SipText.response(request, 200, "browser", "Contact: <sip:browser@answer.invalid;transport=ws>"));
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            events.add("text");
            byte[] message = text.toString().getBytes(StandardCharsets.UTF_8);
            text.setLength(0);
            take(message);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        events.add("binary");
        byte[] message = new byte[data.remaining()];
        data.get(message);
        take(message);
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        events.add("ping");
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
        events.add("pong " + StandardCharsets.US_ASCII.decode(message));
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        events.add("close " + code);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        events.add("error");
    }

    @Override
    protected void onMessage(SipMessage message) {
        if (message instanceof SipRequest request) {
            onRequest.accept(this, request);
        }
    }

    /** What arrived, in order: {@code text}, {@code binary}, {@code ping}, {@code pong PAYLOAD}, {@code close CODE}. */
    public List<String> events() {
        return events;
    }

    public synchronized void send(String message) {
        await(socket.sendText(message, true));
    }

    /** Sends it in two fragments. */
    public synchronized void sendFragments(String message, int split) {
        await(socket.sendText(message.substring(0, split), false));
        await(socket.sendText(message.substring(split), true));
    }

    public synchronized void sendBinary(byte[] message) {
        await(socket.sendBinary(ByteBuffer.wrap(message), true));
    }

    public synchronized void ping(String payload) {
        await(socket.sendPing(ByteBuffer.wrap(SipText.bytes(payload))));
    }

    /** Begins the closing handshake. */
    public synchronized void sayGoodbye() {
        await(socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye"));
    }

    private static void await(CompletableFuture<WebSocket> sent) {
        sent.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public InetSocketAddress address() {
        return node;
    }

    /** Breaks the connection off. */
    @Override
    public void close() {
        socket.abort();
    }
}
