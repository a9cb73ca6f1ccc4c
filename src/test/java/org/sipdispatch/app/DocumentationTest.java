package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.settings.SettingException;

/** The examples of the pages are valid, and their links exist. */
class DocumentationTest {
    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Pattern EXAMPLE = Pattern.compile("(?ms)^```hocon\\n(.*?)^```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");

    /** Settings that the examples omit. */
    private static final String GIVEN = """
            sip-dispatcher {
              home = "."
              sockets.default-for-test = "udp:127.0.0.1:59062"
              partitions.default.db_url = "file:conf/dispatcher.list"
              partitions.trunks.db_url = "file:conf/dispatcher.list"
              rules = [ { select.set = 1 } ]
            }
            DB_PASSWORD = "secret"
            """;

    static Stream<Example> examples() throws IOException {
        return pages().flatMap(page -> EXAMPLE.matcher(text(page))
                .results()
                .map(match -> new Example(
                        page.getFileName() + ": "
                                + match.group(1).strip().lines().findFirst().orElse(""),
                        match.group(1))));
    }

    private record Example(String name, String text) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleIsTaken(Example example) {
        String text = example.text.replaceAll("file:/etc/[^\"]*", "file:conf/dispatcher.list");
        boolean whole = text.startsWith("sip-dispatcher {");
        boolean rule = text.matches("(?s)(when|select) .*|relay \\{\\s+mode .*");
        String set = text.startsWith("relay") ? "\nselect { set = 1, flags = F }" : "";
        String settings =
                whole ? text : "sip-dispatcher {\n" + (rule ? "rules = [ {" + text + set + "} ]" : text) + "\n}";

        assertThat(read(settings)).isNotNull();
    }

    @Test
    void theSampleConfigurationIsTaken() {
        assertThat(read(text(Path.of("conf/sip-dispatcher.conf")))).isNotNull();
    }

    /** The configuration is valid. More cannot be tested without Kubernetes. */
    @Test
    void theConfigurationForKubernetesIsTaken() {
        String yaml = text(Path.of("cluster-deploy/kubernetes/sip-dispatcher.yaml"));
        String block = yaml.substring(
                yaml.indexOf("sip-dispatcher.conf: |\n"), yaml.indexOf("\n---\napiVersion: v1\nkind: Service\n"));
        String config = block.lines().skip(1).map(line -> line + "\n").reduce("", String::concat);
        String environment = "SIP_DISPATCHER_CLUSTER_HOST = \"127.0.0.1\", SIP_DISPATCHER_JOURNAL_URL ="
                + " \"jdbc:postgresql://127.0.0.1/d\"\nsip-dispatcher.relay.secret = \"of the test\"\n";

        assertThat(read(config + environment).cluster().bootstrap()).isTrue();
    }

    private static NodeSettings read(String settings) {
        Config config = ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.parseString(GIVEN))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve()
                .getConfig("sip-dispatcher");
        return NodeSettings.from(config);
    }

    @Test
    void theExampleOfARefusalIsWhatTheProgramSays() {
        String page = text(PAGES.resolve("configuration.md"));

        try {
            read("sip-dispatcher.rules = [ { select { set = 1, alg = 11 } } ]");
        } catch (SettingException refusal) {
            assertThat(page).contains("\nmy.conf:12: error: " + refusal.getMessage() + "\n");
            return;
        }
        throw new AssertionError("algorithm 11 is refused");
    }

    @Test
    void everyLinkBetweenPagesLeadsSomewhere() throws IOException {
        List<String> dead = Stream.concat(pages(), Stream.of(Path.of("cluster-deploy/README.md")))
                .flatMap(page -> LINK.matcher(text(page))
                        .results()
                        .map(DocumentationTest::target)
                        .filter(target -> !target.contains("://"))
                        .filter(target -> !Files.exists(page.toAbsolutePath().resolveSibling(target)))
                        .map(target -> page + ": " + target))
                .toList();

        assertThat(dead).isEmpty();
    }

    private static String target(MatchResult link) {
        return link.group(1);
    }

    @Test
    void theReadmeLeadsToEveryPage() throws IOException {
        String readme = text(Path.of("README.md"));

        assertThat(pages().skip(1)).allSatisfy(page -> assertThat(readme).contains("(" + page + ")"));
    }

    private static Stream<Path> pages() throws IOException {
        try (Stream<Path> found = Files.list(PAGES)) {
            return Stream.concat(Stream.of(Path.of("README.md")), found.sorted().toList().stream());
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
