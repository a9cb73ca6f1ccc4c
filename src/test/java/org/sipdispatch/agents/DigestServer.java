package org.sipdispatch.agents;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;

/**
 * A server over UDP that challenges REGISTER with 401 and INVITE with 407. It accepts credentials only for a nonce that
 * it issued itself, with the opaque that it sent along, if any, and with the right digest (RFC 7616).
 */
public final class DigestServer implements AutoCloseable {
    static final String PASSWORD = "secret of the tests";

    private final UdpPeer peer;
    private final boolean hasOpaque;
    /** The opaque that was sent with each nonce; empty for none. */
    private final Map<String, String> issued = new ConcurrentHashMap<>();

    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();

    private DigestServer(String host, boolean hasOpaque) {
        this.hasOpaque = hasOpaque;
        peer = new UdpPeer(new InetSocketAddress(host, 0), (unused, request) -> answer(request));
    }

    /** {@code hasOpaque}: whether its challenges have an opaque. */
    public static DigestServer start(String host, boolean hasOpaque) {
        return new DigestServer(host, hasOpaque);
    }

    public String uri() {
        return "sip:" + SipText.hostPort(peer.address());
    }

    /** Requests whose credentials were right, retransmissions included. */
    public int accepted() {
        return accepted.get();
    }

    /** Requests whose credentials answer another server's challenge, or are wrong. */
    public int refused() {
        return refused.get();
    }

    private void answer(SipRequest request) {
        if (request.isMethod("ACK")) {
            return;
        }
        boolean register = request.isMethod("REGISTER");
        String credentials = request.text(register ? HeaderName.AUTHORIZATION : HeaderName.PROXY_AUTHORIZATION);
        if (request.isMethod("OPTIONS") || credentials != null && isRight(request.method(), credentials)) {
            accepted.incrementAndGet();
            String contact = "Contact: <sip:callee@" + SipText.hostPort(peer.address()) + ">";
            send(SipText.response(request, 200, "server", contact));
            return;
        }
        if (credentials != null) {
            refused.incrementAndGet();
        }
        String nonce = UUID.randomUUID().toString();
        String opaque = hasOpaque ? UUID.randomUUID().toString() : "";
        issued.put(nonce, opaque);
        String challenge = "Digest realm=\"tests\", nonce=\"" + nonce + "\", qop=\"auth\", algorithm=MD5"
                + (hasOpaque ? ", opaque=\"" + opaque + "\"" : "");
        String name = register ? "WWW-Authenticate: " : "Proxy-Authenticate: ";
        send(SipText.response(request, register ? 401 : 407, "server", name + challenge));
    }

    private void send(String response) {
        peer.send(peer.lastSource(), response);
    }

    private boolean isRight(String method, String credentials) {
        Map<String, String> fields = DigestClients.parameters(credentials);
        String opaque = issued.get(fields.getOrDefault("nonce", ""));
        return opaque != null
                && opaque.equals(fields.getOrDefault("opaque", ""))
                && DigestClients.digest(method, fields, PASSWORD).equals(fields.get("response"));
    }

    @Override
    public void close() {
        peer.close();
    }
}
