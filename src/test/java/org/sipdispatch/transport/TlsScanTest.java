package org.sipdispatch.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.ClientHello;
import org.sipdispatch.agents.OpenSslClient;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.observation.TlsFailure;
import org.sipdispatch.observation.TlsHandshakes.Side;

/** What a TLS socket with its default settings negotiates with openssl. The table in the page about TLS is this. */
@Timeout(300)
class TlsScanTest {
    private static final String HOST = "127.0.0.1";
    private static final Path PAGE = Path.of("src/site/markdown/tls.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\S.*?) \\| (.+) \\|$");
    private static final String[] ANY_SUITE = {"-cipher", "ALL:@SECLEVEL=0"};

    @TempDir
    static Path directory;

    private static final InetSocketAddress EC = Ports.freeAddress(HOST);
    private static final InetSocketAddress RSA = Ports.freeAddress(HOST);
    /** The rows of the table: what was looked at, and what must be found. */
    private static final Map<String, String> TABLE = new TreeMap<>();

    private static TestNode node;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("ec", "ec", "sip.example.com", "ca");
        certificates.signed("rsa", "rsa:2048", "sip.example.com", "ca");
        node = TestNode.start(
                TestNode.sockets("ec", "tls:" + SipText.hostPort(EC), "rsa", "tls:" + SipText.hostPort(RSA))
                        + "transport.tls { handshakes-per-second = 10000, handshakes-per-second-of-source = 10000 }\n"
                        + domain(certificates, "default", "ec") + domain(certificates, "rsa", "rsa"));
        String page = Files.readString(PAGE);
        Matcher rows = ROW.matcher(page.substring(page.indexOf("## What a scan finds")));
        rows.results().forEach(row -> TABLE.put(row.group(1), row.group(2)));
    }

    private static String domain(Certificates certificates, String name, String file) {
        return "tls.server_domains.%s { certificate = \"%s\", private_key = \"%s\" }%n"
                .formatted(name, certificates.file(file + ".pem"), certificates.file(file + ".key"));
    }

    @AfterAll
    static void close() {
        if (node != null) {
            node.close();
        }
    }

    /** The group in the text; {@code none} if it does not match. */
    private static String found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .findFirst()
                .orElse("none");
    }

    private static String version(String option) {
        List<String> options = new ArrayList<>(List.of(option));
        options.addAll(List.of(ANY_SUITE));
        String said = OpenSslClient.run(EC, options.toArray(String[]::new));
        if (said.contains("alert protocol version")) {
            return "refused";
        }
        return said.contains("New, TLSv1.") ? "accepted" : said;
    }

    @Test
    void ssl3IsRefused() {
        long before = node.traffic().handshakes().failures(Side.SERVER, TlsFailure.PROTOCOL_MISMATCH);

        byte[] answer = ClientHello.answer(EC, ClientHello.ssl3());

        assertThat(answer).startsWith(21);
        assertThat(node.traffic().handshakes().failures(Side.SERVER, TlsFailure.PROTOCOL_MISMATCH))
                .isEqualTo(before + 1);
        assertThat(TABLE).containsEntry("SSL 3.0", "refused");
    }

    static List<String[]> versions() {
        return List.of(
                new String[] {"TLS 1.0", "-tls1"},
                new String[] {"TLS 1.1", "-tls1_1"},
                new String[] {"TLS 1.2", "-tls1_2"},
                new String[] {"TLS 1.3", "-tls1_3"});
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theVersionsAreThoseOfThePage(String name, String option) {
        assertThat(TABLE).containsEntry(name, version(option));
    }

    /** Those of these suites that are accepted: a client offers all, then all but the selected one, until it is refused. */
    private static String accepted(InetSocketAddress socket, String version, String option, List<String> all) {
        List<String> offered = new ArrayList<>(all);
        List<String> accepted = new ArrayList<>();
        String level = option.equals("-cipher") ? ":@SECLEVEL=0" : "";
        while (true) {
            String said = OpenSslClient.run(socket, version, option, String.join(":", offered) + level);
            if (said.contains("alert handshake failure")) {
                return accepted.stream()
                        .sorted()
                        .map(suite -> "`" + suite + "`")
                        .collect(Collectors.joining(", "));
            }
            String suite = found(said, "(?<=Cipher is )[A-Z0-9_-]+");
            assertThat(offered.remove(suite)).as(said).isTrue();
            accepted.add(suite);
        }
    }

    @Test
    void theSuitesOfTls12AreThoseOfThePageAndNoOthers() {
        List<String> all = OpenSslClient.suites("-tls1_2").stream()
                .filter(suite -> !suite.startsWith("TLS_"))
                .toList();

        // Among them some without encryption, without authentication, with RC4 or without forward secrecy.
        assertThat(all).hasSizeGreaterThan(40).contains("NULL-SHA", "ADH-AES128-SHA", "AES128-SHA");
        assertThat(TABLE)
                .containsEntry("Suites of TLS 1.2, EC key", accepted(EC, "-tls1_2", "-cipher", all))
                .containsEntry("Suites of TLS 1.2, RSA key", accepted(RSA, "-tls1_2", "-cipher", all));
    }

    @Test
    void theSuitesOfTls13AreThoseOfThePageAndNoOthers() {
        List<String> all = List.of(
                "TLS_AES_256_GCM_SHA384",
                "TLS_AES_128_GCM_SHA256",
                "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_AES_128_CCM_SHA256",
                "TLS_AES_128_CCM_8_SHA256");

        assertThat(TABLE).containsEntry("Suites of TLS 1.3", accepted(EC, "-tls1_3", "-ciphersuites", all));
    }

    @Test
    void theNodeSelectsTheSuite() {
        String offered = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384";

        assertThat(OpenSslClient.run(EC, "-tls1_2", "-cipher", offered))
                .contains("Cipher is ECDHE-ECDSA-AES256-GCM-SHA384");
        assertThat(OpenSslClient.run(EC, "-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"))
                .contains("Cipher is TLS_AES_256_GCM_SHA384");
        assertThat(TABLE).containsEntry("Order of suites", "that of the node");
    }

    @Test
    void aClientThatRenegotiatesIsRefused() {
        String said = OpenSslClient.renegotiate(EC, "-tls1_2");

        assertThat(said).contains("RENEGOTIATING").contains("Secure Renegotiation IS supported");
        assertThat(said.substring(said.indexOf("RENEGOTIATING"))).doesNotContain("Cipher is");
        assertThat(node.traffic().handshakes().failures(Side.SERVER, TlsFailure.RENEGOTIATION))
                .isOne();
        assertThat(TABLE).containsEntry("Renegotiation, TLS 1.2", "refused");
    }

    @Test
    void nothingIsCompressed() {
        assertThat(ClientHello.compression(ClientHello.answer(EC, ClientHello.withCompression())))
                .isZero();
        assertThat(TABLE).containsEntry("Compression", "none");
    }

    @Test
    void masterSecretsAreExtended() {
        assertThat(OpenSslClient.run(EC, "-tls1_2")).contains("Secure Renegotiation IS supported");
        assertThat(found(OpenSslClient.run(EC, "-tls1_2"), "Extended master secret: \\w+"))
                .isEqualTo("Extended master secret: yes");
        assertThat(TABLE).containsEntry("Extended master secret, TLS 1.2", "yes");
    }

    @Test
    void aSessionOfTls12IsResumedByItsTicket() {
        String file = directory.resolve("ticket").toString();

        assertThat(OpenSslClient.run(EC, "-tls1_2", "-sess_out", file)).contains("New, TLSv1.2", "TLS session ticket:");
        assertThat(OpenSslClient.run(EC, "-tls1_2", "-sess_in", file)).contains("Reused, TLSv1.2");
        assertThat(TABLE).containsEntry("Resumption, TLS 1.2, ticket", "yes");
    }

    @Test
    void aSessionOfTls12IsResumedByItsId() {
        String file = directory.resolve("id").toString();

        assertThat(OpenSslClient.run(EC, "-tls1_2", "-no_ticket", "-sess_out", file))
                .contains("New, TLSv1.2")
                .containsPattern("Session-ID: [0-9A-F]{64}")
                .doesNotContain("TLS session ticket:");
        assertThat(OpenSslClient.run(EC, "-tls1_2", "-no_ticket", "-sess_in", file))
                .contains("Reused, TLSv1.2");
        assertThat(TABLE).containsEntry("Resumption, TLS 1.2, session id", "yes");
    }

    @Test
    void aSessionOfTls13IsResumedByItsTicket() {
        Path file = directory.resolve("ticket13");

        assertThat(OpenSslClient.runUntilSaved(EC, file, "-tls1_3"))
                .contains("New, TLSv1.3", "Post-Handshake New Session Ticket arrived", "Max Early Data: 0");
        assertThat(OpenSslClient.run(EC, "-tls1_3", "-sess_in", file.toString()))
                .contains("Reused, TLSv1.3");
        assertThat(TABLE).containsEntry("Resumption, TLS 1.3, ticket", "yes").containsEntry("Early data", "none");
    }

    @Test
    void sipIsConfirmedByAlpn() {
        assertThat(OpenSslClient.run(EC, "-alpn", "h2,sip/2")).contains("ALPN protocol: sip/2");
        assertThat(OpenSslClient.run(EC, "-alpn", "sip")).contains("ALPN protocol: sip\n");
        assertThat(OpenSslClient.run(EC, "-alpn", "h2")).contains("No ALPN negotiated", "New, TLSv1.3");
        assertThat(TABLE).containsEntry("ALPN `sip/2`, `sip`", "confirmed").containsEntry("ALPN, others", "none");
    }
}
