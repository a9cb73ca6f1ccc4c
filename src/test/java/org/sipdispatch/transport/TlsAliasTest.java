package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
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
import org.sipdispatch.sip.SipRequest;
import org.sipdispatch.sip.SipResponse;

/** Clients that ask for the requests to an address on which nothing listens (RFC 5923). */
@Timeout(120)
class TlsAliasTest {
    private static final String HOST = "127.0.0.1";
    private static final String NAME = "peer.example.com";

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
        String contact = "Contact: <sip:client@" + SipText.hostPort(alias) + ";transport=tls>";
        OpenSslPeer client = closing(OpenSslPeer.connected(
                tlsSocket,
                (peer, request) -> answer(peer, request, contact),
                "-cert",
                certificates.file(certificate + ".pem"),
                "-key",
                certificates.file(certificate + ".key")));
        String call = Requests.newCall();
        client.send(Requests.tls(alias)
                .of("OPTIONS", call)
                .replaceFirst(";rport", ";rport;alias")
                .replaceFirst("sip:callee@example.com", "sip:" + SipText.hostPort(tlsSocket) + ";transport=tls"));
        client.awaitResponse(200, "OPTIONS", call);
        return client;
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
                IntStream.range(0, 12).mapToObj(i -> Requests.newCall()).toList();
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

    @Test
    void anotherClientDoesNotGetTheAlias() {
        start(1);
        OpenSslPeer client = client("peer");
        OpenSslPeer other = client("other");
        callTo("");

        List<String> calls = calls();

        assertTook(client, calls);
        assertThat(other.requests("INVITE")).isEmpty();
    }
}
