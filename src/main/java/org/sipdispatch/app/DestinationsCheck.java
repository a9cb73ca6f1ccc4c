package org.sipdispatch.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sipdispatch.catalog.Catalog;
import org.sipdispatch.catalog.CatalogSnapshot;
import org.sipdispatch.catalog.UnknownTlsDomain;
import org.sipdispatch.routing.Rule;
import org.sipdispatch.sets.Destination;
import org.sipdispatch.sets.SetId;
import org.sipdispatch.settings.SettingException;
import org.sipdispatch.sip.SipUri;
import org.sipdispatch.store.Store;
import org.sipdispatch.transaction.ListenSocket;
import org.sipdispatch.transaction.ListenSockets;
import org.sipdispatch.transaction.Protocol;
import org.sipdispatch.transport.ServiceLookup;

/** Finds the problems of the destinations of all partitions. Creates neither tables nor databases. */
final class DestinationsCheck {
    private static final Pattern LINE = Pattern.compile("(?s)(.*) line (\\d+): (.*)");
    private static final Pattern H2_FILE = Pattern.compile("(?i)jdbc:h2:(?!mem:|tcp:|ssl:|zip:)(?:file:)?([^;]+).*");

    private final SettingsCheck settings;
    private final List<CheckFinding> findings = new ArrayList<>();
    /** The partitions whose rows are all usable. */
    private final Set<String> complete = new HashSet<>();

    private final Set<SetId> known = new HashSet<>();
    private final List<Destination> destinations = new ArrayList<>();

    /** Databases that do not answer, by the settings that select them. */
    private final Map<List<String>, SilentDatabase> silent = new LinkedHashMap<>();

    private record SilentDatabase(SettingException failure, List<String> partitions) {}

    private DestinationsCheck(SettingsCheck settings) {
        this.settings = settings;
    }

    static DestinationsCheck of(SettingsCheck settings) {
        DestinationsCheck check = new DestinationsCheck(settings);
        check.checkAddresses();
        check.checkCertificates();
        check.checkDirectory();
        settings.settings().partitions().names().forEach(check::checkPartition);
        check.silent.values().forEach(check::addSilent);
        check.checkJournal();
        check.checkProbingList();
        check.checkRules();
        check.checkLimits();
        return check;
    }

    List<CheckFinding> findings() {
        return findings;
    }

    int destinations() {
        return destinations.size();
    }

    private void checkAddresses() {
        settings.foreignAddresses().forEach(one -> findings.add(settings.at(one.key(), true, one.getMessage())));
    }

    private void checkCertificates() {
        if (!settings.isInvalid("tls") && !settings.isInvalid("sockets")) {
            List<SettingException> problems = settings.settings().certificateProblems();
            problems.forEach(one -> findings.add(settings.at(one.key(), true, one.getMessage())));
            if (problems.isEmpty()) {
                addCertificates(settings.settings()::checkCertificates);
            }
        }
        if (!settings.isInvalid("tls") && !settings.isInvalid("cluster") && !settings.isInvalid("management")) {
            addCertificates(settings.settings()::checkOtherCertificates);
        }
    }

    private void addCertificates(Supplier<List<String>> check) {
        try {
            check.get()
                    .forEach(warning ->
                            findings.add(settings.at(warning.substring(0, warning.indexOf(':')), false, warning)));
        } catch (SettingException e) {
            findings.add(settings.at(e.key(), true, e.getMessage()));
        }
    }

    private void checkDirectory() {
        Path directory = settings.settings().dataDirectory();
        if (!settings.isInvalid("data-dir") && DataDirectoryGuard.isUsed(directory)) {
            findings.add(settings.at(
                    "data-dir",
                    false,
                    "data-dir: " + directory
                            + " (expected: no other node with this directory; one that runs uses it)"));
        }
    }

    /** Only a configured database: the embedded one is created, and a running node has it open. */
    private void checkJournal() {
        String url = settings.textOf("journal.db_url");
        if (url == null || url.isEmpty() || settings.isInvalid("journal")) {
            return;
        }
        Path file = h2File(url);
        if (file != null && !Files.exists(file)) {
            return;
        }
        try {
            Store.check(settings.settings().journal());
        } catch (SettingException e) {
            addFailure("journal", e);
        }
    }

