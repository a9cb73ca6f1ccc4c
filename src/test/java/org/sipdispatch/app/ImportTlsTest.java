package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.agents.Certificates;
import org.sipdispatch.agents.Ports;

/** Scripts with TLS domains, and nodes that start with what became of them. */
class ImportTlsTest {
    private static final Path SAMPLES = Path.of("src/test/resources/import");

    @TempDir
    Path directory;

    /** The free ports instead of those of a sample. */
    private final Map<String, Integer> free = new HashMap<>();

    private record Run(int status, String out, String err) {}

    private static Run run(String... arguments) {
        ProgramRun run = ProgramRun.of(arguments);
        return new Run(run.status(), run.out(), run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tls-2.4", "tls-3.4"})
    void theDomainsOfOpensipsBecomeBlocks(String name) throws IOException {
        Run run = run("import", "--opensips", SAMPLES.resolve(name + ".cfg").toString(), "--out", directory.toString());

        Path written = directory.resolve("sip-dispatcher.conf");
        assertThat(Files.readString(written))
                .isEqualTo(Files.readString(SAMPLES.resolve("expected/" + name + ".conf")));
        assertThat(run.status).isEqualTo(3);
        assertThat(run("check", "--no-data", looked(written).toString()).out).startsWith("ok: ");
    }

    @Test
    void theSectionsOfKamailioBecomeBlocks() throws IOException {
        Path script = SAMPLES.resolve("kamailio-tls/kamailio.cfg");

        Run run = run("import", "--kamailio", script.toString(), "--out", directory.toString());

        Path written = directory.resolve("sip-dispatcher.conf");
        assertThat(Files.readString(written)
                        .replace(directory.toAbsolutePath().toString(), "OUT")
                        .replace(script.toAbsolutePath().getParent().toString(), "BESIDE"))
                .isEqualTo(Files.readString(SAMPLES.resolve("expected/kamailio-tls.conf")));
        assertThat(run.status).isEqualTo(3);
        assertThat(run("check", "--no-data", looked(written).toString()).out).startsWith("ok: ");
    }

    /** The configuration without the list of texts to review. */
    private Path looked(Path written) throws IOException {
        return Files.writeString(
                directory.resolve("looked.conf"),
                Files.readString(written).replaceFirst("(?s)  unfinished = \\[\n.*?\n  ]\n", ""));
    }

    @Test
    void aNodeStartsWithTheDomainsOfOpensips() throws IOException {
        Certificates certificates = certificates();
        Path script = own(SAMPLES.resolve("tls-2.4.cfg"), "/etc/opensips/tls");
        List<Integer> ports = tlsPorts(script);
        Path list = Files.writeString(directory.resolve("a.list"), "1 sip:127.0.0.1:9\n2 sip:127.0.0.1:9\n");
        Path out = directory.resolve("out");

        run("import", "--opensips", script.toString(), "--kamailio-list", list.toString(), "--out", out.toString());

        Path conf = out.resolve("sip-dispatcher.conf");
        Run check = run("check", conf.toString());
        assertThat(check.status).as(check.out).isZero();
        assertThat(check.out)
                .contains("ok: 1 partition, 2 destinations, ")
                .contains("tls.client_domains.default.verify_cert: off: connections of this domain may lead to anyone");
        try (Node node = Node.start(ConfigFile.read(alone(conf), directory))) {
            assertThat(node).isNotNull();
            greets(certificates, ports.get(0), "trunk");
            greets(certificates, ports.get(1), "");
            assertThatThrownBy(() -> greets(certificates, ports.get(0), "")).isInstanceOf(IOException.class);
        }
    }

    @Test
    @Tag("long")
    void kamailioAndANodeStartWithTheSameSections() throws IOException, InterruptedException {
        Certificates certificates = certificates();
        Path script = own(SAMPLES.resolve("kamailio-tls/kamailio.cfg"), "/etc/kamailio");
        own(SAMPLES.resolve("kamailio-tls/tls.cfg"), "/etc/kamailio");
        own(SAMPLES.resolve("kamailio-tls/dispatcher.list"), "/etc/kamailio");
        List<Integer> ports = tlsPorts(script);
        Process kamailio = new ProcessBuilder("kamailio", "-c", "-f", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(kamailio.getInputStream().readAllBytes());
        assertThat(kamailio.waitFor()).as(said).isZero();
        Path out = directory.resolve("out");

        run("import", "--kamailio", script.toString(), "--out", out.toString());

        Path conf = looked(out.resolve("sip-dispatcher.conf"));
        Run check = run("check", conf.toString());
        assertThat(check.status).as(check.out).isZero();
        try (Node node = Node.start(ConfigFile.read(alone(conf), directory))) {
            assertThat(node).isNotNull();
            greets(certificates, ports.get(0), "trunk");
            greets(certificates, ports.get(1), "");
            assertThatThrownBy(() -> greets(certificates, ports.get(0), "")).isInstanceOf(IOException.class);
        }
    }

    /** An authority, and what it signed for the node and its trunk. */
    private Certificates certificates() {
        assumeTrue(Certificates.canBeMade(), "no openssl here to make certificates with");
        Certificates certificates = new Certificates(directory);
        certificates.authority("ca");
        certificates.signed("node", "IP:127.0.0.1,DNS:node.example.com", "ca", "", "-days 30");
        certificates.signed("trunk", "IP:127.0.0.1,DNS:trunk.example.com", "ca", "", "-days 30");
        return certificates;
    }

    /** A copy of the sample with free ports, and with the certificates of this test. */
    private Path own(Path sample, String folder) throws IOException {
        String text = Files.readString(sample).replace(folder, directory.toString());
        for (String port : List.of("5060", "5061", "5071", "5081")) {
            text = text.replace("127.0.0.1:" + port, "127.0.0.1:" + port(port))
                    .replace("PORT " + port, "PORT " + port(port));
        }
        return Files.writeString(directory.resolve(sample.getFileName().toString()), text);
    }

    private int port(String ofSample) {
        return free.computeIfAbsent(ofSample, unused -> Ports.next());
    }

    /** The ports of the sockets with tls, in order. */
    private static List<Integer> tlsPorts(Path script) throws IOException {
        Matcher socket =
                Pattern.compile("(?m)^listen=tls:127\\.0\\.0\\.1:(\\d+)").matcher(Files.readString(script));
        return socket.results().map(one -> Integer.valueOf(one.group(1))).toList();
    }

    /** The configuration for a node beside others on this host. */
    private Path alone(Path conf) throws IOException {
        String settings =
                "sip-dispatcher {\nmanagement.enabled = off\ndata-dir = \"" + directory.resolve("data") + "\"\n";
        return Files.writeString(
                directory.resolve("alone.conf"), Files.readString(conf).replace("sip-dispatcher {\n", settings));
    }

    /** Connects with that certificate; empty for none. With TLS 1.3 a client would not learn of the refusal. */
    private static void greets(Certificates certificates, int port, String certificate) throws IOException {
        try (Socket plain = new Socket("127.0.0.1", port);
                SSLSocket socket = (SSLSocket) certificates
                        .client("ca", certificate)
                        .getSocketFactory()
                        .createSocket(plain, "127.0.0.1", port, true)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.startHandshake();
        }
    }
}
