package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.OpenSslPeer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Clients that ask for the requests to an address on which nothing listens (RFC 5923). */
@Timeout(120)
class TlsAliasTest {
    private static final String HOST = "127.0.0.1";
    private static final String NAME = "peer.example.com";
    private static final int CALLS = 12;
    private static final int CONNECTIONS = 6;

    @TempDir
    static Path directory;

    private static Certificates certificates;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final InetSocketAddress tlsSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress udpSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress alias = Ports.freeAddress(HOST);
    private final UdpPeer caller = closing(new UdpPeer(HOST));
    private TestNode node;

    @BeforeAll
    static void makeCertificates() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("node", "DNS:node.example.com,IP:127.0.0.1", "ca", "", "-days 2");
        certificates.signed("peer", "DNS:" + NAME + ",IP:127.0.0.1", "ca", "", "-days 2");
        certificates.signed("renewed", "IP:127.0.0.1,DNS:" + NAME, "ca", "", "-days 2");
        certificates.signed("other", "DNS:other.example.com,IP:127.0.0.1", "ca", "", "-days 2");
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    private static String pair(String name) {
        return "certificate = \"" + certificates.file(name + ".pem") + "\", private_key = \""
                + certificates.file(name + ".key") + "\", ca_list = \"" + certificates.file("ca.pem") + "\"\n";
    }

    private void start(int lanes) {
        node = closing(
                TestNode.start(TestNode.sockets("u", TestNode.udp(udpSocket), "t", "tls:" + SipText.hostPort(tlsSocket))
                        + "tls { server_domains.default { verify_cert = on, require_cert = on, " + pair("node")
                        + " }, client_domains.default { " + pair("node") + " } }\ntransport.lanes = " + lanes));
    }

    /** A client that answers calls on its connection, and has the alias. */
    private OpenSslPeer client(String certificate) {
        OpenSslPeer client =
                connected(certificate, "Contact: <sip:client@" + SipText.hostPort(alias) + ";transport=tls>");
        options(client, alias, ";rport;alias");
        return client;
    }

    private OpenSslPeer connected(String certificate, String contact) {
        return closing(OpenSslPeer.connected(
                tlsSocket,
                (peer, request) -> answer(peer, request, contact),
                "-cert",
                certificates.file(certificate + ".pem"),
                "-key",
                certificates.file(certificate + ".key")));
    }

    /** The answer to a request to the node with this address and these parameters in its Via. */
    private SipResponse options(OpenSslPeer client, InetSocketAddress via, String parameters) {
        String call = Requests.newCall();
        client.send(Requests.tls(via)
                .of("OPTIONS", call)
                .replaceFirst(";rport", parameters)
                .replaceFirst("sip:callee@example.com", "sip:" + SipText.hostPort(tlsSocket) + ";transport=tls"));
        return client.awaitResponse(200, "OPTIONS", call);
    }

    private static void answer(OpenSslPeer peer, SipRequest request, String contact) {
        if (!request.isMethod("ACK")) {
            peer.send(SipText.response(request, 200, "client", contact));
        }
    }

    private void callTo(String attrs) {
        node.replaceAll(List.of(TestNode.setWithAttrs("sip:" + SipText.hostPort(alias) + ";transport=tls", attrs)));
    }

    /** Enough whole calls that some of them belong to each lane; returns their ids. */
    private List<String> calls() {
        Requests requests = Requests.udp(caller.address());
        List<String> calls =
                IntStream.range(0, CALLS).mapToObj(i -> Requests.newCall()).toList();
        calls.forEach(call -> caller.send(udpSocket, requests.of("INVITE", call)));
        for (String call : calls) {
            SipResponse answer = caller.awaitResponse(200, "INVITE", call);
            caller.send(udpSocket, requests.inDialog("ACK", answer));
            caller.send(udpSocket, requests.inDialog("BYE", answer));
            assertThat(caller.awaitResponse(200, "BYE", call)).isNotNull();
        }
        return calls;
    }

