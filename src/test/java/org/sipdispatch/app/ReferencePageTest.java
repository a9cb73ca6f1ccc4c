package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipdispatch.routing.Template;
import org.sipdispatch.settings.SettingException;

/**
 * The page {@code opensips.md} has a row for each name of the OpenSIPS module and no others, and what its rows refer to
 * exists: keys, variables, commands, routes and tests.
 */
class ReferencePageTest {
    private static final Path PAGE = Path.of("src/site/markdown/opensips.md");
    private static final Path NAMES = Path.of("src/test/resources/opensips/dispatcher-module.txt");
    private static final Path REFERENCE = Path.of("src/main/resources/reference.conf");
    private static final Path OPEN_API = Path.of("src/main/resources/org/sipdispatch/manage/openapi.json");
    private static final Path MI = Path.of("src/test/resources/mi/which.json");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("Module parameters", "parameter"),
            Map.entry("Properties of a partition", "property"),
            Map.entry("Script functions", "function"),
            Map.entry("Flags", "flag"),
            Map.entry("Algorithms", "algorithm"),
            Map.entry("Variables", "variable"),
            Map.entry("MI commands and opensipsctl", "command"),
            Map.entry("Events", "event"),
            Map.entry("Status reports", "report"),
            Map.entry("Columns", "column"));

    /** One row: what OpenSIPS has, with the first version if that is newer than 2.4, and the other cells. */
    record Row(String name, String here, String difference, String tests) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String kind = "";
        for (String line : lines(PAGE)) {
            if (line.startsWith("## ")) {
                kind = KINDS.get(line.substring(3));
                assertThat(kind).as(line).isNotNull();
            } else if (line.startsWith("| `")) {
                String[] cells = line.split("\\|");
                assertThat(cells).as(line).hasSize(5);
                String since = cells[1].strip().replaceFirst("`[^`]+` ?", "");
                rows.add(new Row(
                        (since.isEmpty() ? "2.4 " : since + " ") + kind + " "
                                + quoted(cells[1]).get(0),
                        cells[2].strip(),
                        cells[3].strip(),
                        cells[4].strip()));
            }
        }
        return rows.stream();
    }

    @Test
    void thePageHasOneRowForEachNameOfTheModuleAndNoOthers() {
        List<String> names = lines(NAMES).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();

        assertThat(names).hasSizeGreaterThan(100).doesNotHaveDuplicates();
        assertThat(rows().map(Row::name).toList()).containsExactlyInAnyOrderElementsOf(names);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aRowNamesWhatExistsHereAndTheDifference(Row row) {
        List<String> here = quoted(row.here);

        assertThat(here.isEmpty())
                .as("a row without a key says why: %s", row.here)
                .isEqualTo(row.here.matches("not needed|the order of rows"));
        assertThat(here).allMatch(ReferencePageTest::exists, "exists");
        assertThat(row.difference).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aRowNamesTheTestsThatProveIt(Row row) {
        List<String> tests = quoted(row.tests);

        assertThat(tests).isNotEmpty().allMatch(ReferencePageTest::isTest, "is a test method");
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatIsNotSupportedIsADifference(Row row) {
        String page = text(Path.of("src/site/markdown/differences.md"));
        String notSupported = page.substring(page.indexOf("\n## Not supported"));

        assertThat(!row.here.startsWith("not supported")
                        || notSupported.contains("`" + row.name.replaceFirst("\\S+ \\S+ ", "") + "`"))
                .isTrue();
    }

    private static boolean exists(String what) {
        if (what.startsWith("$")) {
            return isVariable(what);
        } else if (what.startsWith("sip-dispatcher ")) {
            return ProgramRun.commands().contains(what.split(" ")[1]);
        } else if (what.matches("[A-Z]+ /.*")) {
            String[] route = what.split(" ");
            return json(OPEN_API).path("paths").path(route[1]).has(route[0].toLowerCase(Locale.ROOT));
        } else if (what.matches("(ds_|dispatcher:)(list|set_state|reload|push_script_attrs)")) {
            return json(MI).at("/reply/result").toString().contains("\"" + what + "\"");
        }
        return isKey(what);
    }

    private static boolean isVariable(String what) {
        try {
            return !Template.parse("", what).isConstant();
        } catch (SettingException e) {
            return false;
        }
    }

    private static boolean isKey(String path) {
        String name = path.substring(path.lastIndexOf('.') + 1);
        Config reference = ConfigFactory.defaultReference().getConfig("sip-dispatcher");
        if (path.startsWith("relay.")) {
            return reference.hasPathOrNull(path.replaceFirst("relay", "relay-defaults"));
        } else if (path.matches("(select|when)\\..*|headers|log|push-attrs")) {
            return isAssigned(name, "  # What to do with requests", "  rules = []");
        } else if (path.startsWith("partitions.")) {
            return path.equals("partitions.NAME")
                    || isAssigned(name, "    default {", "  # The default for unusable rows");
        }
        return reference.hasPathOrNull(path);
    }

    /** Whether that part of the reference gives the key a value, or names it in a comment. */
    private static boolean isAssigned(String key, String from, String to) {
        String reference = text(REFERENCE);
        int start = reference.indexOf(from);
        return Pattern.compile("\\b" + Pattern.quote(key) + " ?(=|\\{)")
                .matcher(reference.substring(start, reference.indexOf(to, start)))
                .find();
    }

    private static boolean isTest(String name) {
        int dot = name.lastIndexOf('.');
        try {
            Class<?> type = Class.forName(
                    "org.sipdispatch." + name.substring(0, dot), false, ReferencePageTest.class.getClassLoader());
            return Stream.of(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals(name.substring(dot + 1)))
                    .anyMatch(ReferencePageTest::isTest);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class)
                || method.isAnnotationPresent(ParameterizedTest.class)
                || method.isAnnotationPresent(Property.class);
    }

    private static List<String> quoted(String cell) {
        return QUOTED.matcher(cell)
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(text(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
