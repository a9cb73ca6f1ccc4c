package org.sipdispatch.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipdispatch.settings.SettingException;

/** The keys that the program reads are the keys of {@code reference.conf}. */
class ReferenceTest {
    private static final Path REFERENCE = Path.of("src/main/resources/reference.conf");
    private static final Pattern KNOWN = Pattern.compile("\\(expected: one of (?:the keys )?([^)]*)\\)$");
    private static final Pattern ASSIGNED = Pattern.compile("([a-zA-Z0-9_-]+) *[={](?!\\w)");

    /** Blocks that Akka reads. */
    private static final Set<String> AKKAS = Set.of("lane-system");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "relay-defaults",
                "no-match",
                "unusable",
                "relay",
                "probing",
                "probing.second-opinion",
                "freeswitch",
                "cluster",
                "history",
                "events",
                "management",
                "management.tls",
                "metrics",
                "maintenance",
                "limits",
                "backoff",
                "slow-start",
                "quality",
                "transport",
                "transport.tcp"
            })
    void aBlockOfTheReferenceHasTheKeysThatTheProgramReads(String block) {
        Config reference = reference().getConfig(block);

        assertThat(knownIn(block)).isEqualTo(new TreeSet<>(reference.root().keySet()));
    }

    @Test
    void theTopOfTheReferenceHasTheKeysThatTheProgramReads() {
        Set<String> known = known("sip-dispatcher { bogus = 1 }");

        assertThat(known).isEqualTo(new TreeSet<>(reference().root().keySet())).containsAll(AKKAS);
    }

    @Test
    void aPartitionHasTheKeysOfTheReferenceAndOfItsComments() throws IOException {
        String text = between("    default {", "  # What algorithm 7 hashes");

        assertThat(knownIn("partitions.default"))
                .isEqualTo(Stream.of(text.split("\\R"))
                        .map(line -> line.strip().replaceFirst("^# (?=\\w+ =$)", ""))
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.replaceFirst(" *=.*", ""))
                        .filter(line -> line.matches("\\w{2,}"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void theJournalHasTheKeysOfTheReferenceAndOfItsComments() throws IOException {
        String text = between("  journal {", "  # What happened in the cluster");

        assertThat(knownIn("journal"))
                .isEqualTo(text.lines()
                        .skip(1)
                        .map(line -> line.strip().replaceFirst("^# (?=\\w+ =$)", ""))
                        .filter(line -> line.matches("[a-z_-]+ =.*"))
                        .map(line -> line.replaceFirst(" *=.*", ""))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void aRuleHasTheKeysOfTheCommentAboveTheRules() throws IOException {
        Set<String> documented = assigned(between("  # What to do with requests", "  rules = []"));

        Set<String> known = new TreeSet<>();
        known.addAll(knownInRule("select.set = 1, bogus = 1"));
        known.addAll(knownInRule("when.bogus = 1, select.set = 1"));
        known.addAll(knownInRule("when.in-set { set = 1, bogus = 1 }, select.set = 1"));
        known.addAll(knownInRule("when.count { set = 1, less-than = 2, bogus = 1 }, select.set = 1"));
        known.addAll(knownInRule("select { set = 1, bogus = 1 }"));
        known.addAll(knownInRule("select { set = 1, unusable { code = 480, reason = a, bogus = 1 } }"));
        known.addAll(knownInRule("reply { code = 404, reason = a, bogus = 1 }"));
        known.addAll(knownInRule("select.set = 1, sticky { key = \"$fu\", for = 1h, bogus = 1 }"));
        // The error lists either reply or relay; the keys of header and headers are the operator's.
        documented.removeAll(Set.of("X-Tenant", "X-Attrs"));
        assertThat(documented).isEqualTo(plus(known, "reply"));
    }

    @Test
    void aRelayBlockHasTheKeysOfTheDefaults() {
        assertThat(knownInRule("select.set = 1, relay.bogus = 1"))
                .isEqualTo(new TreeSet<>(
                        reference().getConfig("relay-defaults").root().keySet()));
    }

    @Test
    void aSocketBlockHasTheKeysOfItsComment() throws IOException {
        Set<String> known = known("sip-dispatcher.sockets.main { listen = \"udp:127.0.0.1\", bogus = 1 }");
        known.addAll(known("sip-dispatcher.sockets.main { listen = \"tcp:127.0.0.1\","
                + " proxy_protocol { from = \"10.0.0.1\", bogus = 1 } }"));

        assertThat(assigned(between("  #   main { listen", "  sockets {"))).isEqualTo(plus(known, "main"));
    }

    @ParameterizedTest
    @CsvSource({"$ci $fu $fU $fd $tu $tU $td $ru $rU $rd $rp $rm $si $sp $au $ua $hdr(Name)"})
    void thePseudoVariablesAreThoseOfTheReference(String documented) throws IOException {
        assertThat(Files.readString(REFERENCE)).contains(documented);
        assertThatThrownBy(() -> start(RULES.formatted("select.set = \"$xY\"")))
                .hasMessageContaining(documented.replace("Name", "name"));
    }

    private static final String RULES = "sip-dispatcher.rules = [ { %s } ]";

    private static Config reference() {
        return ConfigFactory.defaultReference().getConfig("sip-dispatcher");
    }

    private static Set<String> plus(Set<String> keys, String one) {
        Set<String> all = new TreeSet<>(keys);
        all.add(one);
        return all;
    }

    private static Set<String> assigned(String text) {
        Set<String> keys = new TreeSet<>();
        Matcher matcher = ASSIGNED.matcher(text);
        while (matcher.find()) {
            keys.add(matcher.group(1));
        }
        return keys;
    }

    private static String between(String start, String end) throws IOException {
        String text = Files.readString(REFERENCE, StandardCharsets.UTF_8);
        int from = text.indexOf(start);
        return text.substring(from, text.indexOf(end, from));
    }

    private static Set<String> knownIn(String block) {
        return known("sip-dispatcher." + block + ".bogus = 1");
    }

    private static Set<String> knownInRule(String rule) {
        return known(RULES.formatted(rule));
    }

    /** The keys that the program lists when it refuses an unknown one. */
    private static Set<String> known(String settings) {
        SettingException refusal = catchThrowableOfType(SettingException.class, () -> start(settings));
        assertThat(refusal).hasMessageContaining("bogus");
        Matcher matcher = KNOWN.matcher(refusal.getMessage());
        assertThat(matcher.find()).as(refusal.getMessage()).isTrue();
        return new TreeSet<>(Set.of(matcher.group(1).split(", ")));
    }

    private static void start(String settings) {
        Node.start(ConfigFactory.parseString(settings)
                .withFallback(ConfigFactory.parseString("""
                        sip-dispatcher {
                          sockets.main = "udp:127.0.0.1:59061"
                          partitions.default.db_url = "jdbc:h2:mem:never-opened"
                          rules = [ { select.set = 1 } ]
                        }
                        """))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve()
                .getConfig("sip-dispatcher"));
    }
}
