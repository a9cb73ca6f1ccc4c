package org.sipdispatch.manage;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.http.javadsl.Http;
import akka.http.javadsl.ServerBinding;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UiRouteTest {
    private static final Path FOLDER = Path.of("src/main/resources/org/sipdispatch/manage/ui");
    private static final Pattern FOREIGN = Pattern.compile("https?://(?!www\\.w3\\.org/2000/svg)");
    private static final Pattern MARKUP = Pattern.compile(
            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function|srcdoc|javascript:");

    private static ActorSystem system;
    private static ServerBinding binding;
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void serve() {
        system = ActorSystem.create("ui", ConfigFactory.load());
        binding = Http.get(system)
                .newServerAt("127.0.0.1", 0)
                .bind(new UiRoute().route())
                .toCompletableFuture()
                .join();
    }

    @AfterAll
    static void stop() {
        TestKit.shutdownActorSystem(system);
    }

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyFileIsServedAsWhatItIs(String name) throws Exception {
        HttpResponse<byte[]> answer = get("/dispatcher/ui/" + name);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(Files.readAllBytes(FOLDER.resolve(name)));
        assertThat(header(answer, "content-type"))
                .isEqualToIgnoringCase(
                        switch (name.substring(name.indexOf('.'))) {
                            case ".js" -> "text/javascript; charset=UTF-8";
                            case ".css" -> "text/css; charset=UTF-8";
                            case ".svg" -> "image/svg+xml";
                            default -> "text/html; charset=UTF-8";
                        });
    }

    @Test
    void aBrowserMayNeitherGuessNorFrameNorLoadFromElsewhere() throws Exception {
        HttpResponse<byte[]> page = get("/dispatcher/ui/");

        assertThat(header(page, "content-security-policy"))
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
        assertThat(header(page, "cache-control")).isEqualTo("no-cache");
        assertThat(new String(page.body(), StandardCharsets.UTF_8)).contains("<title>sip-dispatcher</title>");
    }

    @Test
    void whatABrowserHasIsNotSentAgain() throws Exception {
        String etag = header(get("/dispatcher/ui/app.js"), "etag");

        HttpResponse<byte[]> again = get("/dispatcher/ui/app.js", "If-None-Match", etag);

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/dispatcher/ui"})
    void shortWaysLeadToThePage(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(header(answer, "location")).isEqualTo("/dispatcher/ui/");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dispatcher/ui/other.js",
                "/dispatcher/ui/../node",
                "/dispatcher/ui/..%2f..%2f..%2freference.conf",
                "/dispatcher/ui/%2e%2e/UiRoute.class",
                "/dispatcher/ui//app.js",
                "/dispatcher/ui/app.js/"
            })
    void nothingElseIsServed(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @MethodSource("names")
    void noFileMakesMarkupOfTextOrComesFromElsewhere(String name) throws IOException {
        String text = Files.readString(FOLDER.resolve(name));

        assertThat(text).doesNotContainPattern(FOREIGN).doesNotContainPattern(MARKUP);
        assertThat(text.lines()).as("can be read at once").hasSizeLessThanOrEqualTo(400);
        assertThat(text).doesNotContainPattern("(?i)<script(?![^>]*src=)|<style|\\sstyle=\"|\\son\\w+=\"");
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + binding.localAddress().getPort() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