    private static void assertTook(OpenSslPeer client, List<String> calls) {
        for (String method : List.of("INVITE", "BYE")) {
            assertThat(client.requests(method)).extracting(SipText::callId).containsExactlyInAnyOrderElementsOf(calls);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theCallsOfAllLanesUseTheConnectionOfOne(int lanes) {
        start(lanes);
        OpenSslPeer client = client("peer");
        callTo("tls_name=" + NAME);

        List<String> calls = calls();

        assertTook(client, calls);
    }

    /** Nothing has told the node that the earlier connections are of no use any more. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void theNewestConnectionOfAClientHasItsAlias(int lanes) {
        start(lanes);
        callTo("tls_name=" + NAME);
        List<OpenSslPeer> earlier = new ArrayList<>();
        for (String certificate : List.of("peer", "peer", "renewed", "peer", "renewed")) {
            OpenSslPeer newest = client(certificate);
            List<Integer> before =
                    earlier.stream().map(each -> each.requests("INVITE").size()).toList();

            assertTook(newest, calls());

            assertThat(earlier)
                    .extracting(each -> each.requests("INVITE").size())
                    .isEqualTo(before);
            earlier.add(newest);
        }
    }

    /** It asks on so many connections that some of them belong to each lane. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anotherClientDoesNotGetTheAlias(int lanes) {
        start(lanes);
        OpenSslPeer client = client("peer");
        List<OpenSslPeer> others =
                IntStream.range(0, CONNECTIONS).mapToObj(i -> client("other")).toList();
        callTo("");

        List<String> calls = calls();

        assertTook(client, calls);
        assertThat(others)
                .allSatisfy(other -> assertThat(other.requests("INVITE")).isEmpty());
    }

    /** It asks for the port from which the caller is connected, who has no alias. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void anotherClientDoesNotGetTheRequestsToACaller(int lanes) {
        start(lanes);
        UdpPeer callee = closing(UdpPeer.answering(HOST, 200));
        node.replaceAll(List.of(TestNode.setWithAttrs("sip:" + SipText.hostPort(callee.address()), "")));
        OpenSslPeer client = connected("peer", "Contact: <sip:client@example.com>");
        InetSocketAddress from = new InetSocketAddress(HOST, rport(options(client, tlsSocket, ";rport")));
        Map<SipRequest, SipResponse> calls = new HashMap<>();
        for (int i = 0; i < CALLS; i++) {
            String call = Requests.newCall();
            client.send(Requests.tls(from).of("INVITE", call));
            SipResponse answer = client.awaitResponse(200, "INVITE", call);
            client.send(Requests.tls(from).inDialog("ACK", answer));
            calls.put(callee.awaitRequest("INVITE", call), answer);
        }
        List<OpenSslPeer> others = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            OpenSslPeer other = connected("other", "Contact: <sip:other@example.com>");
            options(other, from, ";rport;alias");
            others.add(other);
        }

        calls.forEach((invite, answer) -> {
            callee.send(udpSocket, bye(invite, answer, callee.address()));
            callee.awaitResponse(200, "BYE", SipText.callId(invite));
        });

        assertThat(client.requests("BYE")).hasSize(CALLS);
        assertThat(others).allSatisfy(other -> assertThat(other.requests("BYE")).isEmpty());
    }

    private static int rport(SipResponse answer) {
        return Integer.parseInt(answer.text(HeaderName.VIA).replaceFirst(".*rport=(\\d+).*", "$1"));
    }

    /** Ends a call as the callee. */
    private static String bye(SipRequest invite, SipResponse answer, InetSocketAddress callee) {
        StringBuilder routes = new StringBuilder();
        SipText.values(invite, HeaderName.RECORD_ROUTE)
                .forEach(value -> routes.append("Route: ").append(value).append("\r\n"));
        return "BYE " + invite.text(HeaderName.CONTACT).replaceAll("[<>]", "") + " SIP/2.0\r\nVia: SIP/2.0/UDP "
                + SipText.hostPort(callee) + ";branch=z9hG4bK" + SipText.callId(invite) + "\r\n" + routes + "From: "
                + answer.text(HeaderName.TO) + "\r\nTo: " + answer.text(HeaderName.FROM) + "\r\nCall-ID: "
                + SipText.callId(invite) + "\r\nCSeq: 7 BYE\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
    }
}
