package org.sipdispatch.agents;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipMessage;
import org.sipdispatch.sip.SipResponse;

/**
 * User agents that register and call with digest credentials, through one socket: first all send a request without
 * credentials, then all answer their challenges. Every second one sends an INVITE, the others a REGISTER. A request
 * without a final response is repeated.
 */
public final class DigestClients implements AutoCloseable {
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^\",\\s]+))");
    private static final int AT_ONCE = 50;
    private static final long REPEAT_NANOS = 500_000_000;

    private final UdpPeer peer = new UdpPeer("127.0.0.1");
    private final List<String> calls;
    private int read;
    /** The final responses, by Call-ID and CSeq number; likewise the others. */
    private final Map<String, SipResponse> finals = new LinkedHashMap<>();

    private final Map<String, Long> sentNanos = new HashMap<>();
    private final Map<String, InetSocketAddress> targets = new HashMap<>();

    public DigestClients(int clients) {
        calls = IntStream.range(0, clients).mapToObj(i -> Requests.newCall()).toList();
    }

    /** The parameters of a challenge or of credentials. */
    static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (Matcher one = PARAMETER.matcher(text); one.find(); ) {
            parameters.put(one.group(1), one.group(2) == null ? one.group(3) : one.group(2));
        }
        return parameters;
    }

    /** The digest of RFC 7616 section 3.4.1, with MD5 and {@code qop=auth}. */
    static String digest(String method, Map<String, String> fields, String password) {
        String secret = md5(fields.get("username") + ":" + fields.get("realm") + ":" + password);
        String request = md5(method + ":" + fields.get("uri"));
        return md5(secret + ":" + fields.get("nonce") + ":" + fields.get("nc") + ":" + fields.get("cnonce") + ":auth:"
                + request);
    }

    private static String md5(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String method(int client) {
        return client % 2 == 0 ? "REGISTER" : "INVITE";
    }

    /**
     * All send a request without credentials and wait for the response.
     *
     * @param node the address that a client sends to
     * @return the codes of the final responses
     */
    public List<Integer> begin(IntFunction<InetSocketAddress> node) {
        return exchange(1, node);
    }

    /** All answer their challenges and wait for the response. */
    public List<Integer> answer(IntFunction<InetSocketAddress> node) {
        return exchange(2, node);
    }

    private List<Integer> exchange(int cseq, IntFunction<InetSocketAddress> node) {
        for (int from = 0; from < calls.size(); from += AT_ONCE) {
            List<Integer> some = IntStream.range(from, Math.min(from + AT_ONCE, calls.size()))
                    .boxed()
                    .toList();
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .pollDelay(0, TimeUnit.MILLISECONDS)
                    .pollInterval(2, TimeUnit.MILLISECONDS)
                    .until(() -> !sendDue(some, cseq, node));
        }
        return calls.stream().map(call -> finals.get(call + cseq).status()).toList();
    }

    /** Sends what has no final response and was not sent for a while. Returns whether any is without a response. */
    private boolean sendDue(List<Integer> clients, int cseq, IntFunction<InetSocketAddress> node) {
        readResponses();
        boolean open = false;
        for (int client : clients) {
            String key = calls.get(client) + cseq;
            if (!finals.containsKey(key)) {
                open = true;
                long now = System.nanoTime();
                Long before = sentNanos.get(key);
                if (before == null || now - before > REPEAT_NANOS) {
                    sentNanos.put(key, now);
                    targets.put(key, node.apply(client));
                    peer.send(targets.get(key), request(client, cseq));
                }
            }
        }
        return open;
    }

    private void readResponses() {
        List<SipMessage> received = peer.received();
        for (; read < received.size(); read++) {
            if (received.get(read) instanceof SipResponse response && !response.isProvisional()) {
                String call = SipText.callId(response);
                finals.put(call + response.cseqNumber(), response);
                if (response.cseqMethodIs("INVITE") && !response.isSuccess()) {
                    acknowledge(response);
                }
            }
        }
    }

    private String request(int client, int cseq) {
        String method = method(client);
        String call = calls.get(client);
        String credentials = cseq == 1 ? "" : credentials(method, finals.get(call + 1));
        return text(method, call, cseq, "", credentials);
    }

    private String text(String method, String call, int cseq, String toTag, String more) {
        return method + " sip:tests SIP/2.0\r\n"
                + "Via: SIP/2.0/UDP " + SipText.hostPort(peer.address()) + ";branch=z9hG4bK" + call + cseq + "\r\n"
                + "Max-Forwards: 70\r\nFrom: <sip:alice@tests>;tag=a\r\nTo: <sip:alice@tests>" + toTag + "\r\n"
                + "Call-ID: " + call + "\r\nCSeq: " + cseq + " " + method + "\r\n" + more + "Content-Length: 0\r\n\r\n";
    }

    private static String credentials(String method, SipResponse challenge) {
        boolean register = method.equals("REGISTER");
        Map<String, String> fields = parameters(challenge.text(register ? "WWW-Authenticate" : "Proxy-Authenticate"));
        Map<String, String> own = new LinkedHashMap<>();
        own.put("username", "alice");
        own.put("realm", fields.get("realm"));
        own.put("nonce", fields.get("nonce"));
        own.put("uri", "sip:tests");
        own.put("cnonce", "c");
        own.put("nc", "00000001");
        own.put("response", digest(method, own, DigestServer.PASSWORD));
        if (fields.containsKey("opaque")) {
            own.put("opaque", fields.get("opaque"));
        }
        StringBuilder text =
                new StringBuilder(register ? "Authorization" : "Proxy-Authorization").append(": Digest qop=auth");
        own.forEach((name, value) ->
                text.append(", ").append(name).append(name.equals("nc") ? "=" + value : "=\"" + value + "\""));
        return text.append("\r\n").toString();
    }

    private void acknowledge(SipResponse response) {
        String tag = ";tag=" + response.to().tagText();
        String call = response.text(HeaderName.CALL_ID);
        int cseq = (int) response.cseqNumber();
        peer.send(targets.get(call + cseq), text("ACK", call, cseq, tag, ""));
    }

    @Override
    public void close() {
        peer.close();
    }
}
