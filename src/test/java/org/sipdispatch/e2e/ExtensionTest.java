package org.sipdispatch.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipdispatch.agents.Ports;
import org.sipdispatch.agents.Requests;
import org.sipdispatch.agents.SipText;
import org.sipdispatch.agents.UdpPeer;
import org.sipdispatch.sip.HeaderName;
import org.sipdispatch.sip.SipResponse;

/** A node with an extension that was compiled outside of the build, and with pushed figures. */
class ExtensionTest {
    private static final Path SOURCE = Path.of("src/test/java/org/example/CapacityRoute.java");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path directory;

    private static final int SIP = Ports.next();
    private static final int HTTP = Ports.next();
    private static NodeProcess node;

    @BeforeAll
    static void start() throws IOException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        int failures = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        Path.of("target", "classes").toString(),
                        "-d",
                        classes.toString(),
                        SOURCE.toString());
        assertThat(failures).isZero();
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve("org.sipdispatch.spi.AlgoRoute"), "org.example.CapacityRoute\n");
        Path extensions = Files.createDirectory(directory.resolve("extensions"));
        jar(classes, extensions.resolve("capacity.jar"));

        List<String> options = new ArrayList<>(NodeArchive.options());
        int last = options.size() - 1;
        options.set(last, options.get(last) + File.pathSeparator + extensions + File.separator + "*");
        node = NodeProcess.begin(options, config());
        node.awaitListening();
    }

    private static void jar(Path classes, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, entries);
                entries.closeEntry();
            }
        }
    }

    private static String config() throws IOException {
        Path list = Files.writeString(directory.resolve("my.list"), """
                1 sip:127.0.0.1:5081 0 0 max=0
                1 sip:127.0.0.1:5082 0 0 max=5
                2 sip:127.0.0.1:5083
                """);
        return """
                sip-dispatcher {
                  data-dir = "%s"
                  management.port = %d
                  sockets { main = "udp:127.0.0.1:%d" }
                  partitions.default { db_url = "file:%s" }
                  relay-defaults.mode = redirect
                  rules = [
                    { when.method = INVITE, select { set = 1, alg = "route:capacity", flags = F } }
                    { when { method = INFO, in-set = 2 }, push-attrs = "by $rm", select { set = 1, alg = 8 } }
                    { select { set = 1, alg = 9, flags = F, pvar_algo_pattern = "$figure(load_%%i:%%u)" } }
                  ]
                }
                """.formatted(directory.resolve("data"), HTTP, SIP, list);
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static JsonNode http(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + HTTP + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.ISO_8859_1))
                .build();
        try {
            HttpResponse<String> response =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The ports in the Contacts of the redirection. */
    private static List<String> redirected(UdpPeer caller, String method) {
        String call = Requests.newCall();
        caller.send(NodeProcess.at(SIP), Requests.udp(caller.address()).of(method, call));
        SipResponse moved = caller.awaitResponse(302, method, call);
        return SipText.values(moved, HeaderName.CONTACT).stream()
                .map(contact -> contact.replaceAll(".*127\\.0\\.0\\.1:(\\d+).*", "$1"))
                .toList();
    }

    private static List<String> explained(String method) {
        JsonNode pick = http(
                "POST",
                "/dispatcher/pick?source=127.0.0.1:5999",
                Requests.udp(NodeProcess.at(5999)).of(method, Requests.newCall()));
        return StreamSupport.stream(pick.at("/sets/0/members").spliterator(), false)
                .map(member -> member.path("why").asText())
                .toList();
    }

    @Test
    void theAlgorithmOfTheJarSelects() {
        try (UdpPeer caller = new UdpPeer("127.0.0.1")) {
            assertThat(redirected(caller, "INVITE")).containsExactly("5082", "5081");
        }
        assertThat(explained("INVITE"))
                .containsExactly(
                        "next in ascending order: route:capacity = negative", "first: route:capacity = 0, the lowest");
    }

    @Test
    void aRulePushesAttributesOfTheSender() {
        String sender = "/dispatcher/destinations/default:2:sip:127.0.0.1:5083";
        try (UdpPeer caller = new UdpPeer("127.0.0.1")) {
            assertThat(redirected(caller, "INFO")).containsExactly("5081");
        }

        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                http("GET", sender, "").path("scriptAttrs").asText())
                        .isEqualTo("by INFO"));
    }

    @Test
    void pushedFiguresSelectUntilTheyAreRemoved() {
        try (UdpPeer caller = new UdpPeer("127.0.0.1")) {
            assertThat(redirected(caller, "MESSAGE")).containsExactly("5081", "5082");

            JsonNode pushed = http("PUT", "/dispatcher/figures/load_1", """
                    {"values": {"sip:127.0.0.1:5081": 70, "SIP:127.0.0.1:5082": 12, "sip:10.0.0.9": 1}}""");
            assertThat(pushed.path("values").asInt()).isEqualTo(3);
            assertThat(pushed.at("/unknown/0").asText()).isEqualTo("sip:10.0.0.9");
            assertThat(redirected(caller, "MESSAGE")).containsExactly("5082", "5081");
            assertThat(explained("MESSAGE"))
                    .containsExactly(
                            "next in ascending order: $figure(load_%i:%u) = 70",
                            "first: $figure(load_%i:%u) = 12, the lowest");

            http("DELETE", "/dispatcher/figures/load_1", "");
            assertThat(redirected(caller, "MESSAGE")).containsExactly("5081", "5082");
        }
    }
}
