package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.TcpPeer;
import org.sipdispatch.agents.UdpPeer;

/** What the peers of open connections learn when the node stops. */
@Timeout(120)
class ConnectionsAtStopTest {
    private static final String HOST = "127.0.0.1";
    private static final byte[] KEEP_ALIVE = bytes("\r\n\r\n");
    /** FIN and the opcode 8, of RFC 6455 section 5.2. */
    private static final int CLOSE = 0x88;

    private static final int GOING_AWAY = 1001;

    @TempDir
    static Path directory;

    private static Certificates certificates;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final InetSocketAddress udpSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress tcpSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress tlsSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress wsSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress wssSocket = Ports.freeAddress(HOST);

    @BeforeAll
    static void makeCertificates() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("node", "IP:127.0.0.1", "ca", "", "-days 2");
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private TestNode start(String... destinations) {
        return TestNode.start(
                TestNode.sockets(
                                "u",
                                TestNode.udp(udpSocket),
                                "t",
                                TestNode.tcp(tcpSocket),
                                "s",
                                "tls:" + SipText.hostPort(tlsSocket),
                                "w",
                                "ws:" + SipText.hostPort(wsSocket),
                                "ws",
                                "wss:" + SipText.hostPort(wssSocket))
                        + "tls.server_domains.default { certificate = \"" + certificates.file("node.pem")
                        + "\", private_key = \"" + certificates.file("node.key") + "\" }\n",
                destinations);
    }

    private Socket client(InetSocketAddress to, boolean tls) throws IOException {
        Socket plain = closing(new Socket(to.getAddress(), to.getPort()));
        plain.setSoTimeout(20_000);
        return tls
                ? closing(
                        certificates.client("ca", "").getSocketFactory().createSocket(plain, HOST, to.getPort(), true))
                : plain;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aClientGetsAnOrderlyEnd(boolean tls) throws Exception {
        TestNode node = start();
        Socket client = client(tls ? tlsSocket : tcpSocket, tls);
        client.getOutputStream().write(KEEP_ALIVE);
        assertThat(client.getInputStream().readNBytes(2)).isEqualTo(bytes("\r\n"));

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::close);

        // Over TLS: without a close_notify this would throw.
        assertThat(client.getInputStream().read()).isNegative();
        client.close();
        stopped.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBrowserIsToldThatTheNodeGoesAway(boolean tls) throws Exception {
        TestNode node = start();
        Socket client = client(tls ? wssSocket : wsSocket, tls);
        client.getOutputStream()
                .write(bytes("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Protocol: sip\r\n\r\n"));
        DataInputStream in = new DataInputStream(client.getInputStream());
        StringBuilder response = new StringBuilder();
        while (response.indexOf("\r\n\r\n") < 0) {
            response.append((char) in.readUnsignedByte());
        }
        assertThat(response).startsWith("HTTP/1.1 101 ");

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::close);

        assertThat(in.readUnsignedByte()).isEqualTo(CLOSE);
        int length = in.readUnsignedByte();
        assertThat(in.readUnsignedShort()).isEqualTo(GOING_AWAY);
        assertThat(in.readNBytes(length - 2)).isEqualTo(bytes("the node stops"));
        assertThat(in.read()).isNegative();
        client.close();
        stopped.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aPeerThatClosesNothingIsNotAwaitedForLong() throws Exception {
        TestNode node = start();
        Socket client = client(tcpSocket, false);
        client.getOutputStream().write(KEEP_ALIVE);
        assertThat(client.getInputStream().readNBytes(2)).isEqualTo(bytes("\r\n"));

        CompletableFuture.runAsync(node::close).get(20, TimeUnit.SECONDS);

        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void aRequestUnderWayGoesToNoOtherDestination() throws Exception {
        TcpPeer silent = closing(new TcpPeer(HOST));
        UdpPeer next = closing(UdpPeer.answering(HOST, 200));
        TestNode node = start(
                "sip:" + SipText.hostPort(silent.address()) + ";transport=tcp",
                "sip:" + SipText.hostPort(next.address()));
        UdpPeer caller = closing(new UdpPeer(HOST));
        String call = Requests.newCall();
        caller.send(udpSocket, Requests.udp(caller.address()).of("INVITE", call));
        silent.awaitRequest("INVITE", call);

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::close);
        TcpPeer.Connection connection = silent.taken().get(0);
        Awaitility.await().pollInterval(5, TimeUnit.MILLISECONDS).until(connection::isEnded);
        connection.close();
        stopped.get(20, TimeUnit.SECONDS);

        assertThat(next.requests("INVITE")).isEmpty();
    }
}
