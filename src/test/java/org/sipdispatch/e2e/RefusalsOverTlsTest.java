package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLHandshakeException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.database.EmbeddedPostgres;
import org.sipdispatch.e2e.RefusingNode.Answer;

/** A node that authenticates by certificates: ann may change something, bob may only read, others have no access. */
class RefusalsOverTlsTest {
    private static final String DESTINATION = "default:1:sip:127.0.0.1:5081";
    private static final String HOLD =
            "/dispatcher/destinations/" + URLEncoder.encode(DESTINATION, StandardCharsets.UTF_8) + "/hold";

    @TempDir
    static Path directory;

    private static final Map<String, HttpClient> CLIENTS = new ConcurrentHashMap<>();
    private static Certificates certificates;
    private static RefusingNode node;
    private static String kept;

    @BeforeAll
    static void start() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.authority("stranger-ca");
        certificates.signed("server", "ec", "localhost", "ca");
        certificates.signed("ann", "ec", "ann", "ca");
        certificates.signed("bob", "rsa:2048", "bob", "ca");
        certificates.signed("mallory", "ec", "ann", "stranger-ca");
        node = RefusingNode.begin(
                """
                tls { certificate = "%s", key = "%s", client-ca = "%s", writers = [ ann ] }
                """.formatted(
                        certificates.file("server.pem"), certificates.file("server.key"), certificates.file("ca.pem")),
                EmbeddedPostgres.jdbcUrl("refusals_tls"),
                "1 sip:127.0.0.1:5081\n",
                certificates.client("ca", "ann"));
        node.process().awaitListening();
        Awaitility.await().until(() -> node.send("GET", "/ready", null).status() == 200);
        kept = node.kept();
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @AfterEach
    void nothingHasChanged() {
        assertThat(node.kept()).isEqualTo(kept);
        assertThat(node.send("GET", "/ready", null).status()).isEqualTo(200);
    }

    private static Answer send(String who, String method, String path, String body) {
        HttpClient client = CLIENTS.computeIfAbsent(
                who,
                unused -> HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(certificates.client("ca", who))
                        .build());
        return node.send(client, method, path, body);
    }

    @Test
    void whoShowsNoCertificateIsNobody() {
        for (String[] asked : new String[][] {{"GET", "/dispatcher/sets", null}, {"POST", HOLD, "{}"}}) {
            Answer answer = send("", asked[0], asked[1], asked[2]);

            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.error())
                    .isEqualTo("Authorization: nothing (expected: a client certificate, or a token of this node)");
        }
        assertThat(send("", "GET", "/alive", null).status()).isEqualTo(200);
    }

    @Test
    void whoIsNoWriterChangesNothing() {
        assertThat(send("bob", "GET", "/dispatcher/sets", null).status()).isEqualTo(200);
        Answer answer = send("bob", "POST", HOLD, "{}");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.error()).isEqualTo("role: read (expected: write, since this changes something)");
    }

    /** Even though the name in it has write permission. */
    @Test
    void aPeerWithACertificateOfAnotherAuthorityIsRefused() {
        assertThatThrownBy(() -> send("mallory", "POST", HOLD, "{}"))
                .hasRootCauseInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void whoSpeaksNoTlsIsNotAnswered() {
        assertThat(RawHttp.answer(node.port(), "GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .doesNotContain("HTTP/1.1 200");
    }

    private static CommandLineRun run(String command, String authority, String who, String... more) {
        return CommandLineRun.inProcess(arguments(command, authority, who, more));
    }

    private static String[] arguments(String command, String authority, String who, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--node", node.url()));
        if (!authority.isEmpty()) {
            arguments.addAll(List.of("--ca", certificates.file(authority + ".pem")));
        }
        if (!who.isEmpty()) {
            arguments.addAll(List.of("--cert", certificates.file(who + ".pem")));
            arguments.addAll(List.of("--key", certificates.file(who + ".key")));
        }
        return arguments.toArray(String[]::new);
    }

    @Test
    void theCommandLineShowsItsCertificate() {
        for (CommandLineRun list :
                List.of(run("list", "ca", "ann"), CommandLineRun.of(arguments("list", "ca", "bob")))) {
            assertThat(list.status()).as(list.err()).isZero();
            assertThat(list.out()).contains("sip:127.0.0.1:5081");
        }
    }

    @Test
    void theCommandLineSaysThatItMayNot() {
        assertThat(run("hold", "ca", "bob", DESTINATION))
                .isEqualTo(new CommandLineRun(3, "", "role: read (expected: write, since this changes something)\n"));
        assertThat(run("list", "ca", ""))
                .isEqualTo(new CommandLineRun(
                        3, "", "Authorization: nothing (expected: a client certificate, or a token of this node)\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "stranger-ca"})
    void theCommandLineSaysThatItDoesNotTrustTheNode(String authority) {
        assertThat(run("list", authority, "ann"))
                .isEqualTo(new CommandLineRun(
                        3,
                        "",
                        node.url() + ": its certificate is from an authority that is not trusted here"
                                + " (expected: one that --ca names)\n"));
    }

    /**
     * Its authority has the name of the right one: Java presents no certificate of another name. The node may close the
     * connection before the command has sent its last message of the handshake: the more often it is asked, the surer.
     */
    @Test
    void theCommandLineSaysThatItsCertificateIsRefused() throws IOException {
        Certificates others = new Certificates(Files.createDirectories(directory.resolve("others")));
        others.authority("ca");
        others.signed("ann", "ec", "ann", "ca");
        String[] command = {
            "hold",
            DESTINATION,
            "--node",
            node.url(),
            "--ca",
            certificates.file("ca.pem"),
            "--cert",
            others.file("ann.pem"),
            "--key",
            others.file("ann.key")
        };

        for (int time = 0; time < 10; time++) {
            CommandLineRun run = CommandLineRun.inProcess(command);

            assertThat(run.status()).isEqualTo(3);
            assertThat(run.err())
                    .startsWith(node.url() + ": it refused our certificate: ")
                    .endsWith(" (expected: --cert and --key of an authority that it trusts)\n");
        }
    }

    @Test
    void theCommandLineSaysThatItGoesByAnotherName() {
        CommandLineRun byAddress = CommandLineRun.inProcess(
                "list",
                "--ca",
                certificates.file("ca.pem"),
                "--node",
                node.url().replace("localhost", "127.0.0.1"));

        assertThat(byAddress.status()).isEqualTo(3);
        assertThat(byAddress.err())
                .startsWith(node.url().replace("localhost", "127.0.0.1")
                        + ": its certificate is for another name: No subject alternative names")
                .contains("(expected: --node with a name in the certificate)");
    }
}
