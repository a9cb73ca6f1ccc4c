package org.sipdispatch.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipdispatch.sets.LoadSettings;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.sets.SlowStartSettings;
import org.sipdispatch.settings.Section;

/**
 * The settings for routing.
 *
 * @param signedBytes hash bytes above 127 as OpenSIPS does on x86
 * @param blacklists the defined blacklists, by name
 * @param load the settings of the algorithms by load, latency and quality
 * @param longestBackoff the longest time for which the Retry-After of a destination applies; zero if it is ignored
 * @param slowStart how destinations that are usable again get their requests
 */
public record RoutingSettings(
        Rules rules,
        boolean signedBytes,
        Map<String, Blacklist> blacklists,
        LoadSettings load,
        Duration longestBackoff,
        SlowStartSettings slowStart) {
    private static final String LATENCY_TIERS = "latency-tiers";

    /** The defaults for rules. */
    record Defaults(
            Template hashPvar,
            RankingSettings rankings,
            RelayPolicy policy,
            LocalReply unusable,
            SetListParser lists) {}

    /** Reads the top-level keys that concern routing. */
    public static RoutingSettings from(Section root) {
        String hashText = root.text("hash_pvar");
        Template hashPvar = hashText.isBlank() ? null : Template.from(root, "hash_pvar", hashText);
        Defaults defaults = new Defaults(
                hashPvar,
                RankingSettings.from(root, RankingSettings.NONE),
                RelayPolicy.defaults(root.section("relay-defaults")),
                LocalReply.from(root.section("unusable")),
                new SetListParser(root.text("default-partition")));
        Map<String, Blacklist> blacklists =
                Blacklist.from(root, defaults.lists().defaultPartition());
        List<Rule> rules = new ArrayList<>();
        List<Section> blocks = root.sections("rules");
        for (Section rule : blocks) {
            rule.check(() -> rules.add(Rule.from(rule, defaults)));
        }
        if (blocks.isEmpty()) {
            root.refuse("rules", "[]", "at least one rule { select { set = 1 } }");
        }
        rules.forEach(rule -> checkBlacklists(root, rule, blacklists.keySet()));
        return new RoutingSettings(
                new Rules(rules, LocalReply.from(root.section("no-match"))),
                root.flag("hash-signed-bytes"),
                blacklists,
                load(root),
                longestBackoff(root.section("backoff")),
                slowStart(root.section("slow-start")));
    }

    private static Duration longestBackoff(Section backoff) {
        Duration longest = backoff.duration("longest", Duration.ZERO, Duration.ofHours(1));
        backoff.refuseUnknown();
        return longest;
    }

    private static SlowStartSettings slowStart(Section start) {
        SlowStartSettings settings = new SlowStartSettings(
                start.duration("duration", Duration.ZERO, Duration.ofHours(1)),
                start.integer("first-percent", 1, 100),
                start.choice("curve", SlowStartSettings.Curve.class));
        start.refuseUnknown();
        return settings;
    }

    /** The resources that rules ask for, which are capacities in the attributes of destinations. */
    public Set<String> resources() {
        return rules.all().stream()
                .filter(rule -> rule.plan() != null)
                .flatMap(rule -> rule.plan().resources().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static LoadSettings load(Section root) {
        int choices = root.integer("best-of-choices", 2, 100);
        List<Duration> tiers = new ArrayList<>();
        for (String text : root.texts(LATENCY_TIERS)) {
            Section one = Section.of("", Map.of(LATENCY_TIERS, text));
            root.check(() -> {
                Duration tier = one.duration(LATENCY_TIERS, Duration.ofMillis(1), Duration.ofMinutes(1));
                if (!tiers.isEmpty() && tier.compareTo(tiers.get(tiers.size() - 1)) <= 0) {
                    root.refuse(LATENCY_TIERS, text, "a longer time than the one before");
                }
                tiers.add(tier);
            });
        }
        return new LoadSettings(choices, List.copyOf(tiers), QualityKeys.read(root.section("quality")));
    }

    private static void checkBlacklists(Section root, Rule rule, Set<String> defined) {
        for (String name :
                rule.policy() == null ? List.<String>of() : rule.policy().blacklists()) {
            if (!defined.contains(name)) {
                String names =
                        defined.isEmpty() ? "a name that blacklists defines" : "one of " + String.join(", ", defined);
                root.refuse(rule.path() + ".relay.blacklist", name, names);
            }
        }
    }

    /**
     * Checks that the partitions and sockets named in rules exist.
     *
     * @param root the whole configuration, which collects the errors
     */
    public void checkNames(Section root, Set<String> partitions, Set<String> sockets) {
        for (Blacklist blacklist : blacklists.values()) {
            for (SetId set : blacklist.sets()) {
                if (!partitions.contains(set.partition())) {
                    root.refuse(blacklist.path(), set, "a partition among " + String.join(", ", partitions));
                }
            }
        }
        for (Rule rule : rules.all()) {
            for (String socket : rule.sockets()) {
                if (!sockets.isEmpty() && !sockets.contains(socket)) {
                    root.refuse(rule.path() + ".when.socket", socket, "one of " + String.join(", ", sockets));
                }
            }
            String searched = rule.senderPartition();
            if (searched != null && !partitions.contains(searched)) {
                root.refuse(rule.path() + ".when.in-set", searched, partitionAmong(partitions));
            }
            checkPartitions(root, rule.path() + ".when.count", rule.namedSets().get("when.count"), partitions);
            List<SetId> selected = rule.plan() == null ? List.of() : rule.plan().constantSets();
            checkPartitions(root, rule.path() + ".select.set", selected, partitions);
        }
    }

    private static void checkPartitions(Section root, String key, List<SetId> sets, Set<String> partitions) {
        for (SetId set : sets) {
            if (!partitions.contains(set.partition())) {
                root.refuse(key, set, partitionAmong(partitions));
            }
        }
    }

    private static String partitionAmong(Set<String> partitions) {
        return "a partition among " + String.join(", ", partitions);
    }
}
