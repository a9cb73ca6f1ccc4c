package org.sipdispatch.e2e;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.e2e.TestUserAgent.Received;
import org.sipdispatch.proxy.MessageLanes;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/**
 * A caller that asks how its request would be routed and then sends it, and the destinations, which record the
 * requests.
 */
final class PickProbe implements AutoCloseable {
    static final int LANES = 2;

    private final Map<String, List<Integer>> arrivals = new ConcurrentHashMap<>();
    private final List<String> wrong = new ArrayList<>();
    /** The last one refuses everything but pings, so that requests fail over to the next candidate. */
    private final List<UdpPeer> agents =
            Stream.of(486, 486, 486, 486, 503).map(this::answering).toList();

    private final TestUserAgent caller = TestUserAgent.udp();
    private final InetSocketAddress node;
    private final PickClient oracle;
    private int secondOnes;

    PickProbe(int port, int management) {
        node = NodeProcess.at(port);
        oracle = new PickClient(management, caller.hostPort());
    }

    private UdpPeer answering(int inviteCode) {
        return new UdpPeer(NodeProcess.at(0), (peer, request) -> {
            if (!request.isMethod("ACK")) {
                note(peer, request);
                int code = request.isMethod("INVITE") || inviteCode == 503 ? inviteCode : 200;
                int answer = request.isMethod("OPTIONS") ? 200 : code;
                peer.send(peer.lastSource(), SipText.response(request, answer, "agent"));
            }
        });
    }

    /** Counts each agent once, even if it received the request several times. */
    private void note(UdpPeer peer, SipRequest request) {
        List<Integer> ports = arrivals.computeIfAbsent(SipText.callId(request), call -> new CopyOnWriteArrayList<>());
        if (!ports.contains(peer.address().getPort())) {
            ports.add(peer.address().getPort());
        }
    }

    int agent(int number) {
        return agents.get(number).address().getPort();
    }

    int refusing() {
        return agent(agents.size() - 1);
    }

    /** A request whose Call-ID maps to that lane; -1 for any. */
    String request(int lane, String method, String user, String from, String... lines) {
        while (true) {
            String id = UUID.randomUUID().toString();
            String request = method + " sip:" + user + "@dispatcher SIP/2.0\r\nVia: SIP/2.0/UDP " + caller.hostPort()
                    + ";branch=z9hG4bK" + id + "\r\nMax-Forwards: 70\r\nFrom: <" + from + ">;tag=1\r\nTo: <sip:" + user
                    + "@dispatcher>\r\nCall-ID: " + id + "\r\nCSeq: 1 " + method + "\r\n" + String.join("\r\n", lines)
                    + "\r\nContent-Length: 0\r\n\r\n";
            if (lane < 0 || MessageLanes.laneOf(SipText.bytes(request), LANES) == lane) {
                return request;
            }
        }
    }

    void hold(String id) {
        oracle.hold(id);
    }

    PickClient.Explained explain(String request) {
        return oracle.ask(request);
    }

    /**
     * Asks, sends the same request, and compares: the first candidate gets it, and each next one only if the previous
     * one refused it or is the closed port.
     */
    void probe(String request, int closed) {
        SipRequest parsed = (SipRequest) SipText.parsed(SipText.bytes(request), request.length());
        PickClient.Explained explained = explain(request);

        caller.send(node, request);
        Received answer = caller.take(
                "final response",
                one -> one.sip() instanceof SipResponse response
                        && !response.isProvisional()
                        && SipText.callId(response).equals(SipText.callId(parsed)));
        acknowledge(request, answer.sip().text(HeaderName.TO));
        caller.drop(one -> true);

        List<Integer> expected = expected(explained, closed);
        List<Integer> got = arrivals.getOrDefault(SipText.callId(parsed), List.of());
        if (!explained.outcome().equals("dispatch") || expected.isEmpty() || !got.equals(expected)) {
            wrong.add(request + "was told " + explained + " but came to " + got);
        }
        secondOnes += got.isEmpty() || explained.candidates().get(0).endsWith(":" + got.get(got.size() - 1)) ? 0 : 1;
    }

    private List<Integer> expected(PickClient.Explained explained, int closed) {
        List<Integer> expected = new ArrayList<>();
        for (String uri : explained.candidates()) {
            int port = Integer.parseInt(uri.substring(uri.lastIndexOf(':') + 1));
            if (port != closed) {
                expected.add(port);
                if (port != refusing()) {
                    return expected;
                }
            }
        }
        return expected;
    }

    private void acknowledge(String request, String to) {
        if (request.startsWith("INVITE ")) {
            caller.send(
                    node,
                    request.replaceFirst("^INVITE", "ACK")
                            .replaceFirst("CSeq: 1 INVITE", "CSeq: 1 ACK")
                            .replaceFirst("To: [^\r]*", "To: " + to));
        }
    }

    /** The explanations that differ from what happened. */
    List<String> wrong() {
        return wrong;
    }

    /** The number of requests that another than the first candidate accepted. */
    int secondOnes() {
        return secondOnes;
    }

    @Override
    public void close() {
        caller.close();
        agents.forEach(UdpPeer::close);
    }
}
