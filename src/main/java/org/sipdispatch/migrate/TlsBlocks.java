package org.sipdispatch.migrate;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Writes the TLS domains of a script as the blocks of {@code tls}. */
final class TlsBlocks {
    /** A listener that needs a certificate. */
    record TlsSocket(String name, String host, String port) {}

    private final ScriptTlsDomains source;
    private final ImportReport report;
    private final UnaryOperator<String> paths;
    private final Map<TlsProfile, TlsBlock> converted = new LinkedHashMap<>();

    /** @param paths gives a file of the script its path */
    TlsBlocks(ScriptTlsDomains source, ImportReport report, UnaryOperator<String> paths) {
        this.source = source;
        this.report = report;
        this.paths = paths;
    }

    /** Why a listener cannot be carried over; null if it can. */
    String refusal(String host, String port) {
        boolean any = source.listener(host, port).stream().anyMatch(TlsProfile::hasCertificate);
        return any ? null : source.missing();
    }

    void write(ConfWriter conf, List<TlsSocket> sockets) {
        if (!sockets.isEmpty()) {
            Map<String, List<TlsProfile>> servers = servers(sockets);
            Map<String, List<TlsProfile>> clients = clients();
            conf.line("");
            conf.line("  tls {");
            blocks(conf, "server_domains", servers);
            blocks(conf, "client_domains", clients);
            conf.line("  }");
        }
        source.all().stream()
                .filter(profile -> !converted.containsKey(profile))
                .forEach(profile -> unused(
                        profile,
                        sockets.isEmpty()
                                ? "no socket above has TLS; a node that has none does not send over TLS either"
                                : "no socket above has its address"));
    }

    private void unused(TlsProfile profile, String why) {
        List<String> left = profile.settings().entrySet().stream()
                .filter(one -> one.getValue().left(report))
                .map(Map.Entry::getKey)
                .filter(key -> !key.equals(TlsProfile.DEFINITION))
                .toList();
        if (!left.isEmpty()) {
            report.note(profile.origin() + " with " + String.join(", ", left), why);
        }
    }

    /** A block for each socket, or one for all that have the same domains. */
    private Map<String, List<TlsProfile>> servers(List<TlsSocket> sockets) {
        Map<String, List<TlsProfile>> bySocket = new LinkedHashMap<>();
        sockets.forEach(one -> bySocket.put(one.name(), source.listener(one.host(), one.port())));
        Set<List<TlsProfile>> different = new LinkedHashSet<>(bySocket.values());
        List<TlsProfile> common = different.size() == 1 ? different.iterator().next() : source.otherListeners();
        Map<String, List<TlsProfile>> blocks = new LinkedHashMap<>();
        if (different.contains(common)) {
            blocks.put(TlsProfile.DEFAULT, common);
        }
        bySocket.forEach((name, domains) -> {
            if (!domains.equals(common)) {
                blocks.put(name, domains);
            }
        });
        return blocks;
    }

    private Map<String, List<TlsProfile>> clients() {
        Map<String, List<TlsProfile>> blocks = new LinkedHashMap<>();
        TlsProfile common = source.destinations();
        if (common != null) {
            blocks.put(TlsProfile.DEFAULT, List.of(common));
        }
        source.all().stream()
                .filter(profile -> !profile.isServer() && profile != common)
                .forEach(profile -> {
                    String name =
                            free(profile.name().replaceAll("[^\\w.-]+", "-").replaceAll("^-|-$", ""), blocks);
                    blocks.put(name, List.of(profile));
                    List<String> selected = List.of(profile.addresses(), profile.names()).stream()
                            .flatMap(List::stream)
                            .toList();
                    report.note(
                            profile.origin() + (selected.isEmpty() ? "" : " for " + String.join(", ", selected)),
                            "destinations name their block: write tls_domain=" + name
                                    + " into the attrs of those that it is for");
                });
        return blocks;
    }

    /** A name that no block has; {@code default} would be for all destinations. */
    private static String free(String wanted, Map<String, List<TlsProfile>> taken) {
        String first = wanted.isEmpty() ? "domain" : wanted.equals(TlsProfile.DEFAULT) ? "default-of-script" : wanted;
        String name = first;
        for (int i = 2; taken.containsKey(name); i++) {
            name = first + "-" + i;
        }
        return name;
    }

    private void blocks(ConfWriter conf, String kind, Map<String, List<TlsProfile>> domains) {
        if (domains.isEmpty()) {
            return;
        }
        Map<String, TlsBlock> blocks = new LinkedHashMap<>();
        domains.forEach((name, profiles) -> blocks.put(name, merged(conf, "tls." + kind + "." + name, profiles)));
        conf.line("    " + kind + " {");
        blocks.forEach((name, block) -> {
            TlsBlock inherited = name.equals(TlsProfile.DEFAULT) ? null : blocks.get(TlsProfile.DEFAULT);
            conf.line("      # " + ConfWriter.comment(String.join("; ", block.origins())));
            block.comments().forEach(comment -> conf.line("      # " + comment));
            conf.block("      ", key(name), block.settings(inherited));
        });
        conf.line("    }");
    }

    private static String key(String name) {
        return name.matches("[A-Za-z][\\w-]*") ? name : ConfWriter.quoted(name);
    }

    /** The first domain with the certificates of all. */
    private TlsBlock merged(ConfWriter conf, String path, List<TlsProfile> profiles) {
        TlsProfile first = profiles.get(0);
        TlsBlock merged = converted(first);
        for (TlsProfile other : profiles.subList(1, profiles.size())) {
            TlsBlock more = converted(other);
            Set<String> different = merged.differences(more);
            merged = merged.withCertificatesOf(more);
            if (!different.isEmpty()) {
                String keys = String.join(", ", different);
                conf.unfinished(path + ": " + other.origin() + " has another value of " + keys
                        + ", but a socket has one block; write it so that it suits all");
                report.note(
                        keys + " of " + other.origin(),
                        "a socket has one block: the values of " + first.origin() + " are written");
            }
        }
        merged.open().forEach(point -> conf.unfinished(path + "." + point));
        boolean bySni = profiles.size() > 1
                || profiles.stream().anyMatch(one -> !one.names().isEmpty());
        if (first.isServer() && bySni) {
            report.differs(
                    profiles.stream().map(TlsProfile::origin).collect(Collectors.joining("; ")),
                    "a client's SNI selects by the names in the certificates; a client that asks for no name, or for"
                            + " another one, gets the first certificate, and is not refused");
        }
        return merged;
    }

    private TlsBlock converted(TlsProfile profile) {
        return converted.computeIfAbsent(profile, one -> TlsConversion.of(one, report, paths));
    }
}