    private void checkPartition(String partition) {
        for (String key : List.of("db_url", "db_user", "db_password", "table_name")) {
            if (settings.isInvalid(settings.pathOf(partition, key))) {
                return;
            }
        }
        String url = settings.textOf(partition, "db_url");
        if (url != null && isMissingFile(partition, url)) {
            return;
        }
        List<String> database = Stream.of("db_url", "db_user", "db_password", "sources")
                .map(key -> settings.textOf(partition, key))
                .toList();
        if (silent.containsKey(database)) {
            silent.get(database).partitions().add(partition);
            return;
        }
        try (Catalog catalog = Catalog.openLater(
                        settings.settings().partitions().readOnly(partition),
                        settings.settings().knownSockets(settings.isInvalid("sockets")),
                        new ServiceLookup()::of)
                .withPings(settings.settings().probing())) {
            addRows(partition, catalog.loadOnce(partition));
        } catch (SettingException e) {
            if (e.getMessage().contains(Catalog.EXPECTED_ANSWER)) {
                silent.put(database, new SilentDatabase(e, new ArrayList<>(List.of(partition))));
            } else {
                addFailure(partition, e);
            }
        }
    }

    /** H2 would create a missing database when it connects. */
    private boolean isMissingFile(String partition, String url) {
        Path file = h2File(url);
        if (file == null || Files.exists(file)) {
            return false;
        }
        String shown = file.toString().replaceFirst("\\.mv\\.db$", "");
        boolean made = settings.textOf(partition, "init_script") != null;
        add(
                partition,
                "db_url",
                !made,
                "partitions." + partition + ".db_url: " + shown
                        + (made
                                ? " does not exist yet; created at the first start"
                                : " (expected: a database that exists, or an init_script that creates its table)"));
        return true;
    }

    /** The file of an embedded database; null for other databases. */
    private static Path h2File(String url) {
        Matcher file = H2_FILE.matcher(url);
        return file.matches()
                ? Path.of(file.group(1).replaceFirst("^~", Matcher.quoteReplacement(System.getProperty("user.home")))
                        + ".mv.db")
                : null;
    }

    /** Whether another process, such as the running node, has the embedded database open. */
    private boolean isInUse(String partition, SettingException e) {
        String text = e.getMessage().toLowerCase(Locale.ROOT);
        String url =
                partition.equals("journal") ? settings.textOf("journal.db_url") : settings.textOf(partition, "db_url");
        Path file = url == null ? null : h2File(url);
        return text.contains("already in use")
                || text.contains("file is locked")
                || file != null && DataDirectoryGuard.isLocked(file);
    }

    /** One finding for each database, with the partitions that use it. */
    private void addSilent(SilentDatabase one) {
        String first = one.partitions().get(0);
        boolean isNamed = one.partitions().size() == 1 && one.failure().key().startsWith("partitions." + first + ".");
        String users = isNamed
                ? ""
                : "; for partition" + (one.partitions().size() == 1 ? " " : "s ") + String.join(", ", one.partitions());
        addFailure(first, one.failure(), users);
    }

    private void addFailure(String partition, SettingException e) {
        addFailure(partition, e, "");
    }

    /** {@code users}: appended to the message. */
    private void addFailure(String partition, SettingException e, String users) {
        boolean inUse = isInUse(partition, e);
        boolean made =
                e.getMessage().contains("(expected: a table in ") && settings.textOf(partition, "init_script") != null;
        String text = made
                ? e.key() + " does not exist yet; created by init_script at the first start"
                : inUse
                        ? e.getMessage() + "; another process has it open, such as the running node: not checked"
                        : e.getMessage();
        findings.add(settings.at(e.key(), !made && !inUse, text + users));
    }

    private void add(String partition, String key, boolean isError, String text) {
        String own = "partitions." + partition + "." + key;
        findings.add(settings.at(own, isError, text));
    }

