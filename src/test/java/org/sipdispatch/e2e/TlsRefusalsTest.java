package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.OpenSslPeer;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;

/** Peers that a node refuses over TLS: its log and its metrics say why. The TLS of the peers is that of openssl. */
@Timeout(120)
class TlsRefusalsTest {
    private static final String HOST = "127.0.0.1";

    @TempDir
    static Path directory;

    private static final TlsNode NODE = new TlsNode();
    private static final List<String> BAD = List.of("wrong", "expired", "stranger", "refusing");
    private static final Map<String, OpenSslPeer> SERVERS = new TreeMap<>();
    private static Certificates certificates;
    private static UdpPeer good;

    @BeforeAll
    static void start() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.authority("other");
        certificates.signed("node", "IP:127.0.0.1", "ca", "", "-days 2");
        certificates.signed("wrong", "DNS:wrong.example.com", "ca", "", "-days 2");
        certificates.signed("expired", "IP:127.0.0.1,DNS:peer.example.com", "ca", "", "-days -1");
        certificates.signed("stranger", "IP:127.0.0.1,DNS:peer.example.com", "other", "", "-days 2");
        certificates.signed("public", "DNS:peer.example.com", "ca", "extendedKeyUsage=serverAuth", "-days 2");
        certificates.signed("refusing", "IP:127.0.0.1", "ca", "", "-days 2");
        good = UdpPeer.answering(HOST, 200);
        StringBuilder list = new StringBuilder();
        StringBuilder rules = new StringBuilder();
        for (String name : BAD) {
            OpenSslPeer server = server(name);
            SERVERS.put(name, server);
            int set = SERVERS.size();
            list.append("%d sip:%s;transport=tls 0 20%n%d sip:%s 0 10%n"
                    .formatted(set, SipText.hostPort(server.address()), set, SipText.hostPort(good.address())));
            rules.append("{ when { header { X-Peer = \"^%s$\" } }, select { set = %d, alg = 8, flags = F } }%n"
                    .formatted(name, set));
        }
        NODE.start(
                certificates,
                "tls.server_domains.default { verify_cert = on, require_cert = on, accepted_names = [peer.example.com] }\n"
                        + "rules = [ " + rules + " ]",
                list.toString());
    }

    private static OpenSslPeer server(String certificate) {
        String trusted = certificate.equals("refusing") ? "other" : "ca";
        return OpenSslPeer.listening(
                Ports.freeAddress(HOST),
                (peer, request) -> {},
                "-cert",
                certificates.file(certificate + ".pem"),
                "-key",
                certificates.file(certificate + ".key"),
                "-CAfile",
                certificates.file(trusted + ".pem"),
                "-Verify",
                "1",
                "-verify_return_error");
    }

    @AfterAll
    static void close() {
        SERVERS.values().forEach(OpenSslPeer::close);
        NODE.close();
        if (good != null) {
            good.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wrong    | wrong_name      | the certificate is for wrong.example.com \\(expected: 127.0.0.1\\)
            expired  | expired         | expired; NotAfter: .+: subject CN=expired,O=test, issuer .+, for 127.0.0.1, peer.example.com, valid until .+
            stranger | unknown_ca      | no accepted authority has signed it \\(expected: an authority of tls.client_domains.default.ca_list\\): subject CN=stranger,O=test, issuer .+, for 127.0.0.1, peer.example.com, valid until .+
            refusing | refused_by_peer | Received fatal alert: unknown_ca
            """)
    void aDestinationThatIsNotTheExpectedOneIsNamedWithTheReason(String name, String result, String detail) {
        try (UdpPeer caller = new UdpPeer(HOST)) {
            String call = Requests.newCall();
            caller.send(
                    NODE.udp(),
                    Requests.udp(caller.address()).with("X-Peer: " + name).of("OPTIONS", call));

            assertThat(caller.awaitResponse(200, "OPTIONS", call)).isNotNull();
        }

        assertTold("server", result, "to " + SipText.hostPort(SERVERS.get(name).address()) + ", 127.0.0.1", detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''       | no_client_certificate | Empty client certificate chain
            wrong    | wrong_name            | the certificate is for wrong.example.com \\(expected: peer.example.com\\)
            expired  | expired               | expired; NotAfter: .+: subject CN=expired,O=test, issuer .+, for 127.0.0.1, peer.example.com, valid until .+
            stranger | unknown_ca            | no accepted authority has signed it \\(expected: an authority of tls.server_domains.default.ca_list\\): subject CN=stranger,O=test, issuer .+, for 127.0.0.1, peer.example.com, valid until .+
            public   | bad_certificate       | Extended key usage does not permit use for TLS client authentication \\(expected: the usage clientAuth, or tls.server_domains.default.require_client_usage = off\\): subject CN=public,O=test, issuer .+, for peer.example.com, valid until .+
            """)
    void aClientThatIsNotAcceptedIsNamedWithTheReason(String name, String result, String detail) {
        List<String> options = new ArrayList<>();
        if (!name.isEmpty()) {
            options.addAll(
                    List.of("-cert", certificates.file(name + ".pem"), "-key", certificates.file(name + ".key")));
        }
        try (OpenSslPeer client =
                OpenSslPeer.connected(NODE.tls(), (peer, request) -> {}, options.toArray(String[]::new))) {
            await(client::isEnded);
        }

        assertTold("client", result, "from 127\\.0\\.0\\.1:\\d+, socket t", detail);
    }

    /** In TLS 1.3 openssl sends this alert unencrypted. */
    @Test
    void aClientThatDoesNotTrustTheNodeIsOneThatRefusesIt() {
        try (OpenSslPeer client = OpenSslPeer.connected(
                NODE.tls(),
                (peer, request) -> {},
                "-tls1_3",
                "-CAfile",
                certificates.file("other.pem"),
                "-verify_return_error")) {
            await(client::isEnded);
        }

        assertTold(
                "client",
                "refused_by_peer",
                "from 127\\.0\\.0\\.1:\\d+, socket t",
                "Received fatal alert: unknown_ca, unencrypted");
    }

    private static void assertTold(String peer, String result, String who, String detail) {
        await(() -> NODE.handshakes(peer, result) == 1);
        Pattern line = Pattern.compile("WARN  TlsHandshakes TLS " + result + ": " + who + ": " + detail + "\\R");
        await(() -> line.matcher(NODE.log()).find());
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(20, TimeUnit.SECONDS).until(condition);
    }
}
