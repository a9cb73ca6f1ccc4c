package org.sipdispatch.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SectionTest {
    private enum Colour {
        DARK_RED,
        BLUE
    }

    @Test
    void valuesOfAllKindsAreRead() {
        Section section = of("text = a, number = 5, flag = on, time = 500ms, size = 64KiB, colour = Dark-Red,"
                + " list = [a, b], one = a, block { key = 1 }, blocks = [ { key = 1 }, { key = 2 } ]");

        assertThat(section.text("text")).isEqualTo("a");
        assertThat(section.textOr("nothing", "b")).isEqualTo("b");
        assertThat(section.integer("number", 1, 5)).isEqualTo(5);
        assertThat(section.flag("flag")).isTrue();
        assertThat(section.duration("time", Duration.ZERO, Duration.ofSeconds(1)))
                .isEqualTo(Duration.ofMillis(500));
        assertThat(section.bytes("size", 1, 65536)).isEqualTo(65536);
        assertThat(section.choice("colour", Colour.class)).isEqualTo(Colour.DARK_RED);
        assertThat(section.texts("list")).containsExactly("a", "b");
        assertThat(section.texts("one")).containsExactly("a");
        assertThat(section.section("block").path("key")).isEqualTo("block.key");
        assertThat(section.sections("blocks")).extracting(Section::path).containsExactly("blocks[0]", "blocks[1]");
        assertThat(section.sectionOrEmpty("nothing").keys()).isEmpty();
        assertThat(section.isBlock("block")).isTrue();
        assertThat(section.isBlock("text")).isFalse();
        assertThatCode(section::refuseUnknown).doesNotThrowAnyException();
    }

    @Test
    void problemsAreCollectedAndReadingGoesOnWithTheDefaults() {
        Problems problems = new Problems();
        Section section = Section.root(
                ConfigFactory.parseString(
                        "number = 12, time = 5, flag = maybe, block { number = x, bogus = 1 }, list = 1"),
                ConfigFactory.parseString("number = 3, time = 2s, block.number = 7"),
                problems);

        assertThat(section.integer("number", 1, 9)).isEqualTo(3);
        assertThat(section.duration("time", Duration.ZERO, Duration.ofMinutes(1)))
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(section.flag("flag")).isFalse();
        Section block = section.section("block");
        assertThat(block.integer("number", 1, 9)).isEqualTo(7);
        block.refuseUnknown();
        assertThat(section.sections("list")).isEmpty();

        assertThat(problems.all())
                .extracting(SettingException::key)
                .containsExactly("number", "time", "flag", "block.number", "block.bogus", "list");
        assertThat(section.isInvalid("block")).isTrue();
        assertThat(section.isInvalid("nothing")).isFalse();
    }

    @Test
    void whatOnlyFollowsFromAProblemIsNotCollected() {
        Problems problems = new Problems();
        Section section = Section.root(
                ConfigFactory.parseString("block = 1, inner { a = x }, given = y"), ConfigFactory.empty(), problems);
        problems.suppress("given");

        Section missing = section.section("block");
        missing.text("needed");
        missing.refuse("", "nothing", "something");
        section.section("inner").integer("a", 1, 2);
        section.refuse("inner", "all of it", "something else");
        section.refuse("given", "y", "z");

        assertThat(problems.all()).extracting(SettingException::key).containsExactly("block", "inner.a");
    }

    @Test
    void nothingIsBadWhereTheFirstProblemIsThrown() {
        assertThat(of("a = 1").isInvalid("a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret = { hidden = hidden }", "secret = [ hidden ]"})
    void aSecretIsNeverShown(String text) {
        assertThat(of("secret = hidden").secret("secret")).isEqualTo("hidden");
        assertThat(of("").secret("secret")).isNull();
        assertThatThrownBy(() -> of(text).secret("secret")).hasMessage("secret: something else (expected: a text)");
        assertThatThrownBy(() -> of(text).refuseUnknown(List.of("other")))
                .hasMessage("secret: an unknown key (expected: one of other)");
        assertThatThrownBy(() -> of(text).refuseUnknown(List.of("other", "secrets")))
                .hasMessage("secret: an unknown key (expected: one of other, secrets; did you mean secrets?)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hidden = hidden, secret = [ hidden ]",
                "sercet = hidden",
                "blocks = [ hidden ]",
                "blocks = hidden",
                "block = hidden",
                "block = [ hidden ]",
                "text = { token = hidden }",
                "text = [ hidden ]",
                "texts = [ { token = hidden } ]",
                "secrets = [ { token = hidden } ]",
                "secrets { token = hidden }"
            })
    void noMessageShowsTheValueOfAnUnknownKeyOrTheContentOfABlockOrList(String text) {
        Problems problems = new Problems();
        Section section = Section.root(ConfigFactory.parseString(text), ConfigFactory.empty(), problems);

        section.secret("secret");
        section.secrets("secrets");
        section.textOr("text", "");
        if (section.has("texts")) {
            section.texts("texts");
        }
        if (section.has("blocks")) {
            section.sections("blocks");
        }
        section.sectionOrEmpty("block");
        section.refuseUnknown();

        assertThat(problems.all())
                .isNotEmpty()
                .allSatisfy(
                        one -> assertThat(one.getMessage().substring(one.key().length()))
                                .doesNotContain("hidden"));
    }

    @Test
    void secretsAreOneTextOrAList() {
        assertThat(of("a = x").secrets("a")).containsExactly("x");
        assertThat(of("a = [ x, y ]").secrets("a")).containsExactly("x", "y");
        assertThat(of("a = null").secrets("a")).isEmpty();
        assertThat(of("").secrets("a")).isEmpty();
        assertThat(of("").secretOr("a", "x")).isEqualTo("x");
    }

    @Test
    void nullCountsAsNone() {
        assertThat(of("a = null").has("a")).isFalse();
        assertThat(of("a = 1").has("a")).isTrue();
    }

    @Test
    void keysWithDotsAndColonsAreKeysToo() {
        Section section = of("\"a.b:c\" = x");

        assertThat(section.keys()).isEqualTo(List.of("a.b:c"));
        assertThat(section.text("a.b:c")).isEqualTo("x");
    }

    @ParameterizedTest
    @MethodSource
    void aWrongValueIsReportedWithItsPathAndWhatWouldBeRight(
            String text, Function<Section, Object> reading, String message) {
        assertThatThrownBy(() -> reading.apply(of("outer { " + text + " }").section("outer")))
                .isInstanceOf(SettingException.class)
                .hasMessage(message);
    }

    static Stream<Arguments> aWrongValueIsReportedWithItsPathAndWhatWouldBeRight() {
        Duration second = Duration.ofSeconds(1);
        Duration half = Duration.ofMillis(500);
        return Stream.of(
                wrong("", s -> s.text("a"), "outer.a: nothing (expected: a text)"),
                wrong("a = {}", s -> s.text("a"), "outer.a: a block (expected: a text)"),
                wrong("a = {}", s -> s.texts("a"), "outer.a: a block (expected: a text)"),
                wrong("a = [ {} ]", s -> s.texts("a"), "outer.a: a list (expected: a list of texts)"),
                wrong("a = maybe", s -> s.flag("a"), "outer.a: maybe (expected: on or off)"),
                wrong("", s -> s.flag("a"), "outer.a: nothing (expected: on or off)"),
                wrong("a = x", s -> s.integer("a", 1, 9), "outer.a: x (expected: a whole number from 1 to 9)"),
                wrong("a = 0", s -> s.integer("a", 1, 9), "outer.a: 0 (expected: a whole number from 1 to 9)"),
                wrong("a = 10", s -> s.integer("a", 1, 9), "outer.a: 10 (expected: a whole number from 1 to 9)"),
                wrong("a = 5.7", s -> s.integer("a", 1, 9), "outer.a: 5.7 (expected: a whole number from 1 to 9)"),
                wrong(
                        "a = 99999999999",
                        s -> s.integer("a", 1, 9),
                        "outer.a: 99999999999 (expected: a whole number from 1 to 9)"),
                wrong("a = 9KiB", s -> s.bytes("a", 1, 9), "outer.a: 9KiB (expected: a size from 1 to 9 bytes)"),
                wrong("a = big", s -> s.bytes("a", 1, 9), "outer.a: big (expected: a size from 1 to 9 bytes)"),
                wrong(
                        "a = 2s",
                        s -> s.duration("a", half, second),
                        "outer.a: 2s (expected: a time with its unit from 500ms to 1s)"),
                wrong(
                        "a = soon",
                        s -> s.duration("a", half, second),
                        "outer.a: soon (expected: a time with its unit from 500ms to 1s)"),
                wrong(
                        "a = 600",
                        s -> s.duration("a", half, second),
                        "outer.a: 600 (expected: a time with its unit from 500ms to 1s)"),
                wrong(
                        "a = \" 600 \"",
                        s -> s.duration("a", half, second),
                        "outer.a:  600  (expected: a time with its unit from 500ms to 1s)"),
                wrong(
                        "a = green",
                        s -> s.choice("a", Colour.class),
                        "outer.a: green (expected: one of dark-red, blue)"),
                wrong("a = 1", s -> s.section("a"), "outer.a: a single value (expected: a block { ... })"),
                wrong("", s -> s.section("a"), "outer.a: nothing (expected: a block { ... })"),
                wrong(
                        "a = 1",
                        s -> s.sections("a"),
                        "outer.a: a single value (expected: a list of blocks [ { ... } ])"),
                wrong("a = [ {}, 1 ]", s -> s.sections("a"), "outer.a[1]: a single value (expected: a block { ... })"));
    }

    private static Arguments wrong(String text, Function<Section, Object> reading, String message) {
        return Arguments.of(text, reading, message);
    }

    @Test
    void aKeyThatNobodyAskedForIsASpellingMistake() {
        Section section = of("port = 1, prot = 2");
        section.integer("port", 1, 9);
        section.has("address");

        assertThatThrownBy(section::refuseUnknown)
                .isInstanceOf(SettingException.class)
                .hasMessage("prot: an unknown key (expected: one of the keys port, address; did you mean port?)");
    }

    @Test
    void aMessageIsOneLine() {
        assertThat(new SettingException("key", "a\r\n  b", "c\nd")).hasMessage("key: a b (expected: c d)");
    }

    private static Section of(String text) {
        return Section.root(ConfigFactory.parseString(text));
    }
}
