package org.sipdispatch.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.destination.Definition;
import org.sipdispatch.destination.DestinationState;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SetView;

class ListFileParserTest {
    @TempDir
    private Path directory;

    @Test
    void allFieldsAreRead() {
        CatalogSnapshot snapshot = load("1 sip:10.0.0.1:5060;transport=tcp 4 12 \"weight=50;socket=main;note=a b\"");

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.entries())
                .containsExactly(new Definition(
                        new Destination(
                                "default",
                                1,
                                "sip:10.0.0.1:5060;transport=tcp",
                                "main",
                                50,
                                12,
                                "weight=50;socket=main;note=a b",
                                ""),
                        DestinationState.INACTIVE,
                        false));
    }

    @Test
    void aQuoteWithoutAnEndIsNamed() {
        CatalogSnapshot snapshot = load("1 sip:a 0 0 \"weight=5;note=a b\n1 sip:b\n");

        assertThat(snapshot.warnings())
                .containsExactly(
                        "dispatcher.list line 1: quotes: \"weight=5;note=a b (expected: a quote at its end too;"
                                + " read up to the end of the line)");
        assertThat(snapshot.entries()).hasSize(2);
        assertThat(snapshot.entries().get(0).destination().weight()).isEqualTo(5);
    }

    @Test
    void setAndUriAreEnough() {
        CatalogSnapshot snapshot =
                load("\uFEFF# a comment\r\n\r\n\t1\tsip:a # not a field\r\n1 sip:b 0 # nor this\r\n");

        assertThat(snapshot.warnings()).isEmpty();
        assertThat(snapshot.entries())
                .extracting(entry -> entry.destination().uri())
                .containsExactly("sip:a", "sip:b");
        assertThat(snapshot.entries()).allSatisfy(entry -> {
            assertThat(entry.destination().weight()).isEqualTo(1);
            assertThat(entry.initial()).isEqualTo(DestinationState.ACTIVE);
        });
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, false", "2, false", "4, false", "8, true", "9, true", "12, false"})
    void whatKamailioAlwaysPingsIsPingedPermanently(String flags, boolean permanent) {
        CatalogSnapshot snapshot = load("1 sip:a " + flags);

        assertThat(snapshot.entries().get(0).permanentProbing()).isEqualTo(permanent);
    }

    @ParameterizedTest
    @CsvSource({
        "0, ACTIVE",
        "1, INACTIVE",
        "2, ACTIVE",
        "4, INACTIVE",
        "8, ACTIVE",
        "9, PROBING",
        "0x09, PROBING",
        "12, INACTIVE",
        "13, INACTIVE",
        "0X10, ACTIVE"
    })
    void flagsSayWhoTakesTraffic(String flags, DestinationState state) {
        assertThat(load("1 sip:a " + flags).entries().get(0).initial()).isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0x", "-1", "99999999999", "0xzz"})
    void unreadableFlagsSkipTheLine(String flags) {
        CatalogSnapshot snapshot = load("# first\n1 sip:a " + flags + "\n1 sip:b");

        assertThat(snapshot.entries()).hasSize(1);
        assertThat(snapshot.warnings())
                .containsExactly("dispatcher.list line 2: flags: " + flags
                        + " (expected: a decimal number, or a hexadecimal one after 0x)");
    }

    @ParameterizedTest
    @CsvSource({"weight=7, 7", "rweight=8, 8", "rweight=8;weight=7, 7", "maxload=3, 1", "'x=1; weight = 9', 9"})
    void theWeightIsAnAttribute(String attrs, int weight) {
        assertThat(load("1 sip:a 0 0 \"" + attrs + "\"")
                        .entries()
                        .get(0)
                        .destination()
                        .weight())
                .isEqualTo(weight);
    }

    @Test
    void aSocketNameIsASocket() {
        assertThat(load("1 sip:a 0 0 sockname=main")
                        .entries()
                        .get(0)
                        .destination()
                        .socket())
                .isEqualTo("main");
    }

    @Test
    void aUriWithoutItsSchemeIsMended() {
        CatalogSnapshot snapshot = load("1 10.0.0.1:5060\n1 tel:123");

        assertThat(snapshot.entries())
                .extracting(entry -> entry.destination().uri())
                .containsExactly("sip:10.0.0.1:5060");
        assertThat(snapshot.warnings())
                .containsExactly(
                        "dispatcher.list line 1: uri: 10.0.0.1:5060"
                                + " (expected: a sip URI; read as sip:10.0.0.1:5060)",
                        "dispatcher.list line 2: uri: tel:123 (expected: a sip URI)");
    }

    @Test
    void badLinesAreSkippedAndNamed() {
        CatalogSnapshot snapshot = load("x sip:a\n1\n1 sip:a 0 low\n1 sip:a 0 0 weight=abc\n1 sip:b 0 0 a=b more");

        assertThat(snapshot.entries()).hasSize(1);
        assertThat(snapshot.warnings())
                .containsExactlyInAnyOrder(
                        "dispatcher.list line 1: setid: x (expected: a whole number from 0 to 2147483647)",
                        "dispatcher.list line 2: uri: nothing (expected: a sip URI)",
                        "dispatcher.list line 3: priority: low (expected: a whole number from 0 to 65535)",
                        "dispatcher.list line 4: weight: abc (expected: a whole number from 0 to 65535)",
                        "dispatcher.list line 5: attrs: more"
                                + " (expected: the end of the line, or quotes around the attrs; ignored)");
    }

    @Test
    void largerPrioritiesComeFirstAndEqualOnesInTheirOrder() {
        CatalogSnapshot snapshot = load("1 sip:a 0 1\n1 sip:b 1 9\n1 sip:c 0 1\n2 sip:d");

        SetView set = snapshot.sets().get(new SetId("default", 1));

        assertThat(List.of(
                        set.member(0).uri(), set.member(1).uri(), set.member(2).uri()))
                .containsExactly("sip:b", "sip:a", "sip:c");
        assertThat(set.isActive(0)).isFalse();
        assertThat(set.isActive(1)).isTrue();
        assertThat(snapshot.sets()).containsOnlyKeys(new SetId("default", 1), new SetId("default", 2));
    }

    private CatalogSnapshot load(String text) {
        try {
            Path file = Files.writeString(directory.resolve("dispatcher.list"), text);
            return CatalogSamples.load("default { db_url = \"file:" + file + "\" }");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
