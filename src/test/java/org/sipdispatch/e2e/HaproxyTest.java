package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Haproxy;
import org.sipdispatch.agents.OpenSslPeer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.WebSocketPeer;

/**
 * Calls of SIPp and of WebSocket clients through HAProxy to a real node, which relays only what comes from the caller's address: HAProxy connects
 * from another one. Run with {@code mvn test -Dtest=HaproxyTest -Dgroups=long -Dexcluded.groups=}.
 */
@Tag("long")
@Timeout(300)
class HaproxyTest {
    private static final String PROXY = "127.0.0.8";
    private static final int CALLS = 400;
    private static final int CALLS_PER_SECOND = 40;

    @TempDir
    Path directory;

    private final InetSocketAddress tcp = Ports.freeAddress("127.0.0.1");
    private final InetSocketAddress tls = Ports.freeAddress("127.0.0.1");
    private final InetSocketAddress ws = Ports.freeAddress("127.0.0.1");
    private final InetSocketAddress wss = Ports.freeAddress("127.0.0.1");
    private final int management = Ports.next();
    private Certificates certificates;
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    private <T extends AutoCloseable> T closing(T one) {
        open.add(one);
        return one;
    }

    private NodeProcess node(Sipp callee) throws IOException {
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("node", "IP:127.0.0.1", "ca", "", "-days 30");
        Path list = Files.writeString(
                directory.resolve("one.list"), "1 sip:127.0.0.1:" + callee.port() + ";transport=tcp\n");
        NodeProcess node = closing(NodeProcess.begin(
                """
                sip-dispatcher {
                  sockets {
                    t { listen = "tcp:%1$s", proxy_protocol { from = "%3$s" } }
                    s { listen = "tls:%2$s", proxy_protocol { from = "%3$s" } }
                    w { listen = "ws:%8$s", proxy_protocol { from = "%3$s" } }
                    ws { listen = "wss:%9$s", proxy_protocol { from = "%3$s" } }
                  }
                  tls.server_domains.default { certificate = "%4$s", private_key = "%5$s" }
                  management.port = %6$d
                  partitions.default.db_url = "file:%7$s"
                  rules = [
                    { when { source = "127.0.0.1" }, select { set = 1, flags = F } }
                    { reply { code = 403 } }
                  ]
                }
                """.formatted(
                                SipText.hostPort(tcp),
                                SipText.hostPort(tls),
                                PROXY,
                                certificates.file("node.pem"),
                                certificates.file("node.key"),
                                management,
                                list,
                                SipText.hostPort(ws),
                                SipText.hostPort(wss)),
                Map.of()));
        node.awaitListening();
        return node;
    }

    private long headers(String result) throws IOException, InterruptedException {
        String metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        Matcher line = Pattern.compile("(?m)^sip_dispatcher_proxy_headers_total\\{result=\"" + result + "\"} (\\d+)")
                .matcher(metrics);
        assertThat(line.find()).isTrue();
        return Long.parseLong(line.group(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c,unique-id"})
    void callsThroughHaproxyComeFromTheirCallers(String options) throws Exception {
        Sipp callee = closing(Sipp.callee("tcp"));
        NodeProcess node = node(callee);
        Haproxy plain = closing(Haproxy.before(tcp, PROXY, options));
        Haproxy secure = closing(Haproxy.before(tls, PROXY, options));

        Sipp caller = closing(Sipp.caller("tcp", "service", plain.address().getPort(), CALLS, CALLS_PER_SECOND));
        OpenSslPeer overTls = closing(OpenSslPeer.connected(secure.address(), (peer, request) -> {}));
        String call = Requests.newCall();
        overTls.send(Requests.tls(secure.address()).of("INVITE", call));

        assertThat(overTls.awaitResponse(200, "INVITE", call)).isNotNull();
        assertThat(caller.failedCalls()).isZero();
        assertThat(caller.goodCalls()).isEqualTo(CALLS);
        assertThat(headers("client")).isGreaterThanOrEqualTo(2);
        assertThat(headers("own")).as("checks").isPositive();
        nothingFailed(node, plain, secure);
    }

    private void nothingFailed(NodeProcess node, Haproxy... proxies) throws IOException, InterruptedException {
        for (String failure : List.of("malformed", "checksum", "too_large", "timeout", "closed", "unlisted")) {
            assertThat(headers(failure)).as(failure).isZero();
        }
        assertThat(node.log()).doesNotContain("WARN  ProxyHeaders", "WARN  TlsHandshakes", "WARN  WebSocketHandshakes");
        for (Haproxy proxy : proxies) {
            assertThat(proxy.log()).doesNotContain("DOWN");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"send-proxy", "send-proxy-v2"})
    void webSocketClientsBehindHaproxyHaveTheirOwnAddresses(String options) throws Exception {
        Sipp callee = closing(Sipp.callee("tcp"));
        NodeProcess node = node(callee);
        Haproxy plain = closing(Haproxy.before(ws, PROXY, options));
        Haproxy secure = closing(Haproxy.before(wss, PROXY, options));

        for (Haproxy proxy : List.of(plain, secure)) {
            WebSocketPeer client = closing(WebSocketPeer.connected(
                    proxy.address(),
                    proxy == secure ? certificates.client("ca", "") : null,
                    null,
                    "sip",
                    WebSocketPeer::answer));
            String call = Requests.newCall();
            client.ping("here?");
            client.send(Requests.webSocket(proxy == secure ? "WSS" : "WS", "d3f5a1.invalid")
                    .of("INVITE", call));

            assertThat(client.awaitResponse(200, "INVITE", call)).isNotNull();
            assertThat(client.events()).contains("pong here?");
        }
        assertThat(headers("client")).isGreaterThanOrEqualTo(2);
        assertThat(headers("own")).as("checks").isPositive();
        nothingFailed(node, plain, secure);
    }
}
