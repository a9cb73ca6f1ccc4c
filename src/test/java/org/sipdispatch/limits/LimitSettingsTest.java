package org.sipdispatch.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.routing.Cidr;
import org.sipdispatch.sets.LimitValues;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

class LimitSettingsTest {
    private static LimitSettings read(String text) {
        Section root = Section.root(ConfigFactory.parseString("limits { retry-after = 5s, " + text + " }"));
        return LimitSettings.from(root.section("limits"), "main", Set.of("main", "trunks"));
    }

    @Test
    void sourcesAreAddressesOrSets() {
        LimitSettings settings = read("""
                retry-after = 30s
                sources = [
                  { name = acme, from = ["192.0.2.0/24", "2001:db8::/32"], max-calls = 100, max-cps = 10, burst = 7 }
                  { name = own, set = 3, max-calls = 4 }
                  { name = others, set = "trunks:9", max-cps = 50 }
                ]
                """);

        assertThat(settings.retryAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.sources().get(0).from()).hasSize(2).allMatch(Cidr.class::isInstance);
        assertThat(settings.sources().stream().map(SourceLimit::name)).containsExactly("acme", "own", "others");
        assertThat(settings.sources().stream().map(SourceLimit::values))
                .containsExactly(LimitValues.of(100, 10, 7), LimitValues.of(4, 0, 0), LimitValues.of(0, 50, 10));
        assertThat(settings.sources().get(1).set()).isEqualTo(new SetId("main", 3));
        assertThat(settings.sources().get(2).set()).isEqualTo(new SetId("trunks", 9));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name = a b, set = 1, max-calls = 1 | limits.sources[0].name: a b (expected: a name of letters, digits, _, - and .)",
                "name = a, max-calls = 1 | limits.sources[0]: a (expected: from or set, one of them)",
                "name = a, set = 1, from = \"10.0.0.0/8\", max-calls = 1 | limits.sources[0]: a (expected: from or set, one of them)",
                "name = a, set = 1 | limits.sources[0]: a (expected: max-calls or max-cps, or both)",
                "name = a, set = 1, max-calls = 0 | limits.sources[0].max-calls: 0 (expected: a whole number from 1 to 9999999)",
                "name = a, set = 1, max-cps = -3 | limits.sources[0].max-cps: -3 (expected: a whole number from 1 to 9999999)",
                "name = a, set = 1, max-calls = 5, burst = 3 | limits.sources[0].burst: 3 (expected: none, because there is no max-cps)",
                "name = a, set = x, max-calls = 1 | limits.sources[0].set: x (expected: the number of a set, or partition:number)",
                "name = a, from = \"10.0.0.0/99\", max-calls = 1 | limits.sources[0].from: 10.0.0.0/99 (expected: an address block such as 10.1.0.0/16 or 2001:db8::/32)",
                "name = a, set = 1, max-calls = 1, maxcps = 3 | limits.sources[0].maxcps: an unknown key",
            })
    void aSourceThatCannotBeUsedIsRefused(String source, String message) {
        assertThatThrownBy(() -> read("sources = [ { " + source + " } ]"))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aSetHasToBeInAPartition() {
        assertThatThrownBy(() -> read("sources = [ { name = a, set = \"other:1\", max-calls = 1 } ]"))
                .hasMessageStartingWith("limits.sources[0].set: other:1 (expected: a partition among ")
                .hasMessageContaining("trunks");
    }

    @Test
    void namesDiffer() {
        String source = "{ name = a, set = 1, max-calls = 1 }";

        assertThatThrownBy(() -> read("sources = [" + source + ", " + source + "]"))
                .hasMessage("limits.sources[1].name: a (expected: a name that no other source has)");
    }

    @Test
    void theAttributesOfDestinationsAreReadLikeThoseOfKamailio() {
        assertThat(LimitValues.of("x=1;maxcalls=500;maxcps=50")).isEqualTo(LimitValues.of(500, 50, 10));
        assertThat(LimitValues.of(" maxcps = 3 ; burst = 9 ")).isEqualTo(LimitValues.of(0, 3, 9));
        assertThat(LimitValues.of("minasr=40")).isEqualTo(new LimitValues(0, 0, 0, 40));
        assertThat(LimitValues.of("minasr=400").minAnswered()).isEqualTo(100);
        assertThat(List.of("", "maxcalls", "maxcalls=", "maxcalls=x", "maxcalls=-1", "maxcalls=0", "maxcalls=12345678"))
                .allSatisfy(attrs -> assertThat(LimitValues.of(attrs)).isEqualTo(LimitValues.NONE));
    }

    @Test
    void thePartsOfAllNodesAreTheWholeLimit() {
        LimitValues values = LimitValues.of(500, 50, 9);

        assertThat(List.of(values.part(3, 0), values.part(3, 1), values.part(3, 2)))
                .containsExactly(LimitValues.of(167, 16, 3), LimitValues.of(167, 16, 3), LimitValues.of(166, 16, 3));
        assertThat(LimitValues.of(1, 1, 1).part(3, 2)).isEqualTo(LimitValues.of(0, 1, 1));
        assertThat(values.part(1, 0)).isEqualTo(values);
    }
}
