package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.observation.ProxyHeaderFailure;
import org.sipdispatch.observation.ProxyHeaders;
import org.slf4j.LoggerFactory;

/** What the log says if a load balancer and a socket disagree about the PROXY protocol. */
@Timeout(120)
class ProxyHintsTest {
    private static final String HOST = "127.0.0.1";
    private static final byte[] LINE = bytes("PROXY TCP4 203.0.113.7 192.0.2.1 40000 5060\r\n");
    private static final byte[] BINARY =
            HexFormat.of().parseHex("0d0a0d0a000d0a515549540a2111000ccb007107c00002019c4013c4");
    private static final byte[] CLIENT_HELLO = HexFormat.of().parseHex("160301");

    @TempDir
    Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final InetSocketAddress tcpSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress tlsSocket = Ports.freeAddress(HOST);
    private final InetSocketAddress wsSocket = Ports.freeAddress(HOST);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger(ProxyHeaders.class);
    private TestNode node;

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void closeAll() throws Exception {
        log.detachAppender(lines);
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void start(String more) {
        Path own = new NodeCertificates(directory, "ours").node("own", HOST);
        node = closing(TestNode.start("sockets {\nt { listen = \"" + TestNode.tcp(tcpSocket) + "\"" + more
                + " }\ns { listen = \"tls:" + SipText.hostPort(tlsSocket) + "\"" + more + " }\nw { listen = \"ws:"
                + SipText.hostPort(wsSocket) + "\"" + more + " }\n}\ntls.server_domains.default { certificate = \""
                + own
                + "/node.pem\", private_key = \"" + own + "/node.key\" }\nrules = [{ reply { code = 404 } }]\n"));
    }

    private Socket sending(InetSocketAddress to, byte[] first) throws IOException {
        Socket socket = closing(new Socket(HOST, to.getPort()));
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(first);
        return socket;
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> told() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aHeaderToASocketThatExpectsNoneNamesTheKey() throws IOException {
        start("");

        for (InetSocketAddress to : List.of(tcpSocket, tlsSocket, wsSocket)) {
            for (byte[] header : List.of(LINE, BINARY)) {
                assertThat(isClosed(sending(to, header))).isTrue();
            }
        }

        assertThat(node.traffic().handshakes().proxyHeaders().failures(ProxyHeaderFailure.UNEXPECTED))
                .isEqualTo(6);
        assertThat(told())
                .containsExactly("PROXY header unexpected: from 127.0.0.1, socket t: a header (expected: none, or the"
                        + " address in sockets.t.proxy_protocol.from)");
    }

    @Test
    void aClientWithoutAHeaderIsNoneOfThese() throws IOException {
        start("");
        Socket pinging = sending(tcpSocket, bytes("\r\n\r\n"));
        Socket calling = sending(tcpSocket, bytes(Requests.tcp(tcpSocket).of("PROXY", Requests.newCall())));

        assertThat(pinging.getInputStream().readNBytes(2)).isEqualTo(bytes("\r\n"));
        assertThat(calling.getInputStream().readNBytes(12)).isEqualTo(bytes("SIP/2.0 404 "));
        assertThat(told()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SIP, t", "TLS, s", "HTTP, w"})
    void aConnectionOfAProxyWithoutAHeaderNamesWhatItLooksLike(String kind, String socket) throws IOException {
        start(", proxy_protocol { from = \"127.0.0.1/32\" }");
        byte[] first =
                switch (kind) {
                    case "TLS" -> CLIENT_HELLO;
                    case "HTTP" -> bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    default -> bytes(Requests.tcp(tcpSocket).of("OPTIONS", Requests.newCall()));
                };
        InetSocketAddress to = kind.equals("TLS") ? tlsSocket : kind.equals("HTTP") ? wsSocket : tcpSocket;

        assertThat(isClosed(sending(to, first))).isTrue();

        assertThat(told())
                .singleElement()
                .asString()
                .startsWith("PROXY header malformed: from 127.0.0.1, socket " + socket + ": ")
                .endsWith(" (expected: PROXY or the signature of version 2); this is " + kind
                        + " without a header: have the proxy send one (HAProxy: send-proxy-v2), or remove its address"
                        + " from sockets." + socket + ".proxy_protocol.from");
    }
}
