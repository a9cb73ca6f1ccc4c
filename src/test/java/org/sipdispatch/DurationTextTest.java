package org.sipdispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No text contains a duration as Java prints it, {@code PT10S}: {@code Section.format} is for that. Finds durations by
 * their names, so it does not see those that share a name with something else.
 */
class DurationTextTest {
    private static final Pattern DURATION = Pattern.compile("\\bDuration (\\w+)\\b");
    private static final Pattern OTHER = Pattern.compile("\\b(?!Duration\\b)(?:\\w+|[\\]>]) (\\w+)\\b(?= ?[=;,)(])");

    /** Names of durations that are names of nothing else. */
    private static Set<String> names(String sources) {
        Set<String> names = found(DURATION, sources);
        names.removeAll(found(OTHER, sources));
        return names;
    }

    /**
     * Durations that are appended to a string literal, or are the argument after one. Constants as arguments are left
     * out, because they are bounds of settings.
     */
    private static List<String> printed(Set<String> names, String source) {
        String name = "\\b(?:" + String.join("|", names) + ")";
        Pattern text = Pattern.compile(
                "\"\\s*(?:\\+|,(?!\\s*[\\w.]*[A-Z]{2}))\\s*((?:\\w+(?:\\(\\))?\\.)*" + name + "(?:\\(\\))?)\\s*[+;,)]");
        return new ArrayList<>(found(text, source));
    }

    private static Set<String> found(Pattern pattern, String source) {
        return pattern.matcher(source)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void noTextContainsADurationAsJavaPrintsIt() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            String sources = files.filter(file -> file.toString().endsWith(".java"))
                    .map(DurationTextTest::read)
                    .collect(Collectors.joining("\n"));
            Set<String> names = names(sources);

            assertThat(names).contains("messageTimeout", "connectTimeout");
            assertThat(printed(names, sources)).isEmpty();
        }
    }

    @Test
    void oneThatDoesIsFound() {
        Set<String> names = names("Duration longest, Duration both) {} int both;");

        assertThat(printed(names, "hit(\"after \" + longest); LOG.warn(\"after {}\", settings().longest());"))
                .containsExactly("longest", "settings().longest()");
        assertThat(printed(names, "hit(\"after \" + longest.toSeconds() + both); of(\"x\", format(longest));"))
                .isEmpty();
    }
}