    private void addRows(String partition, CatalogSnapshot snapshot) {
        if (snapshot.skipped().isEmpty()) {
            complete.add(partition);
        }
        known.addAll(snapshot.sets().keySet());
        snapshot.entries().forEach(definition -> destinations.add(definition.destination()));
        for (String warning : snapshot.warnings()) {
            addRow(partition, snapshot.skipped().contains(warning), warning);
        }
        snapshot.entries().forEach(definition -> checkTarget(partition, definition.destination()));
        snapshot.entries().stream()
                .flatMap(definition -> settings.settings().probing().of(definition).warnings().stream())
                .forEach(warning -> findings.add(CheckFinding.warning("partition " + partition, 0, warning)));
    }

    /** A request to one of this node's own sockets comes back to it. */
    private void checkTarget(String partition, Destination destination) {
        SipUri uri = destination.trafficUri();
        int port = uri.port() == SipUri.NO_PORT ? uri.defaultPort() : uri.port();
        ListenSocket own = settings.isInvalid("sockets")
                ? null
                : settings.settings().sockets().named(uri.transport() + ":" + uri.host() + ":" + port);
        if (own != null) {
            findings.add(CheckFinding.warning(
                    "partition " + partition,
                    0,
                    "destination: " + destination.uri() + " of set " + destination.set()
                            + " (expected: another address than that of our socket " + own.name() + ")"));
        }
        checkTls(partition, destination);
    }

    private void checkTls(String partition, Destination destination) {
        ListenSockets sockets = settings.settings().sockets();
        boolean noSocket = destination.isOverTls()
                && !settings.isInvalid("sockets")
                && sockets.all().stream().noneMatch(socket -> socket.protocol() == Protocol.TLS);
        if (noSocket) {
            findings.add(CheckFinding.warning(
                    "partition " + partition,
                    0,
                    "destination: " + destination.uri() + " of set " + destination.set()
                            + " (expected: a TLS socket in sockets, to send from)"));
        }
        String unknown = UnknownTlsDomain.problem(
                destination, settings.settings().traffic().tls().clients().keySet());
        if (unknown != null) {
            findings.add(CheckFinding.error("partition " + partition, 0, unknown));
        }
    }

    private void addRow(String partition, boolean isError, String text) {
        Path file = settings.settings().partitions().file(partition);
        Matcher line = LINE.matcher(text);
        findings.add(
                file != null && line.matches()
                        ? new CheckFinding(file.toString(), Integer.parseInt(line.group(2)), isError, line.group(3))
                        : new CheckFinding("partition " + partition, 0, isError, text));
    }

    private void checkProbingList() {
        String key = "probing.ds_probing_list";
        if (!complete.containsAll(settings.settings().partitions().names()) || settings.isInvalid(key)) {
            return;
        }
        settings.settings()
                .probing()
                .unknownSets(known)
                .forEach(set -> findings.add(
                        settings.at(key, false, key + ": " + set + " (expected: a set with destinations)")));
    }

    private void checkRules() {
        for (Rule rule : settings.settings().routing().rules().all()) {
            rule.namedSets().forEach((key, sets) -> checkSets(rule.path() + "." + key, sets));
        }
        settings.settings().routing().blacklists().values().forEach(one -> checkSets(one.path(), one.sets()));
    }

    private void checkLimits() {
        LimitWarnings limits = new LimitWarnings(destinations);
        if (!settings.isInvalid("rules")
                && complete.containsAll(settings.settings().partitions().names())) {
            limits.ofRules(settings.settings().routing().rules().all())
                    .forEach(one -> findings.add(settings.at(one.key(), false, one.getMessage())));
        }
        if (!settings.isInvalid("limits")) {
            limits.ofSources(settings.settings().limits(), complete::contains)
                    .forEach(one -> findings.add(settings.at(one.key(), false, one.getMessage())));
        }
    }

    private void checkSets(String path, List<SetId> sets) {
        if (settings.isInvalid(path)) {
            return;
        }
        sets.stream()
                .filter(set -> complete.contains(set.partition()) && !known.contains(set))
                .forEach(set -> findings.add(
                        settings.at(path, false, path + ": " + set + " (expected: a set with destinations)")));
    }
}
