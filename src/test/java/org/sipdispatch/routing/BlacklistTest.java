package org.sipdispatch.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipdispatch.settings.Problems;
import org.sipdispatch.settings.Section;
import org.sipdispatch.settings.SettingException;

/** The definitions of blacklists, and their names in rules. */
class BlacklistTest {
    private static Section root(String text) {
        return Section.root(ConfigFactory.parseString(text)
                .withFallback(ConfigFactory.parseString("rules = [ { select { set = 1 } } ]"))
                .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher")));
    }

    @Test
    void allFormsDefineBlacklists() {
        RoutingSettings routing = RoutingSettings.from(root("""
            blacklists { own = "4", carriers = "trunks: 1, 2" }
            ds_define_blacklist = [ "gws= 1,4,3", "other = trunks:9" ]
            partitions.trunks { ds_define_blacklist = "inner = 7" }
            rules = [ { select { set = 1 }, relay { blacklist = "gws, inner" } } ]
            """));

        assertThat(routing.blacklists().values())
                .extracting(Blacklist::toString)
                .containsExactly(
                        "carriers (trunks:1, trunks:2)",
                        "gws (default:1, default:4, default:3)",
                        "inner (trunks:7)",
                        "other (trunks:9)",
                        "own (default:4)");
        assertThat(routing.rules().all().get(0).policy().blacklists()).containsExactly("gws", "inner");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ds_define_blacklist = "1,4"                | ds_define_blacklist: 1,4 (expected: name = set,set
        ds_define_blacklist = "a = x"              | ds_define_blacklist: x (expected: [partition:]set[,set...]
        ds_define_blacklist = "a = "               | ds_define_blacklist:  (expected: [partition:]set
        ds_define_blacklist = "a b = 1"            | ds_define_blacklist: a b (expected: a name of letters
        blacklists.a = "1,,2"                      | blacklists.a: 1,,2 (expected: [partition:]set
        blacklists.a = 1, ds_define_blacklist = "a = 2" | ds_define_blacklist: a (expected: a name that blacklists.a
        relay-defaults.blacklist = b               | rules[0].relay.blacklist: b (expected: a name that blacklists
        blacklists.a = 1, relay-defaults.blacklist = [a, b] | rules[0].relay.blacklist: b (expected: one of a
        """)
    void aBadDefinitionIsRefused(String text, String message) {
        assertThatThrownBy(() ->
                        RoutingSettings.from(root(text.replace(", ds_", "\nds_").replace(", relay", "\nrelay"))))
                .hasMessageStartingWith(message);
    }

    @Test
    void allBadDefinitionsOfAListAreReported() {
        Problems problems = new Problems();
        Config config = ConfigFactory.parseString(
                        "ds_define_blacklist = [ \"1,4\", \"good = 1\", \"b = x\" ], rules = [ { select { set = 1 } } ]")
                .withFallback(ConfigFactory.defaultReference().resolve().getConfig("sip-dispatcher"));

        RoutingSettings routing = RoutingSettings.from(Section.root(config, config, problems));

        assertThat(problems.all())
                .extracting(SettingException::key)
                .containsExactly("ds_define_blacklist[0]", "ds_define_blacklist[2]");
        assertThat(routing.blacklists()).containsOnlyKeys("good");
    }

    @Test
    void aPartitionThatDoesNotExistIsRefused() {
        Section root = root("blacklists.a = \"trunks:1\"");

        assertThatThrownBy(() -> RoutingSettings.from(root).checkNames(root, Set.of("default"), Set.of()))
                .hasMessage("blacklists.a: trunks:1 (expected: a partition among default)");
    }

    @Test
    void aListHasAtMost32Sets() {
        assertThatThrownBy(() -> RoutingSettings.from(root("blacklists.a = \"" + "1,".repeat(32) + "1\"")))
                .hasMessageContaining("up to 32 set numbers");
    }
}
