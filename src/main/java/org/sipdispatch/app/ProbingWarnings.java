package org.sipdispatch.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.sipdispatch.destination.ProbeSettings;
import org.sipdispatch.routing.RelayPolicy;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.settings.SpellingSuggestions;
import org.sipdispatch.sip.Methods;

/** Finds settings of pings that are valid but probably mistakes. */
final class ProbingWarnings {
    private static final String DEFAULT_MARK = "relay-defaults.mark";

    private final NodeSettings settings;
    private final boolean marksByDefault;
    private final List<SettingException> all = new ArrayList<>();

    /** {@code text}: the text of a setting by its path. */
    ProbingWarnings(NodeSettings settings, UnaryOperator<String> text) {
        this.settings = settings;
        this.marksByDefault = !"off".equals(text.apply(DEFAULT_MARK));
    }

    List<SettingException> all() {
        addMethod("probing.ds_ping_method", settings.probing().method());
        settings.partitions().pingMethods().forEach(this::addMethod);
        settings.routing().rules().all().stream()
                .filter(rule -> rule.plan() != null)
                .filter(rule ->
                        rule.policy().marks().setsProbing() && rule.policy().mode() != RelayPolicy.Mode.REDIRECT)
                .forEach(this::addMark);
        return all;
    }

    private void addMethod(String key, String method) {
        if (!Methods.REGISTERED.contains(method)) {
            all.add(new SettingException(
                    key,
                    method,
                    "a method of RFC 3261 or of an extension with an RFC"
                            + SpellingSuggestions.hint(method, Methods.REGISTERED)));
        }
    }

    /** Traffic takes marked destinations out of rotation; only a ping or an operator brings them back. */
    private void addMark(Rule rule) {
        ProbeSettings probing = settings.probing();
        List<SetId> unpinged = rule.plan().constantSets().stream()
                .filter(set -> !probing.pings(set))
                .toList();
        if (probing.intervalMs() > 0 && unpinged.isEmpty()) {
            return;
        }
        String remedy = probing.intervalMs() > 0
                ? unpinged.stream().map(SetId::toString).collect(Collectors.joining(", "))
                        + " in probing.ds_probing_list"
                : "a probing.ds_ping_interval above 0";
        all.add(new SettingException(
                marksByDefault ? DEFAULT_MARK : rule.path() + ".relay.mark",
                "probing",
                remedy + ", or off, because only pings bring a destination back from Probing"));
    }
}
