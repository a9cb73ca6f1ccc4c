package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The files of the package, as {@code src/dist/content.xml} takes them from the sources. */
class PackageTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s#]+)(#[^)]*)?\\)");

    /** The source of each file, by its path in the package. */
    private final Map<Path, Path> packaged = new HashMap<>();

    @BeforeEach
    void readAssembly() throws Exception {
        NodeList sets = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("src/dist/content.xml").toFile())
                .getElementsByTagName("fileSet");
        for (int i = 0; i < sets.getLength(); i++) {
            Element set = (Element) sets.item(i);
            Path directory = Path.of(texts(set, "directory").get(0));
            Path target = Path.of(texts(set, "outputDirectory").get(0));
            List<String> includes = texts(set, "include");
            try (Stream<Path> files = Files.walk(directory, includes.isEmpty() ? Integer.MAX_VALUE : 1)) {
                files.filter(Files::isRegularFile)
                        .filter(file -> includes.isEmpty() || isIncluded(includes, file))
                        .forEach(file -> packaged.put(
                                target.resolve(directory.relativize(file)).normalize(), file));
            }
        }
    }

    private static List<String> texts(Element parent, String name) {
        List<String> texts = new ArrayList<>();
        NodeList found = parent.getElementsByTagName(name);
        for (int i = 0; i < found.getLength(); i++) {
            texts.add(found.item(i).getTextContent().strip());
        }
        return texts;
    }

    private static boolean isIncluded(List<String> includes, Path file) {
        String name = file.getFileName().toString();
        return includes.stream()
                .anyMatch(include ->
                        include.startsWith("*") ? name.endsWith(include.substring(1)) : name.equals(include));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void eachLinkOfItsPagesLeadsToAFileInIt() {
        List<String> broken = new ArrayList<>();
        packaged.forEach((page, source) -> {
            if (page.toString().endsWith(".md")) {
                Matcher links = LINK.matcher(text(source));
                while (links.find()) {
                    Path target = page.resolveSibling(links.group(1)).normalize();
                    if (!links.group(1).contains(":") && !packaged.containsKey(target)) {
                        broken.add(page + " -> " + links.group(1));
                    }
                }
            }
        });

        assertThat(packaged).containsKeys(Path.of("README.md"), Path.of("bin/sip-dispatcher"), Path.of("doc/mi.md"));
        assertThat(broken).isEmpty();
    }

    @Test
    void itsReadmeNamesEachPage() {
        String readme = text(packaged.get(Path.of("README.md")));

        assertThat(packaged.keySet())
                .filteredOn(path -> path.startsWith("doc") && path.toString().endsWith(".md"))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(readme).contains("(" + path + ")"));
    }

    @Test
    void itsReadmeNeedsNoSources() {
        assertThat(text(packaged.get(Path.of("README.md"))))
                .contains("bin/sip-dispatcher demo")
                .doesNotContain("mvn", "src/", "target/", "cluster-deploy");
    }
}
