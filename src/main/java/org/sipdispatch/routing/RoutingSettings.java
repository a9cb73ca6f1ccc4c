package org.sipdispatch.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.Section;

/**
 * The settings for routing.
 *
 * @param signedBytes hash bytes above 127 as OpenSIPS does on x86
 */
public record RoutingSettings(Rules rules, boolean signedBytes) {
    /** The defaults for rules. */
    record Defaults(Template hashPvar, RankingSettings rankings, RelayPolicy policy, LocalReply unusable) {}

    /** Reads the top-level keys that concern routing. */
    public static RoutingSettings from(Section root) {
        String hashText = root.text("hash_pvar");
        Template hashPvar = hashText.isBlank() ? null : Template.from(root, "hash_pvar", hashText);
        Defaults defaults = new Defaults(
                hashPvar,
                RankingSettings.from(root, RankingSettings.NONE),
                RelayPolicy.defaults(root.section("relay-defaults")),
                LocalReply.from(root.section("unusable")));
        List<Rule> rules = new ArrayList<>();
        List<Section> blocks = root.sections("rules");
        for (Section rule : blocks) {
            rule.check(() -> rules.add(Rule.from(rule, defaults)));
        }
        if (blocks.isEmpty()) {
            root.refuse("rules", "[]", "at least one rule { select { set = 1 } }");
        }
        return new RoutingSettings(
                new Rules(rules, LocalReply.from(root.section("no-match"))), root.flag("hash-signed-bytes"));
    }

    /**
     * Checks that the partitions and sockets named in rules exist.
     *
     * @param root the whole configuration, which collects the errors
     */
    public void checkNames(Section root, Set<String> partitions, Set<String> sockets) {
        for (Rule rule : rules.all()) {
            for (String socket : rule.sockets()) {
                if (!sockets.isEmpty() && !sockets.contains(socket)) {
                    root.refuse(rule.path() + ".when.socket", socket, "one of " + String.join(", ", sockets));
                }
            }
            for (SetId set :
                    rule.plan() == null ? List.<SetId>of() : rule.plan().constantSets()) {
                if (!partitions.contains(set.partition())) {
                    root.refuse(rule.path() + ".select.set", set, "a partition among " + String.join(", ", partitions));
                }
            }
        }
    }
}
