package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.NodeCertificates;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.tls.PemFile;
import org.sipdispatch.tls.TlsContext;

/** Only the node's user can read its files: anyone who can read the journal can open it. */
class PrivateFilesTest {
    /** Runs a command with a umask that leaves all permissions to all users. */
    private static final List<String> OPEN_TO_ALL = List.of("sh", "-c", "umask 000; exec \"$@\"", "sh");

    @TempDir
    Path above;

    @Test
    void othersMayReadNothingOfANodesFilesWhateverTheUmask() throws IOException {
        Path data = above.resolve("data");
        try (NodeProcess node = NodeProcess.begin(
                OPEN_TO_ALL,
                """
                data-dir = "%s"
                sockets.main = "udp:127.0.0.1:%d"
                cluster.port = %d
                partitions.default { db_url = "jdbc:h2:file:%s/dispatcher", init_script = "%s" }
                rules = [ { select { set = 1 } } ]
                """.formatted(
                                data,
                                Ports.next(),
                                Ports.next(),
                                data,
                                Path.of("conf", "sample.sql").toAbsolutePath()),
                "")) {
            node.awaitListening();
            assertThat(node.log()).doesNotContain("others");
        }

        Map<String, String> rights = new TreeMap<>();
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.toList()) {
                rights.put(
                        file.getFileName().toString().replaceAll("[0-9.]+[_-][0-9]+", "X"),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
        assertThat(rights).containsKeys("dispatcher.mv.db", "journal.mv.db", "last-known-X.txt", "relay-secret");
        assertThat(rights.values()).containsOnly("rw-------");
    }

    private static final List<String> SECRETS = List.of(
            "hush-of-the-relay",
            "hush-of-anns-token",
            "hush-of-table",
            "hush-of-journal",
            "hush-of-webhook",
            "hush-of-event-socket");

    private static final List<String> PATHS = List.of(
            "/dispatcher/node",
            "/dispatcher/sets",
            "/dispatcher/sources",
            "/dispatcher/destinations",
            "/dispatcher/destinations/default:1:sip:127.0.0.1:5080",
            "/dispatcher/history",
            "/dispatcher/no-such-path",
            "/cluster/members",
            "/ready",
            "/metrics");

    private String configurationWithSecrets(int port) {
        Path certificates = NodeCertificates.of("127.0.0.1");
        Path script = above.resolve("rows.sql");
        NodeCertificates.write(
                script,
                NodeCertificates.read(Path.of("conf", "sample.sql"))
                        + "INSERT INTO dispatcher (setid, destination, weight) VALUES (1, 'sip:127.0.0.1:5070',"
                        + " 'fs://user:hush-of-event-socket@127.0.0.1:1');");
        return """
                data-dir = "%1$s/data"
                sockets.main = "udp:127.0.0.1:%2$d"
                relay.secret = hush-of-the-relay
                cluster { port = %3$d, tls = "%4$s" }
                partitions.default { db_url = "jdbc:h2:file:%1$s/table", db_user = sa, db_password = hush-of-table
                  init_script = "%5$s" }
                journal { db_url = "jdbc:h2:file:%1$s/journal", db_user = sa, db_password = hush-of-journal }
                freeswitch.fetch_freeswitch_stats = on
                events.webhook = [ "http://user:hush-of-webhook@127.0.0.1:1/events" ]
                management { host = "127.0.0.1", port = %6$d
                  tokens = [ { name = ann, token = hush-of-anns-token, role = write } ]
                  tls { certificate = "%4$s/node.pem", key = "%4$s/node.key" } }
                rules = [ { select { set = 1 } } ]
                """.formatted(above, Ports.next(), Ports.next(), certificates, script, port);
    }

    /** Answers of the node, to requests with and without the token. */
    private static String answers(int port) throws Exception {
        PemFile authority = new PemFile("test", NodeCertificates.of("127.0.0.1") + "/ca.pem");
        HttpClient client = HttpClient.newBuilder()
                .sslContext(TlsContext.of(List.of(), authority.certificates()))
                .build();
        StringBuilder answers = new StringBuilder();
        for (String path : PATHS) {
            for (String token : List.of("Bearer hush-of-anns-token", "Bearer wrong")) {
                HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + path))
                        .header("Authorization", token)
                        .build();
                HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
                answers.append(path).append(' ').append(answer.statusCode()).append('\n');
                answers.append(answer.headers().map()).append(answer.body()).append('\n');
            }
        }
        return answers.toString();
    }

    /** Checks of the same settings, valid and partly invalid. The node has the databases open, so each is tried for a while. */
    private String check(Path configuration) throws IOException {
        String include = "include file(\"" + configuration + "\")\nsip-dispatcher {\n"
                + "partitions.default.connect_timeout = 1s, journal.connect_timeout = 1s\n";
        Path same = Files.writeString(above.resolve("same.conf"), include + "}\n");
        Path broken = Files.writeString(
                above.resolve("broken.conf"),
                include + "cluster.port = x, relay.secrets = hush-of-the-relay, journal.db_url ="
                        + " \"jdbc:nosuch:user:hush-of-journal@x\", management.tokens = hush-of-anns-token }");
        CommandLineRun valid = CommandLineRun.of("check", same.toString());
        CommandLineRun invalid = CommandLineRun.of("check", broken.toString());
        assertThat(invalid.out()).contains("cluster.port: x", "relay.secrets", "management.tokens");
        return valid.out() + valid.err() + invalid.out() + invalid.err();
    }

    @Test
    void noOutputShowsASecretAndFilesThatOthersCanReadAreNamed() throws Exception {
        int port = Ports.next();
        Path key = NodeCertificates.of("127.0.0.1").resolve("node.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        NodeProcess node = NodeProcess.begin(List.of(), configurationWithSecrets(port), "");
        try {
            node.awaitListening();
            Path configuration = node.home().resolve("node.conf");
            String outputs = String.join(
                    "\n",
                    answers(port),
                    check(configuration),
                    NodeCertificates.read(Path.of("/proc/" + node.pid() + "/cmdline")),
                    node.log());

            assertThat(node.log())
                    .contains(key + ": a private key that other users can read")
                    .contains(configuration + ": other users can read it, and it contains ")
                    .contains("relay.secret", "management.tokens[0].token");
            String ofKey =
                    NodeCertificates.read(key).lines().skip(1).findFirst().orElseThrow();
            assertThat(outputs)
                    .contains("/dispatcher/node 200", "/dispatcher/node 401")
                    .doesNotContain(ofKey);
            assertThat(SECRETS).allSatisfy(secret -> assertThat(outputs).doesNotContain(secret));
        } finally {
            node.kill();
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
    }
}
